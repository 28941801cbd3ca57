"""Names of people: what is found by shape, what a list adds, and what is nobody's name."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.errors import SourceError
from indic_persona_hub.privacy.people import (
    Gazetteer,
    KnownPerson,
    Mention,
    find,
    find_with,
    list_digest,
    read_people,
)
from indic_persona_hub.privacy.people.detector import as_texts
from indic_persona_hub.privacy.people.name_keys import sound, spoken

#: Invented people; no such list exists.
PEOPLE = (
    KnownPerson("TAMHANE VIJAY DATTU (BABLU)", "MP Lok Sabha", "BJP", "Bangalore South"),
    KnownPerson("Meera Josekutty", "Lok Sabha candidate", "CPI(M)", "Alappuzha"),
    KnownPerson("Adv. Anil Kumar", "MLA", "Indian National Congress", "Betul"),
    KnownPerson("Shankar", "playback singer", "", "Chennai"),
    KnownPerson("R. K. Semmal", "cricketer", "", ""),
)
GAZETTEER = Gazetteer(PEOPLE)
pieces = st.sampled_from(
    "A An the clerk Dr. Mr Meera Josekutty Anil Kumar Sharma MP MLA (BJP) Betul of from , who "
    "contested श्री शर्मा सुनीता நெசவாளர் R. K. Semmal \n \u200d I".split(" ")
)
texts = st.lists(pieces, max_size=14).map(" ".join) | st.text(max_size=40)


def names(text: str) -> list[str]:
    return [text[one.start : one.end] for one in find([text])[0]]


def mentions(text: str) -> list[Mention]:
    return GAZETTEER.mentions(as_texts([text]))[0]


def meant(text: str) -> list[str]:
    return [one.person.name for one in mentions(text) if one.meant]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A clerk who reads to Dr. Mehta at night.", "Mehta"),
        ("A girl named Bekku, who sings.", "Bekku"),
        ("A cook who once worked for MLA Dharam Netaram in Guna.", "Dharam Netaram"),
        ("A driver who blames Netaram Dhurve, the Lok Sabha candidate, for it.", "Netaram Dhurve"),
        ("A tailor who sews flags for Netaram Dhurve (BJP) twice a year.", "Netaram Dhurve"),
        ("A tailor whose aunt is Binodini Chakraborty of the old bazaar.", "Binodini Chakraborty"),
        ("A guard who wrote to K. P. Dhanan about the lamp.", "K. P. Dhanan"),
        ("गाँव की एक आशा जिसे डॉ. कावेरी ने पढ़ाया।", "कावेरी"),
        ("एक दर्जी जो बिनोद शर्मा के लिए काम करता है।", "बिनोद शर्मा"),
        ("सुनीता नाम की महिला जो पापड़ बेलती है।", "सुनीता"),
    ],
)
def test_names_are_told_by_what_stands_beside_them(text: str, name: str) -> None:
    assert any(name in found or found in name for found in names(text)), names(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Call Ramesh Kumar for the details.", "Ramesh Kumar"),
        ("Contact Anita Desai at the help desk.", "Anita Desai"),
        ("Dear Suresh, your card is ready.", "Suresh"),
        ("Says Harpreet Singh, who drives a truck.", "Harpreet Singh"),
        ("Meet Lakshmi Devi, a weaver in Kanchipuram.", "Lakshmi Devi"),
        ("Meet Dr. Ramesh at the clinic.", "Ramesh"),
        ("Visit Suresh Patil's shop in Sangli.", "Suresh Patil"),
        ("Everyone knows Sharma ji as the tutor.", "Sharma"),
        ("K. R. Dhanan is a retired teacher in Kottayam.", "K. R. Dhanan"),
        ("S. Dhanan, a bus conductor from Tirunelveli", "S. Dhanan"),
        ("A pupil of David J. L. Thurai, the botanist.", "David J. L. Thurai"),
        ("Binoy Thurai owns a rubber estate in Pala.", "Binoy Thurai"),
        ("Chandrashekhar works as a loco pilot in Hubballi.", "Chandrashekhar"),
        ("Mrs. D'Souza bakes bebinca in Margao.", "D'Souza"),
        ("ramesh kumar is a farmer from bihar", "ramesh kumar"),
        ("RAMESH KUMAR is a farmer from Bihar", "RAMESH KUMAR"),
        ("Name: Thangam Velliyan. Age: 45.", "Thangam Velliyan"),
        ("रमेश कुमार एक किसान हैं।", "रमेश कुमार"),
        ("लक्ष्मी देवी वाराणसी की एक बुनकर हैं।", "लक्ष्मी देवी"),
        ("श्री राम प्रसाद शर्मा एक अध्यापक हैं।", "राम प्रसाद शर्मा"),
        ("शर्मा जी मोहल्ले के ट्यूटर हैं।", "शर्मा"),
        ("विकास यादव 34 वर्षीय दूध विक्रेता हैं।", "विकास यादव"),
        ("ரமேஷ் குமார் ஒரு விவசாயி.", "ரமேஷ் குமார்"),
        ("முருகன் என்ற மீனவர் ராமேஸ்வரத்தில் வசிக்கிறார்.", "முருகன்"),
        ("திரு. சுப்பிரமணியன் மதுரையில் ஆசிரியர்.", "சுப்பிரமணியன்"),
        ("மீனாட்சி, 42 வயது, மதுரையில் பூ விற்கிறார்.", "மீனாட்சி"),
        ("সুমিত্রা দেবী একজন তাঁতি।", "সুমিত্রা দেবী"),
        ("ಮಂಜುನಾಥ ಗೌಡ ಒಬ್ಬ ರೈತ.", "ಮಂಜುನಾಥ ಗೌಡ"),
        ("രമേശ് ഒരു കർഷകനാണ്.", "രമേശ്"),
    ],
)
def test_a_span_is_the_name_alone(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize("unit", ["A-", "A'", "A. ", "Ramesh ", "Mr A ", "रमेश ", "MP Aa "])
def test_a_long_text_of_one_piece_takes_time_in_step_with_its_length(unit: str) -> None:
    begun = time.process_time()
    find([unit * (60_000 // len(unit))])
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    "text",
    [
        "A potter in Khurja who makes idols of Ganesh for the festival season.",
        "A hawker at Nehru Place who leads the Lakshmi puja in Indira Nagar.",
        "A Yadav dairy farmer in Mathura, a Kashmiri Pandit and a Patel motel owner.",
        "A guide who explains Chola and Vijayanagara temples.",
        "A B.Com. graduate from St. Xavier's College, Mumbai, on the M.P. Board.",
        "Krishna delta paddy grower who dreads the cyclone months.",
        "A Maruti Suzuki mechanic who once rode a Royal Enfield to Ladakh.",
        "दिल्ली में एक ऑटो चालक हैं।",
        "यह महिला एक नर्स हैं।",
        "इंदिरा नगर की एक महिला जो लक्ष्मी पूजा करती है।",
        "சென்னையில் ஒரு ஆட்டோ ஓட்டுநர்.",
        "பொங்கல் திருவிழாவிற்கு மண்பானை செய்யும் ஒரு குயவர்.",
        "A nurse at Rajiv Gandhi Hospital in Raichur.",
        "A voter in Uttar Pradesh who met the MP of the Samajwadi Party.",
        "A clerk of the Lok Sabha who admires the Supreme Court of India.",
        "A guide in Tamil Nadu, minister of nothing, who sings Carnatic songs.",
        "Mumbai is a city of trains.",
        "एक यादव किसान और शर्मा परिवार का पड़ोसी।",
        "ପୁରୀର ଜଣେ ବୟସ୍କ ଡଙ୍ଗା ଚାଳକ, ଯିଏ ମାଛ ଧରନ୍ତି।",
        "ঢাকার একজন কৃষক, যিনি ধান লাগান।",
        "গ্রামের একজন নার্স",
        "नाशिकची एक महिला",
        "वाराणसीतील एक विणकर",
        "સુરતના એક વેપારી",
        "ભુજની એક મહિલા વણકર",
        "மதுரையின் ஒரு நெசவாளர்",
        "ಮೈಸೂರಿನ ಒಬ್ಬ ರೈತ",
        "ಗ್ರಾಮದ ಒಬ್ಬ ಶಿಕ್ಷಕ",
        "കൊച്ചിയിലെ ഒരു തൊഴിലാളി",
        "వరంగల్‌కు చెందిన ఒక రైతు",
        "A leader of a self-help group in Madhya Pradesh.",
    ],
)
def test_places_bodies_and_communities_are_no_names(text: str) -> None:
    assert names(text) == []


def test_an_empty_batch_and_empty_texts_have_no_names() -> None:
    assert find([]) == []
    assert find(["", " ", "\n"]) == [[], [], []]
    assert find_with(GAZETTEER)(["", "A clerk."]) == [[], []]


@settings(max_examples=12, deadline=None)
@given(st.lists(texts, max_size=6))
def test_findings_lie_in_their_text_in_order_and_neighbours_change_none(batch: list[str]) -> None:
    for detector in (find, find_with(GAZETTEER)):
        together = detector(batch)
        assert together == [detector([text])[0] for text in batch]
        for text, found in zip(batch, together, strict=True):
            assert all(one.kind == "personal_name" for one in found)
            assert all(0 <= one.start < one.end <= len(text) for one in found)
            assert all(a.end <= b.start for a, b in pairwise(found))


@pytest.mark.parametrize("name", ["Meera Josekutty", "MEERA JOSEKUTTY", "Josekutty Meera"])
@pytest.mark.parametrize(
    ("beside", "context"),
    [
        ("the Lok Sabha candidate", "role"),
        ("of the CPI(M)", "party"),
        ("of the Communist Party of India (Marxist)", "party"),
        ("from Alappuzha", "place"),
        ("from Alleppey", "place"),
    ],
)
def test_a_listed_person_is_meant_with_role_party_or_place(
    name: str, beside: str, context: str
) -> None:
    text = f"A weaver who sells to {name}, {beside}, each June."
    [mention] = mentions(text)
    assert mention.meant and context in mention.context
    assert text[mention.start : mention.end] == name


@pytest.mark.parametrize(
    "text",
    [
        "A weaver who sells to Meera Josekutty each June.",
        "A weaver in Gaya who sells to Meera Josekutty, a baker.",
        "Anil Kumar runs a tea stall in Satna.",
        "A fan of Shankar, a neighbour.",
        "A pupil of Shankar Lal Bhuyan, a singer.",
    ],
)
def test_a_shared_name_alone_condemns_nobody(text: str) -> None:
    assert meant(text) == []


def test_a_shared_name_is_found_all_the_same_and_said_to_be_unproven() -> None:
    text = "A weaver who sells to Meera Josekutty each June."
    assert find([text]) == [[]]
    [finding] = find_with(GAZETTEER)([text])[0]
    assert not finding.valid and text[finding.start : finding.end] == "Meera Josekutty"


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("A driver of Vijay Tamhane, the BJP man.", 0),
        ("A driver of V. D. Tamhane, MP, in Bengaluru.", 0),
        ("A singer taught by Shankar, the playback singer.", 3),
        ("A boy who bowls like R.K. Semmal, the cricketer.", 4),
        ("a driver of meera josekutty, cpi(m) candidate from alappuzha", 1),
        ("A driver of Mira Josekuty from Alappuzha.", 1),
    ],
)
def test_other_ways_to_write_a_name_are_met(text: str, person: int) -> None:
    assert meant(text) == [PEOPLE[person].name]


def test_lower_case_words_of_a_cased_text_are_no_name() -> None:
    assert mentions("The anil kumar of Betul is a kind of stove.") == []


@given(st.text(max_size=20))
def test_the_sound_of_a_word_has_a_sound(word: str) -> None:
    assert isinstance(sound(word), str)
    assert all(any(len(part) > 1 for part in name) for name in spoken(word))


def test_names_of_lists_are_read_without_titles_degrees_and_fathers() -> None:
    assert spoken("Adv. Anil Kumar") == spoken("ANIL KUMAR S/O RAM LAL") == spoken("Anil Kumar-1")
    assert spoken("Sivan @ J.K. Ritesh") == [*spoken("Sivan"), *spoken("J. K. Ritesh")]
    assert spoken("Tamhane Vijay (Bablu)") == [*spoken("Tamhane Vijay"), *spoken("Bablu")]
    assert spoken("B.COM.") == [] and spoken("") == []


def test_lists_are_read_from_every_form(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Candidate,Party,Constituency\nMeera J,CPI,Idukki\n,X,Y\n")
    (tmp_path / "a.tsv").write_text("Name\tCurrent Position\nMeera J\tMayor\n")
    (tmp_path / "a.jsonl").write_text('{"personLabel": "Meera J", "partyLabel": "CPI"}\n\n"Ravi K"')
    pq.write_table(pa.table({"name": ["Meera J", None], "other": [1, 2]}), tmp_path / "a.parquet")
    (tmp_path / "a.txt").write_text("Meera J\n\nRavi K\n")
    assert read_people(tmp_path / "a.csv") == (
        KnownPerson("Meera J", "candidate", "CPI", "Idukki"),
    )
    assert read_people(tmp_path / "a.tsv") == (KnownPerson("Meera J", "Mayor"),)
    assert read_people(tmp_path / "a.jsonl")[0] == KnownPerson("Meera J", party="CPI")
    assert read_people(tmp_path / "a.parquet") == (KnownPerson("Meera J"),)
    assert [one.name for one in read_people(tmp_path / "a.txt")] == ["Meera J", "Ravi K"]


def test_answers_of_wikidata_are_read_and_labels_go_before_addresses(tmp_path: Path) -> None:
    address = "http://www.wikidata.org/entity/Q1"
    rows = [
        {"person": address, "personLabel": "Meera J"},
        {"person": address, "personLabel": "Ravi K", "party": address, "partyLabel": "CPI"},
    ]
    answer = {"results": {"bindings": [
        {column: {"type": "literal", "value": value} for column, value in row.items()}
        for row in rows
    ]}}  # fmt: skip
    people = (KnownPerson("Meera J"), KnownPerson("Ravi K", party="CPI"))
    for name, content in (("a.json", rows), ("b.json", answer)):
        (tmp_path / name).write_text(json.dumps(content))
        assert read_people(tmp_path / name) == people
    (tmp_path / "c.csv").write_text(f"person,personLabel,partyLabel\n{address},Ravi K,CPI\n")
    assert read_people(tmp_path / "c.csv") == people[1:]
    (tmp_path / "d.jsonl").write_text('{"name": "Ravi K", "party": ["CPI", "INC"]}')
    assert read_people(tmp_path / "d.jsonl") == (KnownPerson("Ravi K", party="CPI; INC"),)


def test_of_namesakes_the_one_who_is_told_of_is_meant() -> None:
    namesakes = [KnownPerson("Meera Josekutty", "MLA", "INC", place) for place in ("Betul", "Gaya")]
    text = "A weaver who sells to Meera Josekutty from Gaya."
    [mention] = Gazetteer(namesakes).mentions(as_texts([text]))[0]
    assert mention.meant and mention.person.place == "Gaya"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.json", b'{"x": 1}', "cannot be read"),
        ("a.csv", b"age,height\n3,4\n", "no column of names"),
        ("a.csv", b"name\n\n", "names nobody"),
        ("a.jsonl", b"{", "cannot be read"),
        ("a.parquet", b"PAR1", "cannot be read"),
        ("a.txt", b"\xff\xfe\xff", "cannot be read"),
        ("a.txt", None, "cannot be read"),
    ],
)
def test_a_list_that_cannot_be_used_is_said_so(
    tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    else:
        with pytest.raises(SourceError):
            list_digest(tmp_path / name)
    with pytest.raises(SourceError, match=says):
        read_people(tmp_path / name)
