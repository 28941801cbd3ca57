"""A batch of texts is identified as its texts are one by one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.ingest.function_words import ENGLISH, ROMANISED
from indic_persona_hub.ingest.identities import identify_all
from indic_persona_hub.ingest.language import identify
from indic_persona_hub.ingest.scripts import SCRIPTS, main_script
from test_ingest_language import SAID

OWN = sorted({word for text in SAID.values() for word in text.split()})
COMMON = [
    *sorted(ENGLISH)[::9],
    *sorted(ROMANISED)[::17],
    "weaving",
    "12",
    "(",
    "Жар",
    "これ",
    "र",
    "ৰ",
]
TEXTS = st.lists(st.sampled_from([*OWN, *COMMON]), max_size=25).map(" ".join) | st.text(max_size=40)


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS, max_size=6))
def test_a_batch_says_what_each_text_says(texts: list[str]) -> None:
    assert identify_all(texts) == [identify(text) for text in texts]


def test_each_language_alone_and_mixed() -> None:
    texts = [
        *SAID.values(),
        *(f"{one} {other}" for one in SAID.values() for other in SAID.values()),
    ]
    assert identify_all(texts) == [identify(text) for text in texts]


def test_long_texts_are_told_by_their_beginning() -> None:
    hindi, tamil = SAID["hin", "Deva"], SAID["tam", "Taml"]
    long = " ".join([hindi] * 200)[:8_000] + " ".join([tamil] * 900)
    assert identify_all([long]) == [identify(long)] == [identify(hindi)]


@given(st.text())
def test_every_script_has_a_column(text: str) -> None:
    assert main_script(text) in {*SCRIPTS, "Zyyy"}
