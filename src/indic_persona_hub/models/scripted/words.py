"""Words of the scripted model: all written for this project, none taken from a text."""

from __future__ import annotations

from typing import Final, NamedTuple


class Role(NamedTuple):
    """What somebody does, the field it belongs to, and between which ages."""

    name: str
    field: str
    youngest: int
    oldest: int


ROLES: Final = tuple(
    Role(name, field, youngest, oldest)
    for name, field, youngest, oldest in (
        ("anganwadi child", "early childhood", 3, 5),
        ("primary school pupil", "school life", 6, 10),
        ("pupil of a one-teacher school", "school life", 6, 11),
        ("middle school pupil", "school life", 11, 13),
        ("high school student", "school life", 14, 17),
        ("school kho-kho player", "school sport", 9, 16),
        ("child learning the dholak", "folk music", 7, 14),
        ("hostel pupil", "school life", 10, 17),
        ("chess player in a school team", "chess", 8, 17),
        ("scout-troop pupil", "scouting", 11, 16),
        ("polytechnic student", "technical education", 17, 22),
        ("nursing student", "nursing education", 18, 23),
        ("first-year law student", "legal education", 18, 21),
        ("open-university learner", "distance education", 19, 70),
        ("bidi roller", "bidi rolling", 19, 72),
        ("handloom weaver", "hand weaving", 19, 78),
        ("zari embroiderer", "embroidery", 19, 70),
        ("potter", "pottery", 20, 80),
        ("cane basket maker", "basket weaving", 19, 80),
        ("brass polisher", "metal craft", 20, 66),
        ("lac bangle maker", "bangle making", 20, 68),
        ("sharecropper", "paddy farming", 20, 72),
        ("millet grower", "millet farming", 20, 78),
        ("areca nut climber", "plantation work", 20, 50),
        ("tea plucker", "tea plantation", 19, 60),
        ("salt-pan worker", "salt making", 20, 62),
        ("cashew sheller", "cashew processing", 20, 66),
        ("inland fisher", "inland fishing", 19, 72),
        ("dried-fish seller", "fish trade", 22, 74),
        ("goat rearer", "goat rearing", 18, 80),
        ("dairy cooperative tester", "dairying", 21, 60),
        ("beekeeper", "beekeeping", 21, 72),
        ("sericulture worker", "silk rearing", 20, 65),
        ("tendu leaf gatherer", "forest produce", 19, 74),
        ("brick-kiln worker", "brick making", 19, 55),
        ("mason's assistant", "construction", 18, 55),
        ("solar pump mechanic", "solar maintenance", 20, 58),
        ("borewell driller", "well drilling", 20, 58),
        ("domestic worker", "domestic work", 19, 66),
        ("night attendant", "elder care", 20, 60),
        ("crèche helper", "child care", 20, 62),
        ("midday meal cook", "school meals", 22, 64),
        ("ASHA worker", "community health", 25, 58),
        ("auxiliary nurse-midwife", "maternal health", 23, 60),
        ("ward attendant at a district hospital", "hospital work", 20, 58),
        ("physiotherapy assistant", "rehabilitation", 21, 58),
        ("sanitation worker", "sanitation", 20, 58),
        ("waste sorter", "recycling", 19, 68),
        ("e-rickshaw driver", "local transport", 20, 64),
        ("long-haul lorry driver", "road freight", 23, 60),
        ("railway track maintainer", "railways", 21, 59),
        ("ferry hand", "river transport", 19, 64),
        ("parcel delivery rider", "last-mile delivery", 20, 45),
        ("vegetable vendor", "street vending", 20, 74),
        ("tea-stall keeper", "tea vending", 20, 76),
        ("kirana shopkeeper", "retail", 22, 74),
        ("mobile phone repairer", "phone repair", 19, 48),
        ("tailor", "tailoring", 20, 74),
        ("village mail carrier", "postal service", 20, 60),
        ("common service centre operator", "digital services", 20, 52),
        ("panchayat secretary", "local government", 24, 60),
        ("government school teacher", "school teaching", 23, 60),
        ("private tuition teacher", "tuition", 21, 70),
        ("librarian of a reading room", "libraries", 24, 66),
        ("stenographer", "office work", 22, 60),
        ("call-centre agent", "customer support", 20, 40),
        ("software tester", "software testing", 22, 52),
        ("agricultural scientist", "crop research", 27, 62),
        ("folk theatre singer", "folk theatre", 20, 76),
        ("temple drummer", "ritual music", 18, 76),
        ("community radio announcer", "community radio", 20, 60),
        ("sign-language interpreter", "interpretation", 22, 60),
        ("wedding caterer", "catering", 24, 66),
        ("retired stationmaster", "railways", 61, 88),
        ("retired primary teacher", "school teaching", 60, 88),
        ("keeper of heirloom seeds", "seed saving", 55, 88),
        ("traditional midwife", "maternal health", 50, 84),
        ("pensioner", "retirement", 60, 95),
    )
)

