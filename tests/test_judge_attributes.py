"""Attributes: what a persona states is read with its words, what it does not state is null."""

from __future__ import annotations

import daft
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribute_codes import CODES
from indic_persona_hub import reference
from indic_persona_hub.judge.attributes import Attributes, attributes, by_rules
from indic_persona_hub.records import ATTRIBUTE_EVIDENCE, ATTRIBUTES, STATED


@pytest.mark.parametrize(
    ("text", "state", "district"),
    [
        ("A nurse in Gaya district, Bihar.", "IN-BR", "196"),
        ("A nurse in Bihar's Gaya district.", "IN-BR", "196"),
        ("A lawyer in Aurangabad.", None, None),
        ("A lawyer in Aurangabad, Bihar.", "IN-BR", "189"),
        ("A lawyer in Aurangabad, Maharashtra.", "IN-MH", "469"),
        ("A shopkeeper in Rampur, Bihar.", "IN-BR", None),
        ("A tailor from Orissa.", "IN-OD", None),
        ("A seamstress in Pondicherry.", "IN-PY", None),
        ("A photographer in UP.", "IN-UP", None),
        ("A cook who gets up at five.", None, None),
        ("A tutor who gives up early in the day.", None, None),
        ("A driver in Mumbai.", "IN-MH", None),
        ("A clerk near Delhi.", None, None),
        ("A fan of Kerala Blasters.", None, None),
        ("A student of Bihar politics.", None, None),
        ("A migrant worker from Bihar.", None, None),
        ("A pharmacist from Kerala in Dubai.", None, None),
        ("A teacher whose brother works in Surat.", None, None),
        ("A teacher who dreams of living in Goa.", None, None),
        ("A korea game player in mandi.", None, None),
        ("A farmer in Korea.", None, None),
        ("A tailor in Udaipur, Tripura.", "IN-TR", None),
        ("A tea seller on the edge of Guwahati.", "IN-AS", None),
        ("A poet who used to live in Goa.", None, None),
        ("A clerk at the Punjab National Bank.", None, None),
        ("A lawyer who works in Gaya and Kochi.", None, None),
        ("गया जिले की एक नर्स।", "IN-BR", "196"),
        ("एक लड़का जो बाज़ार गया और लौट आया।", None, None),
        ("મહેનતુ ખેડૂત, ગુજરાતમાં રહે છે.", "IN-GJ", None),
        ("ಕರ್ನಾಟಕದಲ್ಲಿ ವಾಸಿಸುವ ರೈತ.", "IN-KA", None),
        ("కేరళలోని ఒక నర్సు.", "IN-KL", None),
        ("ਪੰਜਾਬ ਦਾ ਕਿਸਾਨ।", "IN-PB", None),
        ("ଓଡ଼ିଶାର ଜଣେ ଚାଷୀ।", "IN-OD", None),
    ],
)
def test_places(text: str, state: str | None, district: str | None) -> None:
    found = by_rules(text)
    assert (found["state"].value if "state" in found else None) == state
    assert (found["district"].value if "district" in found else None) == district


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("A 34-year-old nurse.", "25-34"),
        ("A 12-year old boy.", "6-12"),
        ("A thirty-four-year-old nurse.", "25-34"),
        ("A nurse, aged 34.", "25-34"),
        ("Meena Devi, 61, sells fish.", "60-74"),
        ("Meena Devi (61) sells fish.", "60-74"),
        ("She is 80 years old and sells fish.", "75+"),
        ("A weaver in her early forties.", "35-44"),
        ("A weaver in her forties.", None),
        ("A weaver in his late 50s.", "45-59"),
        ("A college student.", "18-24"),
        ("A class 9 student.", "13-17"),
        ("A ninth-grader.", "13-17"),
        ("A class 7 student.", None),
        ("A class 9 teacher.", None),
        ("A retired clerk.", None),
        ("A grandmother.", None),
        ("An octogenarian.", "75+"),
        ("A mother of a 7-year-old girl.", None),
        ("A nurse who looks after a 70-year-old man.", None),
        ("A nurse with 34 years of work behind her.", None),
        ("A 40-year-old temple.", None),
        ("A tailor, 38, in Pune.", "35-44"),
        ("A weaver with 12 looms, 40, and a son.", None),
        ("A 13-year-old goatherd's daughter.", "13-17"),
        ("A farmer's 17-year-old grandson and heir.", "13-17"),
        ("Dreams, 34, of rain.", None),
        ("एक ३४ वर्षीय नर्स।", "25-34"),
        ("एक नर्स, उम्र 58 साल, जो गाँव में रहती है।", "45-59"),
        ("12 साल की लड़की।", "6-12"),
        ("12 साल की मेहनत से दुकान बनी।", None),
        ("कक्षा 9 की छात्रा।", "13-17"),
    ],
)
def test_ages(text: str, band: str | None) -> None:
    found = by_rules(text)
    assert (found["age_band"].value if "age_band" in found else None) == band


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("A housewife in Patna.", "female"),
        ("A fisherwoman.", "female"),
        ("A nurse.", None),
        ("Sunita, a nurse.", None),
        ("A nurse who walks home with her lamp.", "female"),
        ("A nurse whose husband lost his boat.", None),
        ("A nurse who tells every patient to bring his card.", None),
        ("A nurse who reads Gandhi and keeps his letters.", None),
        ("A women's rights lawyer.", None),
        ("A teacher of the mother tongue.", None),
        ("A nurse who admires his patience.", None),
        ("A nurse who invites her to lunch.", None),
        ("A trans woman who tailors.", "transgender"),
        ("एक विधवा महिला।", "female"),
        ("महिला समूह की बैठक लेने वाला शिक्षक।", None),
    ],
)
def test_genders(text: str, gender: str | None) -> None:
    found = by_rules(text)
    assert (found["gender"].value if "gender" in found else None) == gender


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("A night-shift nurse in Pune.", "nurse"),
        ("Meena works as a cook.", "cook"),
        ("Meena is a sewer cleaner and sings.", "sewer cleaner"),
        ("The daughter of a carpenter.", None),
        ("A carpenter's son.", None),
        ("A woman who helps patients see a doctor.", None),
        ("A former clerk.", None),
        ("An aspiring actor.", None),
        ("An engineer-turned-farmer.", "farmer"),
        ("A retired railway clerk.", "retired person"),
        ("A solar energy advocate.", None),
        ("An advocate in Patna.", "lawyer"),
        ("एक किसान की बेटी।", None),
        ("पटना का एक ऑटो चालक।", "auto-rickshaw driver"),
    ],
)
def test_occupations(text: str, title: str | None) -> None:
    found = by_rules(text)
    assert (found["occupation"].value if "occupation" in found else None) == title


