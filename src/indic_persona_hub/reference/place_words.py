"""Small words by which `places` tells where the persona is; written for that module."""

from __future__ import annotations

from typing import Final


def _set(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


#: Prepositions that place the person; `on` only before a coast, a plateau and the like.
INSIDE: Final = _set("in at within across throughout inside on")
NEARBY: Final = _set("near outside around")
FROM: Final = _set("from")
PREPOSITIONS: Final = INSIDE | NEARBY | FROM
#: Prepositions that tie a place to somebody or something else.
ELSEWHERE: Final = _set("to for about with against toward towards between than like via into over")

#: Words that lead away from the person between verb and place: "ships boxes to shops in Delhi".
LEADS_AWAY: Final = _set("to about against than like who")
#: Employers that may stand between a place and a title.
EMPLOYERS: Final = _set("government state municipal")

#: Nouns of place that may stand before "of" ("the lanes of Patna") or beside a name.
NOUNS: Final = _set(
    "village villages hamlet town city district districts state province region regions belt area",
    "areas block tehsil taluk taluka mandal subdivision division zone part parts corner lanes",
    "lane streets street bylanes alleys alley hills hill coast banks bank plains plateau",
    "valley valleys delta backwaters forests forest foothills highlands outback interior",
    "interiors heart suburb suburbs neighbourhood neighborhood locality ward colony slum",
    "slums market markets bazaar bazaars fields farms islands island mountains mountain ghats",
    "desert capital port side panchayat countryside north south east west northeast northwest",
    "southeast southwest resident native inhabitant district's country border tracts shores",
    "shore chawls chawl mohalla",
)
#: "on the edge of Guwahati" is near it.
EDGES: Final = _set("edge edges outskirts fringe fringes margins periphery")
ON_NOUNS: Final = _set("coast coastline plateau plains island islands border banks delta highway")
#: Words with a capital that may stand right before or after a name without making another name.
BESIDE: Final = NOUNS | _set(
    "eastern western northern southern central upper lower old new greater rural urban",
    "coastal remote interior downtown inner outer district city town village state in the",
    "india indian cantonment taluka metropolitan north-east sadar dehat",
)
#: Words that the way back from a name to its preposition may step over.
SKIPS: Final = (
    BESIDE
    | EDGES
    | _set(
        "a an small tiny big large little busy crowded dry hilly tribal flood drought prone hit",
        "fishing farming industrial nearby dusty quiet bustling sleepy narrow ancient historic",
        "poor far flung walled and holy main textile mining weaving temple hot cold high altitude",
        "green rain riverine fed arid semi lush border snowbound river bank side mountain hill",
        "forest coal steel pilgrim",
    )
)
#: What a name before it makes a topic, a product or a body of: "in Bihar politics".
TOPICS: Final = _set(
    "politics cuisine literature history music art arts culture cinema elections election",
    "food cricket film films folklore style-inspired dialect language poetry economy assembly",
    "style theatre tourism rebellion movement movements diaspora team shawl silk tea saree",
    "sarees sari dishes recipes curry biryani textiles painting paintings embroidery pottery",
    "dance temples",
)
#: Those who live elsewhere than where they come from.
MOVED: Final = _set("migrant migrants refugee immigrant migrated moved shifted relocated settler")
MOVES: Final = _set("moved migrated shifted relocated came come")
#: Those who are where they do not live.
VISITS: Final = _set("tourist visitor pilgrim traveller traveler backpacker")
HAILS: Final = _set("hails comes is hailing coming native")
SELLS: Final = _set("seller trader vendor exporter merchant importer dealer wholesaler")

#: Places outside India: who lives there lives in no state.
ABROAD: Final = frozenset(
    """
    Dubai|Gulf|Saudi Arabia|Qatar|Doha|Kuwait|Oman|Muscat|Bahrain|Abu Dhabi|Sharjah|UAE|London|UK
    England|Britain|United Kingdom|USA|US|United States|America|Canada|Toronto|Vancouver|Australia
    Melbourne|Sydney|Nepal|Kathmandu|Singapore|Malaysia|Germany|New York|New Jersey|California
    Bangladesh|Dhaka|Pakistan|Lahore|Karachi|Sri Lanka|Colombo|Bhutan|Myanmar|Europe|France|Japan
    Chicago|Texas|Silicon Valley|Boston|Houston|Ireland|New Zealand|South Africa|Kenya|Mauritius
    Alabama|Alaska|Arizona|Arkansas|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho
    Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maryland|Massachusetts|Michigan|Minnesota
    Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Mexico|North Carolina
    North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota
    Tennessee|Utah|Vermont|Virginia|West Virginia|Wisconsin|Wyoming|Ontario|British Columbia
    Sindh|Balochistan|Khyber Pakhtunkhwa|Islamabad|Rawalpindi|Peshawar|Multan|Faisalabad
    Chittagong|Khulna|Sylhet|Scotland|Wales|Russia|China|Thailand|Indonesia
    """.replace("\n", "|")
    .replace("  ", "")
    .strip("|")
    .split("|")
)

HINDI_INSIDE: Final = _set("में स्थित निवासी वासी पर")
HINDI_OF: Final = _set("के की का")
HINDI_FROM: Final = _set("से")
HINDI_ALL: Final = HINDI_INSIDE | HINDI_OF | HINDI_FROM
HINDI_NEARBY: Final = _set("पास")
HINDI_NOUNS: Final = _set(
    "जिले जिला राज्य शहर प्रदेश गांव गांवों कस्बे इलाके क्षेत्र प्रखंड तहसील मंडी बस्ती जनपद",
    "मोहल्ले ग्रामीण एक",
)
#: After "of" these place the person too: "पटना की रहने वाली", "गया के एक गाँव".
HINDI_AFTER_OF: Final = HINDI_NOUNS | _set("रहने निवासी छोटे दूरदराज सरकारी किसी पास झुग्गी चाल")
HINDI_LOCATING: Final = _set(
    "रहती रहता रहते रहने काम चलाती चलाता पढाती पढाता पढता पढती बेचती बेचता करती करता करने",
    "बनाती बनाता खेती करते चलाते पढाते बेचते बनाते उगाते उगाता उगाती सिखाते सिखाता सिखाती",
    "सिलती सिलता बुनती बुनता रहकर बीनती बीनता तराशता तराशती गाती गाता पालता पालती पकाती पकाता",
    "बजाता बजाती लिखती लिखता चराता चराती पीसती जोतता मरम्मत सेवा",
)

#: What may follow a bare name that says where somebody lives, in the scripts whose first sentence
#: alone is read: postpositions, "state", "district".
AFTER_NAMES: Final = _set(
    "ਦਾ ਦੇ ਦੀ ਵਿੱਚ ਵਿਚ ਰਾਜ ਸੂਬੇ کا کی کے میں جو جي को मा राज्यातील राज्यात राज्य",
    "রাজ্যের রাজ্যে ৰাজ্যৰ ৰাজ্যত জেলার জেলায় மாநிலம் மாநிலத்தில் மாநிலத்தின் மாநிலத்தைச்",
    "రాష్ట్రం రాష్ట్రంలో రాష్ట్రంలోని రాష్ట్రానికి ರಾಜ್ಯದ ರಾಜ್ಯದಲ್ಲಿ സംസ്ഥാനത്തെ സംസ്ഥാനത്ത്",
    "રાજ્યના રાજ્યમાં રાજ્યની ରାଜ୍ୟର ରାଜ୍ୟରେ",
)
#: Case endings of "from": who comes from a place need not live there.
FROM_ENDINGS: Final = (
    "થી", "માંથી", "ದಿಂದ", "నుండి", "నుంచి", "ிலிருந்து", "ରୁ",
)  # fmt: skip
