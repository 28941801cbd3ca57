"""Domains: free labels to canonical buckets in a tree, and what holds for any labels at all."""

import csv
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indic_persona_hub.select.domains.keywords import form_of
from indic_persona_hub.select.domains.labels import LONGEST, named
from indic_persona_hub.select.domains.mapping import MAPPING, UNLABELLED, canonical_domains
from indic_persona_hub.select.domains.merges import RULES
from indic_persona_hub.select.domains.tables import pairs, rows
from indic_persona_hub.select.domains.tree import OTHER, areas, place_of

GOLDEN = Path(__file__).parent / "golden" / "domains.tsv"
RULE_NAMES = {"none", "case", "separators", "clipped", "script", "romanised", "typo", "occupation",
              "synonym", *(name for name, _ in RULES)}  # fmt: skip


def mapped(labels: dict[str, int]) -> dict[str, dict[str, object]]:
    return {row["label"]: row for row in canonical_domains(labels).to_pylist()}


def domains(labels: dict[str, int]) -> dict[str, object]:
    return {label: row["domain"] for label, row in mapped(labels).items()}


def test_labels_in_the_seeds_raw_style_go_where_a_person_put_them() -> None:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        wanted = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = mapped({row["label"]: int(row["personas"]) for row in wanted})
    columns = ("domain", "area", "field", "rule")
    assert {row["label"]: [row[one] for one in columns] for row in wanted} == {
        label: [row[one] for one in columns] for label, row in found.items()
    }


#: Near in letters or in words, apart in meaning.
APART = [
    ("public health", "public administration"), ("ancient", "ancient history"),
    ("tamil", "tamil nadu"), ("gender", "tender"), ("marine", "marina"), ("law", "lawn"),
    ("art", "arts"), ("meditation", "mediation"), ("medication", "mediation"),
    ("vocation", "vacation"), ("contract", "contact"), ("national", "notional"),
    ("hematology", "hepatology"), ("ethnology", "ethology"), ("oncology", "ontology"),
    ("topology", "typology"), ("immigration", "emigration"), ("martial law", "marital law"),
    ("architect", "architecture student"), ("science education", "education science"),
    ("history of science", "science"), ("science history", "scientific study of history"),
    ("art school", "school art"), ("house boat", "boat house"), ("class 1 2", "class 12"),
    ("the rapist", "therapist"), ("money laundering", "anti money laundering"),
    ("computer science education", "science education"), ("customs", "custom"),
    ("sweets", "sweet"), ("pulses", "pulse"), ("humanities", "humanity"), ("ethics", "ethic"),
    ("securities", "security"), ("news", "new"), ("arts and science", "science"),
    ("indian historian", "indian history"), ("women writers", "writing"),
    ("supply chain manager", "manager"), ("folk music promoter", "promoter"),
    ("modern indian history", "indian history"),
    ("hindi literature", "hindu literature"), ("kannada", "canada"), ("sari", "sarai"),
    ("brahman", "brahmin"),
    ("maligaon", "malegaon"), ("competed", "completed"),
    ("management education", "education management"), ("sericulture", "horticulture"),
    ("physics", "physical"), ("geology", "geography"), ("economic history", "economics"),
    ("மருத்துவம்", "மகத்துவம்"), ("कला", "कल"), ("भारत", "भारती"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), APART)
@pytest.mark.parametrize("sizes", [(100_000, 1), (1, 100_000), (5, 5)])
def test_what_differs_in_meaning_stays_apart(one: str, other: str, sizes: tuple[int, int]) -> None:
    found = domains({one: sizes[0], other: sizes[1]})
    assert found[one] != found[other]