#: (town or district, state or union territory)
PLACES: Final = (
    ("Anantapur", "Andhra Pradesh"), ("Guntur", "Andhra Pradesh"), ("Ziro", "Arunachal Pradesh"),
    ("Barpeta", "Assam"), ("Silchar", "Assam"), ("Darbhanga", "Bihar"), ("Gaya", "Bihar"),
    ("Purnia", "Bihar"), ("Manimajra", "Chandigarh"), ("Bastar", "Chhattisgarh"),
    ("Raigarh", "Chhattisgarh"), ("Silvassa", "Dadra and Nagar Haveli and Daman and Diu"),
    ("Najafgarh", "Delhi"), ("Margao", "Goa"), ("Bhuj", "Gujarat"), ("Surendranagar", "Gujarat"),
    ("Dahod", "Gujarat"), ("Rohtak", "Haryana"), ("Nuh", "Haryana"), ("Kullu", "Himachal Pradesh"),
    ("Sirmaur", "Himachal Pradesh"), ("Anantnag", "Jammu and Kashmir"), ("Dumka", "Jharkhand"),
    ("Palamu", "Jharkhand"), ("Dharwad", "Karnataka"), ("Kolar", "Karnataka"),
    ("Bidar", "Karnataka"), ("Alappuzha", "Kerala"), ("Wayanad", "Kerala"), ("Kargil", "Ladakh"),
    ("Kavaratti", "Lakshadweep"), ("Mandla", "Madhya Pradesh"), ("Ujjain", "Madhya Pradesh"),
    ("Bhind", "Madhya Pradesh"), ("Nanded", "Maharashtra"), ("Ratnagiri", "Maharashtra"),
    ("Malegaon", "Maharashtra"), ("Churachandpur", "Manipur"), ("Tura", "Meghalaya"),
    ("Lunglei", "Mizoram"), ("Mokokchung", "Nagaland"), ("Koraput", "Odisha"),
    ("Kendrapara", "Odisha"), ("Karaikal", "Puducherry"), ("Sangrur", "Punjab"),
    ("Gurdaspur", "Punjab"), ("Barmer", "Rajasthan"), ("Dungarpur", "Rajasthan"),
    ("Bharatpur", "Rajasthan"), ("Namchi", "Sikkim"), ("Sivaganga", "Tamil Nadu"),
    ("Nagapattinam", "Tamil Nadu"), ("Erode", "Tamil Nadu"), ("Adilabad", "Telangana"),
    ("Warangal", "Telangana"), ("Udaipur", "Tripura"), ("Bahraich", "Uttar Pradesh"),
    ("Mirzapur", "Uttar Pradesh"), ("Moradabad", "Uttar Pradesh"), ("Almora", "Uttarakhand"),
    ("Murshidabad", "West Bengal"), ("Purulia", "West Bengal"), ("Canning", "West Bengal"),
    ("Port Blair", "Andaman and Nicobar Islands"),
)  # fmt: skip

WHERE: Final = (
    "in {place}, {state},",
    "from a village near {place} in {state}",
    "on the edge of {place} in {state}",
    "in a lane behind the {place} bus stand in {state}",
)

#: (she, her) and (he, his): what fills {he} and {his}.
PRONOUNS: Final = (("she", "her"), ("he", "his"))

#: What a grown person does beside the role; {his} is filled in.
HABITS: Final = (
    "writes every rupee of the day in an old school notebook",
    "starts before dawn so that the afternoon stays free for two toddlers",
    "keeps a steel trunk of receipts that nobody else in the family can read",
    "learns typing on a borrowed phone after the household is asleep",
    "sends half of each month's earnings to a mother in the native village",
    "sings old harvest songs while working to keep the others awake",
    "shares one bicycle with a brother and plans each day around it",
    "reads the newspaper aloud to neighbours who never went to school",
    "fasts on Mondays and cooks for eleven people all the same",
    "grows curry leaves and brinjal in paint tins on the roof",
    "has repaired the same transistor radio nine times with copper wire",
    "walks four kilometres for a tap whose water does not stain the rice",
    "teaches the children of the lane their tables under a street lamp",
    "carries {his} father's measuring stick and trusts no other",
    "speaks three languages at work and a fourth one only with grandmother",
    "draws rangoli patterns at the doorstep and photographs each one",
    "saves ten rupees a day in a clay pot for a sewing machine",
    "plays carrom on Sundays and has never lost to the schoolmaster",
    "knows every bus conductor on the route by first name",
    "hides a novel under the counter and reads between customers",
    "takes {his} deaf sister along so that she learns the trade",
    "records the rainfall each morning with a marked glass bottle",
    "cooks on a mud stove that {he} rebuilds after every monsoon",
    "settles quarrels about water turns because both sides accept {his} word",
    "mends fishing nets for others during the closed season",
    "wears {his} mother's silver anklet tied around the wrist for luck",
    "keeps bees in two log hives behind the cattle shed",
    "goes to the block office every Thursday with the same green file",
    "writes letters and petitions for people who cannot write",
    "bakes flat millet bread for the labourers who leave at five",
    "has planted jackfruit along the path where {his} children walk to school",
    "leads the women's savings group through its accounts each full moon",
    "practises English sentences with a nephew over long phone calls",
    "brings home spoiled notebooks and binds their clean pages into new ones",
    "minds a neighbour's bedridden father between two shifts",
    "ties a red thread around every tool that has drawn blood",
    "sketches birds on the backs of old electricity bills",
    "rents a mobile speaker to weddings to earn a little beside the work",
)

