"""Script and language: said where there is evidence, `und` where there is not."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.ingest.language import SCHEDULED, Identity, identify, to_iso639_3

SHARED = Path(__file__).parents[2] / "shared" / "data"

# Sentences written for this test, one for each way that a language is told.
SAID = {
    ("asm", "Beng"): "কালি ৰাতি বানপানী আহিছিল, সেয়ে আমাৰ গাঁৱৰ মানুহবোৰ স্কুলত আছে।",
    ("ben", "Beng"): "কাল রাতে জল বেড়েছে, তাই গ্রামের সবাই এখন স্কুলে আছে এবং রান্না সেখানেই হচ্ছে।",
    ("brx", "Deva"): "बियो गावनि गामियाव थायो आरो फरायसालिनि थाखाय गोदान बिजाब लाबोदों।",
    ("doi", "Deva"): "साढ़े ग्रां च इक स्कूल ऐ ते बच्चे उत्थै पढ़दे न, मास्टर बी नेड़ै गै रौंह्दा ऐ।",
    ("guj", "Gujr"): "ગઈ કાલે મંડળીમાં દૂધનો ભાવ વધ્યો એટલે બહેનો ખુશ છે.",
    ("hin", "Deva"): "आशा दीदी ने बुधवार को गाँव में टीके का पर्चा बाँटा और माताओं से आने को कहा।",
    ("kan", "Knda"): "ನಿನ್ನೆ ಕೆರೆಗೆ ನೀರು ಬಂದಿದ್ದರಿಂದ ರೈತರು ನಾಟಿ ಶುರು ಮಾಡಿದ್ದಾರೆ.",
    ("kas", "Arab"): "أسؠ چھِ گامس منٛز روزان تہٕ یہِ چھُ سون گَرٕ۔",
    ("kok", "Deva"): "आमच्या गांवांत काल पावस पडलो आनी नुस्तें हाडपी बायल बाजारांत गेली.",
    ("mai", "Deva"): "हमर गाम मे एकटा पोखरि अछि, जतय सभ लोक नहाइत छथि आ माछ सेहो होइत अछि।",
    ("mal", "Mlym"): "ഇന്നലെ രാത്രി കടലിൽ പോയ വള്ളങ്ങൾ മടങ്ങിയെത്തി.",
    ("mar", "Deva"): "काल बाजार समितीत कांद्याचे भाव पडले आणि शेतकऱ्यांनी लिलाव बंद केला आहे.",
    ("mni", "Mtei"): "ꯑꯩꯒꯤ ꯏꯃꯥ ꯅꯨꯄꯤ ꯀꯩꯊꯦꯜꯗꯥ ꯐꯤ ꯌꯣꯟꯏ꯫",
    ("mni", "Beng"): "ঐগী ইমানা কৈথেলদা ফি য়োল্লি অমসুং মহাক্না অঙাংশিংগী লাইরিক পাবগী শেল পীরি।",
    ("npi", "Deva"): "हिजो राति पहिरो गएको थियो, त्यसैले सबै बस रोकिएका छन् र यात्रुहरू बाटोमै छन्।",
    ("ori", "Orya"): "କାଲି ମାଛ ଧରିବାକୁ ଯାଇଥିବା ଡଙ୍ଗା ଫେରିଛି।",
    ("pan", "Guru"): "ਕੱਲ੍ਹ ਮੰਡੀ ਵਿੱਚ ਝੋਨੇ ਦੀ ਬੋਲੀ ਨਹੀਂ ਲੱਗੀ।",
    ("san", "Deva"): "ह्यः ग्रामे उत्सवः आसीत्, तत्र सर्वे बालकाः गीतानि अगायन् इति माता उक्तवती।",
    ("sat", "Olck"): "ᱟᱞᱮ ᱟᱛᱩ ᱨᱮ ᱥᱚᱦᱨᱟᱭ ᱯᱚᱨᱚᱵ ᱦᱩᱭᱩᱜ ᱠᱟᱱᱟ᱾",
    ("snd", "Arab"): "ڪالهه مارڪيٽ ۾ ڀاڄين جا اگهه وڌي ويا ۽ ماڻهو خالي هٿ موٽيا.",
    ("snd", "Deva"): "मुंहिंजी माउ रोज़ बाज़ार वेंदी आहे ऐं असां लाइ भाजी खणी ईंदी आहे।",
    ("tam", "Taml"): "நேற்று சந்தையில் வெங்காய விலை குறைந்தது.",
    ("tel", "Telu"): "నిన్న మగ్గం పని ఆగిపోయింది, నూలు రాలేదు.",
    ("urd", "Arab"): "کل رات محلے میں بجلی نہیں تھی اس لیے بچوں نے چھت پر پڑھائی کی۔",
    ("eng", "Latn"): "The bus to the district hospital leaves at six, and a nurse is on it.",
}  # fmt: skip


@pytest.mark.parametrize(("language", "script"), SAID)
def test_each_language_in_its_scripts(language: str, script: str) -> None:
    assert identify(SAID[language, script]) == Identity(language, script, False)


def test_all_scheduled_languages_stand_in_the_test() -> None:
    assert len(SCHEDULED) == 22
    assert {language for language, _ in SAID} == {*SCHEDULED, "eng"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Yaar kal raat bijli nahi thi, phone charge hi nahi hua", id="Hindi"),
        pytest.param("Naan nethu vara mudiyala, romba mazhai, nee enga irukka", id="Tamil"),
        pytest.param("Nenu repu vastanu, meeru ekkada unnaru cheppandi", id="Telugu"),
        pytest.param("Ami aaj jabo na, tumi kothay achho? khub bhalo hobe", id="Bengali"),
        pytest.param("Mala udya sutti nahi, tyala sang ki mi yenar ahe", id="Marathi"),
        pytest.param("Assi kal pind jana si te tusi dasso ki karna", id="Punjabi"),
        pytest.param("Njan innu varilla, ningal evide poyi ennu paranju", id="Malayalam"),
        pytest.param(
            "The exam was okay yaar but paper bahut lamba tha, time hi nahi mila mujhe", id="mixed"
        ),
    ],
)
def test_indian_languages_in_latin_script_are_called_romanised(text: str) -> None:
    assert identify(text) == Identity("und", "Latn", True)


@pytest.mark.parametrize(
    "text",
    [
        "Shri Ramesh Kumar Yadav, Smt Lakshmi Devi, Abdul Rahim",
        "No se de donde sacaste tal cosa, pero no es así",
        "तू कइसन बाड़ू? हमार गाँव में बहुत लोग खेती करेला, ऊ लोग रहेला इहाँ बा।",
        "चौपाई दोहा",
        "این کتاب را برای دوستم خریدم که در تهران است",
        "これは本です",
        "Привет, как дела?",
    ],
)
def test_weak_evidence_and_other_languages_are_not_guessed(text: str) -> None:
    assert identify(text)[::2] == ("und", False)


def test_english_that_names_indian_things_is_english() -> None:
    text = "She sells puri and sabzi near the mandi and sends her son to a school in Bhopal."
    assert identify(text) == Identity("eng", "Latn", False)


def test_a_page_with_many_latin_names_keeps_its_script() -> None:
    assert (
        identify("Maruti Suzuki Swift आणि Hyundai i20 या गाड्यांची विक्री वाढली आहे").script == "Deva"
    )


def test_no_letters() -> None:
    assert identify("12,450 ॥ 99%") == Identity("und", "Zyyy", False)


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    language, script, romanised = identify(text)
    assert language in {*SCHEDULED, "eng", "und"}
    assert len(script) == 4
    assert not romanised or (language, script) == ("und", "Latn")


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("hi", "hin"),
        ("Hindi", "hin"),
        (" HIN ", "hin"),
        ("hi-IN", "hin"),
        ("hi_Latn", "hin"),
        ("or", "ori"),
        ("Odia", "ori"),
        ("ne", "npi"),
        ("nep", "npi"),
        ("gom", "kok"),
        ("Bodo", "brx"),
        ("தமிழ்", "tam"),
        ("bho", "bho"),
        ("en", "eng"),
        ("fr", None),
        ("klingon", None),
        ("", None),
    ],
)
def test_codes_and_names(stated: str, code: str | None) -> None:
    assert to_iso639_3(stated) == code


def test_every_code_is_its_own_code() -> None:
    assert all(to_iso639_3(code) == code for code in (*SCHEDULED, "eng"))


@pytest.mark.parametrize(
    ("folder", "least"), [("storyweaver_pratham", 0.99), ("indicquest_qa", 0.95)]
)
def test_accuracy_on_real_texts(folder: str, least: float) -> None:
    path = SHARED / folder / "dev.parquet"
    if not path.exists():
        pytest.skip("../shared is not here")
    rows = pq.read_table(path, columns=["text", "lang"]).to_pylist()[:1_000]
    right = sum(identify(row["text"]).language == to_iso639_3(row["lang"]) for row in rows)
    assert right / len(rows) >= least