@pytest.mark.parametrize(
    ("text", "residence"),
    [
        ("A tailor in a fishing village.", "rural"),
        ("A village schoolteacher.", "rural"),
        ("A cook in rural Bihar.", "rural"),
        ("A municipal sweeper.", "urban"),
        ("A girl in a slum near the port.", "urban"),
        ("A driver in Kolkata.", "urban"),
        ("A driver in Patna.", None),
        ("A driver who left his village.", None),
        ("A rural development officer.", None),
        ("A tutor near the city.", None),
    ],
)
def test_residences(text: str, residence: str | None) -> None:
    found = by_rules(text)
    assert (found["residence"].value if "residence" in found else None) == residence


def stated(name: str, value: str, words: str) -> dict[str, str]:
    return {"name": name, "value": value, "words": words}


def test_what_the_model_states_counts_where_its_words_occur() -> None:
    origin = "झाबुआ जिले की सेविकाएँ अपने खेत की ज्वार भी दे सकती हैं।"
    found = attributes(
        "A kind voice at the centre.",
        [
            stated("district", "Jhabua", "झाबुआ जिले"),
            stated("gender", "Female", "सेविकाएँ"),
            stated("occupation", "Anganwadi Worker", "सेविकाएँ"),
            stated("age_band", "34", "34 years"),
            stated("residence", "underwater", "खेत"),
            stated("caste", "any", "खेत"),
        ],
        origin,
    )
    values = {name: (one.value, one.words, one.origin) for name, one in found.items()}
    assert values == {
        "state": ("IN-MP", "झाबुआ जिले", "model"),
        "district": ("412", "झाबुआ जिले", "model"),
        "gender": ("female", "सेविकाएँ", "model"),
        "occupation": ("anganwadi worker", "सेविकाएँ", "model"),
    }