#: Labels, the bucket that both end in, and why the first is there.
TOGETHER = [
    ("labour market", 2, "labor market", 9, "labor market", "spelling"),
    ("bharathanatyam dance", 2, "bharatanatyam dance", 3, "bharatanatyam dance", "spelling"),
    ("small farmer", 2, "small farmers", 3, "small farmers", "plural"),
    ("movies hall", 1, "movie halls", 2, "movie halls", "plural"),
    ("headaches clinic", 1, "headache clinic", 2, "headache clinic", "plural"),
    ("bio gas plant", 1, "biogas plant", 2, "biogas plant", "joined"),
    ("history of india", 1, "Indian history", 5, "indian history", "word_order"),
    ("the history of ancient India", 1, "ancient Indian history", 5, "ancient indian history",
     "word_order"),
    ("ancient history of india", 1, "ancient Indian history", 5, "ancient indian history",
     "word_order"),
    ("crafts, arts", 1, "Arts & Crafts", 5, "arts and crafts", "word_order"),
    ("women health", 1, "women’s health", 5, "women's health", "word_order"),
    ("hydroponics", 600, "hydropnics", 2, "hydroponics", "slip"),
    ("urban hydroponics", 90, "urban hydroponiics", 1, "urban hydroponics", "slip"),
    ("south indian classical dance", 2, "classical dance", 5, "classical dance", "head_word"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "size", "other", "other_size", "bucket", "rule"), TOGETHER)
def test_what_means_the_same_comes_together_with_its_reason(
    one: str, size: int, other: str, other_size: int, bucket: str, rule: str
) -> None:
    found = mapped({one: size, other: other_size})
    assert {row["domain"] for row in found.values()} == {bucket}
    rare, common = (one, other) if size < other_size else (other, one)
    assert (found[rare]["rule"], found[rare]["attracted_by"]) == (rule, common)
    assert found[common]["attracted_by"] is None


def test_a_slip_needs_a_far_commoner_bucket() -> None:
    assert domains({"hydropnics": 2, "hydroponics": 100})["hydropnics"] == "hydroponics"
    assert domains({"hydropnics": 2, "hydroponics": 99})["hydropnics"] == "hydropnics"


def test_a_head_word_takes_only_what_is_no_larger_and_in_its_area() -> None:
    labels = {"rural public health": 3, "public health": 3}
    assert domains(labels)["rural public health"] == "public health"
    assert domains(labels | {"public health": 2})["rural public health"] == "rural public health"
    labels = {"small farmer welfare": 3, "welfare": 9}
    assert domains(labels)["small farmer welfare"] == "small farmer welfare"


@pytest.mark.parametrize(
    "label",
    ["", " ", "\t\n", "---", "_", "…", "।", "'", "’", "+", "#", "\u200d", "\u0301", "🙂", "None",
     "N/A", "not specified"],
)  # fmt: skip
def test_a_label_that_says_nothing_is_unlabelled(label: str) -> None:
    found = mapped({label: 2, "zoo": 1})[label]
    assert (found["domain"], found["area"], found["field"]) == (UNLABELLED, OTHER, OTHER)


def test_a_long_label_is_cut_at_a_word_and_joins_no_head_word() -> None:
    label = "village " * 1250 + "music"
    found = mapped({label: 1, "x" * 10_000: 1, "music": 9})
    assert found[label]["domain"] == ("village " * 12).strip()
    assert found["x" * 10_000]["domain"] == "x" * LONGEST
    assert {found[label]["rule"], found["x" * 10_000]["rule"]} == {"clipped"}


def test_words_of_an_indian_script_place_a_bucket() -> None:
    found = mapped({"पहाड़ी खेती": 1, "ग्रामीण संगीत": 1})
    assert found["पहाड़ी खेती"]["field"] == "agriculture"
    assert found["ग्रामीण संगीत"]["area"] == "music in general"


WORDS = st.sampled_from(
    "farmer farmers Farmer small women's women health care healthcare welfare public class classes"
    " कृषि किसान kheti studies study lenses lens axes movie movies film news boss of and the Indian"
    " India history engineer engineering engineers biologist colour color hydroponics hydropnics"
    " enviroment medical none theatre artificial intelligence ai अध्ययन".split()
)
PHRASES = st.builds(
    str.join, st.sampled_from([" ", "_", "-", " / ", ", "]), st.lists(WORDS, max_size=4)
)
LABELS = st.dictionaries(
    PHRASES | st.text(max_size=8), st.sampled_from([0, 1, 2, 5, 400]), max_size=12
)