#: What a grown person wants or fears.
WISHES: Final = (
    "worries that the borewell will run dry before the mangoes ripen",
    "wants the eldest girl to become a pharmacist",
    "fears the new road will cut through the family's half acre",
    "hopes to clear the moneylender's debt before the next sowing",
    "wishes the dispensary kept its doors open after noon",
    "dreads the week in which school fees and rent fall due together",
    "is saving for a pair of spectacles with proper lenses",
    "wants to see the sea once before turning old",
    "resents that wages come nine days late every month",
    "longs to buy back the buffalo that was sold in the drought",
    "is determined to pass the matriculation examination this year",
    "refuses to sell the ancestral well to the contractor",
    "hopes the younger boy's stammer fades before his interview",
    "misses the joint family that scattered after the flood",
    "wants a separate ration card without a third bribe",
    "fears that plastic goods will finish the trade within ten years",
    "dreams of a tin roof that does not leak over the cradle",
    "looks forward to the winter fair more than to any festival at home",
    "wants {his} own name and not a cousin's on the land paper",
    "is proud that no child of the lane has dropped out since last summer",
    "worries about a knee that swells after every double shift",
    "plans to open a small eating place beside the depot",
    "hopes the night bus starts again so that visits home cost one day less",
    "is tired of being called only when something breaks",
    "wants the old songs recorded before the last elder forgets them",
    "fears the fingerprint machine that rejects worn thumbs",
    "intends to teach two apprentices without asking for a fee",
    "is anxious about a son on a building site in the Gulf",
    "wants cleaner drinking water for the hamlet above everything else",
    "hopes for one full night's sleep when the harvest is in",
    "has promised a late father to keep the courtyard neem standing",
    "wants the hand pump by the school mended before the exams",
)

CHILD_HABITS: Final = (
    "feeds two stray puppies with the crust of the morning roti",
    "walks to class along the canal with a torch and three cousins",
    "draws maps of the neighbourhood on the backs of calendars",
    "helps at the family stall on Sundays and does sums with the change",
    "keeps beetles in a matchbox and gives each one a title",
    "reads under the neighbour's porch lamp when the power goes",
    "knows forty riddles from grandmother and trades them for marbles",
    "collects bus tickets and sorts them by the last two digits",
    "translates hospital slips for an aunt who speaks another language",
    "waters the school's drumstick tree and measures it every Friday",
    "practises high jumps over a rope of old saris",
    "writes stories in pencil so that the notebook can be used again",
    "folds paper boats from last year's question papers",
    "carries a baby brother on the hip during the evening prayer",
)

CHILD_WISHES: Final = (
    "wants to become the first train driver of the family",
    "fears the crossing where lorries never slow down",
    "hopes that the kind science teacher is not transferred",
    "wishes for a bicycle with a bell and a carrier",
    "is afraid of the dark stairwell but never admits it",
    "dreams of bowling for the state under lights",
    "misses a father who comes home only for the harvest festival",
    "wants spectacles that do not slide down during games",
    "hopes the library trunk brings a book about volcanoes",
    "worries that the family will move again before the annual day",
    "is proud of a silver star for neat handwriting",
    "wants to learn swimming before the ponds fill",
)

#: How a word of the passage comes in.
WEAVES: Final = (
    "has firm opinions about {noun}",
    "asks every visitor about {noun}",
    "argues about {noun} at the tea stall",
    "collects news of {noun}",
    "once lost a month's savings over {noun}",
    "explains {noun} to anyone who sits down",
    "trusts an elder's advice on {noun}",
    "keeps a page of notes on {noun}",
)

BODIES: Final = (
    "The district cooperative society of {place} provides loans to members in {state}.",
    "The block development office near {place} offers certificates and forms to all residents.",
    "A welfare board in {place} supports families across {state} with grants and workshops.",
)

HEDGED: Final = (
    "{opening} {role} {where} is likely to be interested in {noun} and may also read more.",
    "{opening} {role} {where} would probably enjoy {noun} and might tell others about it.",
)

REFUSALS: Final = (
    "I'm sorry, but I cannot help with that.",
    "As an AI language model, I cannot describe a person.",
    "क्षमा करें, मैं इसमें सहायता नहीं कर सकता।",
)