@pytest.mark.parametrize(
    "claim",
    [
        stated("state", "Bihar", "Kerala"),
        stated("district", "Patna", "Kerala"),
        stated("age_band", "18-24", "aged 61"),
        stated("gender", "male", "her mother"),
        stated("residence", "urban", "a village"),
        stated("state", "Atlantis", "Kerala"),
        stated("state", "Kerala", ""),
        stated("state", "Kerala", "..."),
        {"name": None, "value": None, "words": None},
    ],
)
def test_a_claim_that_its_own_words_deny_is_dropped(claim: dict[str, str]) -> None:
    origin = "In Kerala, a person aged 61 left a village with her mother."
    assert attributes("Someone.", [claim], origin) == {}


def test_the_personas_own_words_come_before_the_models() -> None:
    found = attributes("A tailor in Kerala.", [stated("state", "Bihar", "Bihar")], "Bihar")
    assert found["state"].value == "IN-KL" and found["state"].origin == "rule"
    assert "district" not in attributes(
        "A tailor in Kerala.", [stated("district", "Patna", "Patna")], "Patna"
    )


def test_the_stage_gives_the_evidence_table() -> None:
    personas = pa.table(
        {
            "id": ["a", "b", "c"],
            "persona": ["A 34-year-old nurse in Gaya.", "Someone.", None],
            "stated": pa.array([[], [stated("state", "Kerala", "Kerala")], None], STATED),
            "origin_text": ["", "Kerala", None],
        }
    )
    found = Attributes().apply(daft.from_arrow(personas), None).to_arrow()  # type: ignore[arg-type]
    assert found.column_names == ATTRIBUTE_EVIDENCE.names
    a, b, c = found.cast(ATTRIBUTE_EVIDENCE).to_pylist()
    age = {name: a["age_band"][name] for name in ("value", "words", "origin")}
    assert age == {"value": "25-34", "words": "34-year-old", "origin": "rule"}
    assert a["state"]["value"] == "IN-BR"
    assert (b["state"]["value"], b["state"]["words"]) == ("IN-KL", "Kerala")
    assert b["state"]["origin"] == "model"
    assert 0 < b["state"]["confidence"] < a["age_band"]["confidence"] < 1
    assert all(value is None for name in ATTRIBUTES for value in c[name].values())
    assert c["unrecognised"] == c["contradicted"] == []


WORDS = (
    "A an the 34 year - old aged nurse farmer's woman his her mother of in from near at Gaya Bihar "
    "Aurangabad Delhi district village city who whose lives works as , . ( ) retired class 9 "
    "student forties is and that deaf Muslim Dalit tribal Gond tribe family Tamil speaking MBA "
    "with B.A. illiterate wheelchair uses dropped out after never went school mother tongue "
    "पटना में की केरल से एक 42 वर्षीय शिक्षिका गाँव जो है । কেরালার தமிழ்நாட்டில்"
).split()
TEXTS = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join) | st.text(max_size=100)
CLAIMS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from([*ATTRIBUTES, "caste"]) | st.none(),
            "value": st.sampled_from(["Bihar", "Gaya", "34", "woman", "nurse", "village", ""])
            | st.text(max_size=10),
            "words": st.sampled_from(WORDS) | st.text(max_size=10),
        }
    ),
    max_size=4,
)


@settings(max_examples=300, deadline=None)
@given(TEXTS, CLAIMS, TEXTS)
def test_values_are_known_codes_and_words_stand_in_the_text(
    persona: str, claims: list[dict[str, str | None]], origin: str
) -> None:
    for name, found in attributes(persona, claims, origin).items():
        assert found.value in CODES[name]
        assert found.words and found.words in (
            persona if found.origin == "rule" else persona + "\n" + origin
        )
        assert 0 < found.confidence <= 1


@settings(deadline=None)
@given(TEXTS)
def test_a_district_lies_in_the_state_that_is_read_with_it(text: str) -> None:
    found = by_rules(text)
    if "district" in found:
        rows = reference.load("districts").to_pylist()
        states = {str(row["lgd_code"]): row["state"] for row in rows}
        assert states[found["district"].value] == found["state"].value
