"""What is asked for is found however it is written, and nothing that only looks like it is."""

from __future__ import annotations

import time
from pathlib import Path

import pyarrow as pa
import pytest

from hub_factory import HandMade, make_hub
from indic_persona_hub import records
from indic_persona_hub.errors import HubError
from indic_persona_hub.run.hub import Hub, write_file
from indic_persona_hub.run.said_words import pattern_of, says
from indic_persona_hub.run.source_addresses import above, source_ids
from indic_persona_hub.run.tombstones import Tombstones
from indic_persona_hub.run.whole import CLUSTERED
from takedown_rows import kept_of, rows_of, taken


@pytest.mark.parametrize(
    ("asked", "url", "hit"),
    [
        ("example.org", "https://example.org/x", True),
        ("www.Example.ORG/news/", "http://example.org/news/2?x=3", True),
        ("//example.org/a", "https://example.org/a/b", True),
        ("<https://example.org/a>", "https://example.org/a", True),
        ("HTTPS://EXAMPLE.ORG/a", "https://www.example.org/a/", True),
        ("https://example.org:443/news", "https://example.org/news/1", True),
        ("https://example.org", "http://example.org:80/a", True),
        ("https://example.org:8080", "https://example.org/a", False),
        ("https://example.com", "https://example.com.evil.in/a", False),
        ("https://example.com", "https://notexample.com/a", False),
        ("https://example.com", "https://evil.in/example.com/a", False),
        ("https://example.com", "https://evil.in/?u=https://example.com/a", False),
        ("https://example.com", "https://example.com@evil.in/a", False),
        ("https://news.example.org", "https://example.org/a", False),
        ("https://example.org", "https://news.example.org/a", False),
        ("https://example.org./a", "https://example.org/a", True),
        ("https://example.org/a", "https://example.org/ab", False),
        ("https://example.org/a", "https://example.org/b/a", False),
        ("https://example.org/a/./b", "https://example.org/a/c/../b", True),
        ("https://example.org/Case", "https://example.org/case", False),
        ("https://example.org/%E0%A4%B0%E0%A4%BE%E0%A4%AE", "https://example.org/राम/2", True),
        ("https://example.org/राम", "https://example.org/%e0%a4%b0%e0%a4%be%e0%a4%ae", True),
        ("https://example.org/r%C3%A9", "https://example.org/re\u0301", True),
        ("https://xn--11b4c3d.com/", "https://कॉम.com/x", True),
        ("https://example.org/a?id=1", "https://example.org/a?id=1#top", True),
        ("https://example.org/a?id=1", "https://example.org/a?id=2", False),
        ("https://example.org/a", "https://example.org/a?id=2", True),
        ("https://example.org/#/thread/5", "https://example.org/other", False),
        ("https://example.org/#/thread/5", "https://example.org/#/thread/5", True),
        ("pages", None, True),
        ("Pages", None, False),
        ("page", None, False),
    ],
)
def test_a_source_is_found_however_its_address_is_written(
    asked: str, url: str | None, hit: bool
) -> None:
    tombstones = Tombstones(source=pa.array(sorted(source_ids(asked))))
    rows = pa.table({"id": ["a"], "source": ["pages"], "url": pa.array([url], pa.string())})
    assert bool(tombstones.documents(rows)[0]) is hit


@pytest.mark.parametrize("path", ["a/" * 50_000, "a/" * 25_000 + "../" * 25_000, "%2f" * 33_000])
def test_an_address_of_100_kb_costs_no_time(path: str) -> None:
    begun = time.process_time()
    assert sum(map(len, above(f"https://example.org/{path}"))) < 1_000_000
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("words", "text", "hit"),
    [
        ("Asha Devi", "ASHA   DEVI.", True),
        ("Asha Devi", "Asha\u200b Devi", True),
        ("Asha Devi", "Asha\u3000Devi", True),
        ("Asha Devi", "Ash\u00ada\u2028Devi", True),
        ("Asha Devi", "Asha Devika", False),
        ("Asha Devi", "Natasha Devi", False),
        ("क्ष", "क्\u200dष", True),
        ("José", "Jose\u0301", True),
        ("Jose", "José", False),
        ("O'Brien", "O’Brien", True),
        ("Asha-Devi", "Asha‐Devi", True),
        ("ＡＳＨＡ", "asha", True),
        ("9876543210", "98765432101", False),
        ("C++", "in C++ now", True),
        ("50%", "of 50% x", True),
        ("a\udc80b", "a b", False),
    ],
)
def test_words_are_found_however_they_are_written(words: str, text: str, hit: bool) -> None:
    texts = pa.chunked_array([[text, None], pa.array([], pa.string())], pa.string())
    assert says(texts, pattern_of(words)).to_pylist() == [hit, False]


@pytest.mark.parametrize("words", ["x " * 50_000, "अ " * 501, "...", ""])
def test_too_many_words_or_none_are_an_error(words: str) -> None:
    with pytest.raises(HubError):
        pattern_of(words)


def test_as_many_words_as_may_be_asked_for_are_sought() -> None:
    words = "अआ " * 333
    assert says(pa.chunked_array([[words]]), pattern_of(words)).to_pylist() == [True]


def with_duplicates(hub: Hub, cluster: list[str]) -> None:
    """Evidence that says that these are alike and everyone else is alone."""
    ids = sorted(rows_of(hub, "personas"))
    of = {one: cluster[0] if one in cluster else one for one in ids}
    for number in range(2):
        rows = [
            {"id": one, "value": 0.0, "score": 1.0, "fails": False, "detail": "",
             "survivor": of[one], "cluster": of[one], "similarity": 0.95}
            for one in ids if records.slice_of(one, 2) == number
        ]  # fmt: skip
        table = pa.Table.from_pylist(rows, CLUSTERED)
        write_file(hub.table_path("evidence/near_duplicates", number), table)


def test_a_kept_copy_of_who_is_taken_down_is_told_and_stays(tmp_path: Path) -> None:
    hub = make_hub(tmp_path / "hub", HandMade(documents=12, children=0, slices=2))
    kept = sorted(kept_of(hub))
    lost = sorted(rows_of(hub, "personas").keys() - kept)
    with_duplicates(hub, [kept[1], kept[-1], lost[0]])
    found = taken(hub, "persona", kept[-1]).found
    assert found.copies.to_pylist() == [kept[1]]
    assert kept[1] in kept_of(hub)
    assert taken(hub, "persona", kept[2]).found.copies.to_pylist() == []
