"""Words that tell a person's name from the name of something else; written for this detector."""

from __future__ import annotations

from typing import Final


def _set(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


HONORIFICS: Final = (
    "Mr", "Mrs", "Ms", "Smt", "Shri", "Shrimati", "Shree", "Sri", "Dr", "Prof", "Kumari",
    "Justice", "Adv", "Capt", "Maj", "Col", "Miss", "Thiru", "Tmt", "Lt", "Gen", "Brig", "Er",
    "Hon", "Janab", "Maulana", "Mufti", "Ustad", "Shriman",
)  # fmt: skip

#: What stands right before the name of somebody who is publicly known.
ROLES_BEFORE: Final = (
    "actor", "actress", "singer", "politician", "leader", "minister", "cricketer", "director",
    "writer", "poet", "professor", "officer", "activist", "journalist", "saint", "MLA", "MP",
    "MLC", "candidate", "parliamentarian", "legislator", "lawmaker", "Parliament", "mayor",
    "councillor", "sarpanch", "president", "secretary", "chairman", "chairperson", "spokesperson",
    "nominee", "worker", "Minister", "President", "Leader",
)  # fmt: skip
#: What follows such a name.
ROLES_AFTER: Final = (
    "MP", "MLA", "MLC", "minister", "politician", "candidate", "parliamentarian", "legislator",
    "lawmaker", "nominee", "actor", "actress", "cricketer", "singer", "Member of Parliament",
    "member of parliament", "member of the Lok Sabha", "member of the Rajya Sabha", "mayor",
    "party leader", "Congress leader",
)  # fmt: skip

KIN: Final = (
    "son", "daughter", "wife", "husband", "mother", "father", "sister", "brother", "aunt",
    "uncle", "neighbour", "friend", "widow",
)  # fmt: skip

#: Parties as texts write them, short and long: the same party stands in one line.
PARTIES: Final = (
    ("BJP", "Bharatiya Janata Party"),
    ("INC", "Indian National Congress", "Congress", "Congress party"),
    ("BSP", "Bahujan Samaj Party"),
    ("SP", "Samajwadi Party"),
    ("AAP", "Aam Aadmi Party"),
    ("CPI", "Communist Party of India"),
    ("CPM", "CPI(M)", "Communist Party of India (Marxist)"),
    ("CPI(ML)(L)", "CPI(ML)L", "CPI(ML) Liberation"),
    ("AITC", "TMC", "All India Trinamool Congress", "Trinamool Congress", "Trinamool"),
    ("NCP", "Nationalist Congress Party"),
    ("SHS", "Shiv Sena"),
    ("MNS", "Maharashtra Navnirman Sena"),
    ("JD(U)", "JDU", "Janata Dal (United)"),
    ("JD(S)", "JDS", "Janata Dal (Secular)"),
    ("RJD", "Rashtriya Janata Dal"),
    ("BJD", "Biju Janata Dal"),
    ("RLD", "Rashtriya Lok Dal"),
    ("INLD", "Indian National Lok Dal"),
    ("LJP", "LJSP", "Lok Jan Shakti Party", "Lok Janshakti Party"),
    ("DMK", "Dravida Munnetra Kazhagam"),
    ("AIADMK", "ADMK", "All India Anna Dravida Munnetra Kazhagam"),
    ("DMDK", "Desiya Murpokku Dravida Kazhagam"),
    ("MDMK", "Marumalarchi Dravida Munnetra Kazhagam"),
    ("PMK", "Pattali Makkal Katchi"),
    ("TDP", "Telugu Desam", "Telugu Desam Party"),
    ("TRS", "BRS", "Telangana Rashtra Samithi", "Bharat Rashtra Samithi"),
    ("YSRCP", "YSR Congress", "Yuvajana Sramika Rythu Congress Party"),
    ("AIMIM", "All India Majlis-E-Ittehadul Muslimeen"),
    ("IUML", "MUL", "Indian Union Muslim League", "Muslim League"),
    ("AIUDF", "AUDF", "All India United Democratic Front"),
    ("AGP", "Asom Gana Parishad"),
    ("JMM", "Jharkhand Mukti Morcha"),
    ("SAD", "Shiromani Akali Dal", "Akali Dal"),
    ("NC", "JKNC", "National Conference", "Jammu and Kashmir National Conference"),
    ("PDP", "JKPDP", "Peoples Democratic Party"),
    ("RPI", "RPI(A)", "Republican Party of India"),
    ("RSP", "Revolutionary Socialist Party"),
    ("AIFB", "Forward Bloc", "All India Forward Bloc"),
    ("SUCI", "SUCI(C)", "SUCI(Communist)"),
    ("IND", "Independent", "independent"),
)  # fmt: skip

#: Capitalised words that are no part of a name that follows or goes before.
NO_NAMES: Final = _set(
    "A An The This That These Those He She They It His Her Their Its We Our You Your I My One",
    "Two Three Every Each Some Many Most All Both Who What When Where While Why How If In On At",
    "By To From For With Of And Or But As After Before During Since Until Though Although",
    "Because So Not No Yes Is Was Are Were Has Have Had Do Does Did Will Would Can Could May",
    "Might Must Should Former Ex Late Senior Junior Deputy Chief Prime Vice Joint Additional",
    "Assistant Acting Interim Union State Central Cabinet Home Finance Health Education Defence",
    "Railway Railways Agriculture External Affairs Foreign Law Labour Commerce Power Water",
    "Rural Urban Development Welfare Tribal Minister Ministers President Governor Speaker",
    "Chairman Chairperson Chairwoman Director Manager Secretary Officer Collector Commissioner",
    "Inspector Superintendent Engineer Doctor Professor Teacher Principal Judge Justice",
    "Advocate Captain Major Colonel General Senator Mayor Sarpanch Councillor Pradhan Mukhiya",
    "MP MPs MLA MLAs MLC PM CM Member Leader Candidate Opposition Parliament Assembly",
    "Legislative Council Lok Rajya Vidhan Sabha Parishad House Senate Indian India Bharat",
    "Bharatiya Hindustan Hindustani National International Regional Global World Asian African",
    "American British English Hindi Tamil Telugu Kannada Malayalam Bengali Marathi Gujarati",
    "Punjabi Odia Assamese Urdu Sanskrit Konkani Manipuri Nepali Sindhi Santali Kashmiri",
    "Rajasthani Bihari Goan Keralite Marwari Himachali Garhwali Kumaoni Ladakhi Haryanvi",
    "Maithili Dogri Bhojpuri Hindu Muslim Christian Sikh Jain Buddhist Parsi Islamic Catholic",
    "Dalit Adivasi Brahmin Rajput OBC SC ST EWS BPL Scheduled Caste Castes Tribe Tribes",
    "Backward Class North South East West Northern Southern Eastern Western Upper Lower New Old",
    "Greater January February March April June July August September October November December",
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Diwali Holi Eid Christmas Ramadan",
    "Pongal Onam Government Ministry Department Board Corporation Company Limited Ltd Pvt Bank",
    "Court High Supreme University College School Institute Academy Hospital Centre Center",
    "Station Road Street Nagar Colony Market Temple Church Mosque Fort Palace Hall Stadium",
    "Airport Port River Lake Hill Hills Valley Ghats Sea Bay Ocean Island Islands Party",
    "Congress Dal Sena Samiti Morcha Sangh League Front Association Society Trust Foundation",
    "Committee Commission Mission Scheme Yojana Abhiyan Programme Program Project Act Bill",
    "Rules Award Prize Cup Trophy Games Olympics Football Cricket Hockey Kabaddi Premier Team",
    "Club City Town Village District Block Taluk Tehsil Panchayat Municipal Municipality Metro",
    "Division Zone Ward Area Region Province Republic Kingdom States Day Week Month Year Grade",
    "Standard Art Arts Science Sciences Studies Research Management Technology Engineering",
    "Medical Computer Digital Online Internet Facebook Google YouTube Instagram WhatsApp",
    "Twitter",
)

#: Words that open a sentence right before a name: they are cut off it.
OPENERS: Final = _set(
    "Call Contact Meet Dear Says Said Ask Asks Imagine Introducing Consider Picture Hello Hi Hey",
    "Thanks Thank Email Mail Phone Dial Text Message Write Visit See Follow Watch Hear Listen Read",
    "Tell Told Help Helps Please Note Like Unlike Named Called Regards Sincerely Respected",
    "Portrait Profile Persona Character Name About Signed Am Are Being Become Though Once Today",
    "Yesterday Tomorrow Later Recently Currently Now Then Here There Also Only Even Just Perhaps",
    "Maybe Remember Remembering Ever Given Born Raised Married Widowed Retired According Per Via",
    "Between Among Alongside Beside Near Under Over Against Within Without Through Upon",
    "Inspired Founded Led Run Owned Managed Played Written Directed Edited Sung Reported",
    "Asked Adds Added Notes Noted Explains Explained Recalls Recalled Tells Speaking Talking",
    "Namaste Namaskar Vanakkam Welcome Congratulations Happy Good Best Love Since Let Did Does",
    "Whenever Wherever Whose Whom Another Other Such Same Young Elderly Old Little Poor Rich",
)

#: With one of these in it, a run of capitalised words is the name of a body or a thing.
BODIES: Final = _set(
    "Party Congress Dal Sena Samiti Morcha Sangh League Front Union Association Society Trust",
    "Foundation Committee Commission Mission Scheme Yojana Abhiyan Programme Program Project",
    "Act Bill Government Ministry Department Board Corporation Company Limited Ltd Pvt Bank",
    "Court University College School Institute Academy Hospital Centre Center Station Railway",
    "Road Street Nagar Colony Market Temple Church Mosque Fort Palace Hall Stadium Airport",
    "River Lake Assembly Parliament Sabha Council House Team Club District Block Panchayat",
    "Group Industries Motors Times Express News Post Games Cup Trophy Award Sahitya Akademi",
    "Puja Mela Festival Samithi Kazhagam Parishad Mandir Math Ashram Gram Seva Kendra Vidyalaya",
    "Kisan Mahila Jan University's Services Solutions Systems Technologies Studio Studios Media",
    "Pictures Kings Indians Royals Riders Capitals Titans Sunrisers Challengers United FC",
)

#: Before "Devi", "Nath" and the like these make a deity or a shrine.
DEITIES: Final = _set(
    "Vaishno Naina Chamunda Jwala Renuka Mata Maa Kali Durga Kamakhya Sharada Satya Guru Lord",
    "Goddess Baba Sai Swami Sant Saint Bhagat Radha Sita Ganga Yamuna Satyanarayan",
)