@given(LABELS)
@settings(max_examples=150, deadline=None)
def test_every_label_is_mapped_once_and_every_persona_is_counted(given_labels) -> None:
    mapping = canonical_domains(given_labels)
    assert mapping.schema.equals(MAPPING)
    counted = zip(mapping["label"].to_pylist(), mapping["personas"].to_pylist(), strict=True)
    assert list(counted) == sorted(given_labels.items())
    assert set(mapping["rule"].to_pylist()) <= RULE_NAMES


@given(LABELS)
@example({"İ": 1, "\u0390": 1, "ŉ": 1, "\u0345\u0301": 1})
@example({"farmer '": 1, "o' clock' ": 1, "'": 1, "and": 1, ",": 1, "a, and b": 1})
@settings(max_examples=200, deadline=None)
def test_a_domain_given_as_a_label_is_itself_and_moves_nothing(given_labels) -> None:
    before = domains(given_labels)
    with_domains = dict.fromkeys(before.values(), 0) | given_labels
    after = domains(with_domains)
    for domain in set(before.values()):
        assert after[domain] == domain
    assert {label: after[label] for label in given_labels} == before


@given(LABELS)
@settings(max_examples=100, deadline=None)
def test_a_domain_is_readable_and_stands_in_one_area(given_labels) -> None:
    fields = areas() | {OTHER: OTHER}
    for row in mapped(given_labels).values():
        domain = row["domain"]
        assert isinstance(domain, str)
        assert domain == " ".join(domain.split())
        assert domain == unicodedata.normalize("NFC", domain)
        assert any(unicodedata.category(one)[0] in "LN" for one in domain)
        assert fields[row["area"]] == row["field"]
        assert (row["placed_by"] == "") == (row["field"] == OTHER)


@given(LABELS, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_labels_changes_nothing(given_labels, chance) -> None:
    items = list(given_labels.items())
    chance.shuffle(items)
    assert canonical_domains(dict(items)).equals(canonical_domains(given_labels))


@given(st.text(min_size=1, max_size=6), st.sampled_from(["_", "-", " ", "/", "  ", " · "]))
@settings(max_examples=100, deadline=None)
def test_case_and_separators_never_part_two_labels(word, separator) -> None:
    plain, other = f"rural {word}", f"RURAL{separator}{word}"
    found = domains(Counter([plain, other]))
    assert found[plain] == found[other]


@pytest.mark.parametrize("table", ["words", "synonyms"])
def test_what_a_table_leads_to_stays_where_it_is(table: str) -> None:
    for label, domain in pairs(table).items():
        assert named(label).bucket == domain, label
        assert named(domain).bucket == domain, label


def test_no_known_misspelling_is_a_word_of_another_table() -> None:
    keywords = {word for *_, words in rows("areas") for word in words.replace(";", " ").split()}
    names = {word for pair in rows("synonyms") for name in pair for word in name.split()}
    assert not keywords & pairs("typos").keys()
    assert not names & pairs("typos").keys()
    assert not pairs("typos").keys() & set(pairs("typos").values())


def test_the_tree_has_one_place_for_every_keyword() -> None:
    seen: dict[str, str] = {}
    for _, area, keywords in rows("areas"):
        for keyword in keywords.split(";"):
            form = keyword if keyword[-1] == "*" else " ".join(form_of(keyword.strip("~")))
            assert seen.setdefault(form, area) == area, keyword
            if keyword[-1] != "*":
                assert place_of(keyword.strip("~=")).area == area, keyword
    assert 30 <= len(set(areas().values())) <= 40
    assert 200 <= len(areas()) == len(rows("areas")) <= 400
