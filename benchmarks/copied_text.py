"""Measure `copied_text` on planted copies and on honest paraphrases.

    python benchmarks/copied_text.py --data ../shared/data [--copies 1000] [--seed 7]

Copies: a stretch of 50 to 120 tokens of a real text (news, stories, schemes, crawled pages, of many
scripts), alone or inside a sentence of its own, verbatim or with what a copy may change: case,
composed and decomposed letters, punctuation, invisible characters, digits of another script.
Honest pairs: translations and commentaries of the same verse of the Bhagavad Gita by different
hands (English, Hindi); a persona of Persona Hub and the other one that shares most of its words;
and rewordings by rule, of stretches of the same texts as the copies: no more than six tokens in
a row are left as they were.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import daft
import pyarrow.parquet as pq

from indic_persona_hub.judge.copied_text import CopiedText, tokens_of
from indic_persona_hub.judge.source_echo import SourceEcho

SETS = (
    "storyweaver_pratham", "government_schemes", "indicnews_paragraphs", "setu_web_pages",
    "wikipedia_ml", "devdas_hindi_novel", "kisan_call_centre", "reddit_india",
    "constitution_of_india", "indicquest_qa",
)  # fmt: skip
LENGTHS = (50, 120)  # tokens
_COMMON = 400  # texts: a word of more of them tells nothing
FRAME = ("A 41-year-old clerk who keeps this in a notebook: ", " and reads it to the children.")
DEVANAGARI = {ord(str(digit)): chr(0x966 + digit) for digit in range(10)}


def long_texts(data: Path) -> list[tuple[str, str]]:
    """(set, text) of more tokens than a copy takes."""
    found = []
    for name in SETS:
        for file in sorted((data / name).glob("*.parquet")):
            for text in pq.read_table(file, columns=["text"])["text"].to_pylist():
                if text and len(text.split()) > 2 * LENGTHS[0]:
                    found.append((name, text))
    return found


def copies(texts: list[tuple[str, str]], size: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """(kind, persona, origin)."""
    changes = {
        "verbatim": lambda part: part,
        "case": str.upper,
        "decomposed": lambda part: unicodedata.normalize("NFD", part),
        "punctuation": lambda part: re.sub(r"[,.;:!?।'\"-]", " ", part),
        "invisible": lambda part: part.replace(" ", " \u200b").replace("e", "e\u00ad"),
        "digits": lambda part: part.translate(DEVANAGARI),
    }
    for number in range(size):
        draw = random.Random(f"{seed} {number}")
        while True:
            _, origin = draw.choice(texts)
            words = origin.split()
            length = draw.randint(*LENGTHS)
            at = draw.randrange(max(1, len(words) - length))
            part = " ".join(words[at : at + length])
            if len(tokens_of(part)) >= LENGTHS[0]:
                break
        kind = list(changes)[number % len(changes)]
        part = changes[kind](part)
        yield kind, part if draw.random() < 0.5 else part.join(FRAME), origin


def renderings(data: Path) -> Iterator[tuple[str, str, str]]:
    """(kind, one, other): pairs of different hands that say the same."""
    rows = pq.read_table(data / "dharmic_texts" / "dev.parquet").to_pylist()
    verses: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        if row["kind"].startswith("religious_") and " - " in row["title"]:
            verse, hand = row["title"].split(" - ", 1)
            kind = row["kind"].removeprefix("religious_")
            verses[(verse, f"Gita {kind}, {row['lang']}")].append((hand, row["text"]))
    for (_, kind), told in sorted(verses.items()):
        for (one, text), (other, again) in combinations(sorted(told), 2):
            if one != other:
                yield kind, text, again


def neighbours(data: Path) -> Iterator[tuple[str, str, str]]:
    """Each persona of Persona Hub with the other one that shares most of its words."""
    table = pq.read_table(data / "personas" / "dev.parquet").to_pylist()
    texts = [row["persona"] for row in table if row["source"] == "persona_hub_tool"]
    words = [frozenset(tokens_of(text)) for text in texts]
    holders: dict[str, list[int]] = defaultdict(list)
    for number, own in enumerate(words):
        for word in own:
            holders[word].append(number)
    for number, own in enumerate(words):
        shared: Counter[int] = Counter()
        for word in own:
            if len(holders[word]) < _COMMON:
                shared.update(holders[word])
        del shared[number]
        if shared:
            other = max(shared, key=lambda one: (shared[one] / len(own | words[one]), -one))
            yield "persona_hub, nearest other", texts[number], texts[other]


def reworded(texts: list[tuple[str, str]], size: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """Stretches of 50 to 120 tokens: after each run of 2 to 5, a token of another text, or two that
    change places.
    """
    for number in range(size):
        draw = random.Random(f"reworded {seed} {number}")
        _, origin = draw.choice(texts)
        _, stranger = draw.choice(texts)
        words, others = tokens_of(origin), tokens_of(stranger)
        at = draw.randrange(max(1, len(words) - LENGTHS[1]))
        part = words[at : at + draw.randint(*LENGTHS)]
        place = 0
        while (place := place + draw.randint(3, 6)) < len(part) - 1:
            if draw.random() < 0.5:
                part[place] = draw.choice(others)
            else:
                part[place : place + 2] = reversed(part[place : place + 2])
        yield "reworded by rule", " ".join(part), origin


def judged(pairs: list[tuple[str, str, str]], judge: Any) -> list[dict[str, Any]]:
    frame = daft.from_pydict(
        {
            "persona": [one for _, one, _ in pairs],
            "origin_text": [other for *_, other in pairs],
            "synth_method": ["text_to_persona"] * len(pairs),
        }
    ).collect()
    return [row["e"] for row in frame.select(judge.evidence().alias("e")).to_pylist()]


def by_kind(pairs: list[tuple[str, str, str]], evidence: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for (kind, *_), one in zip(pairs, evidence, strict=True):
        found[kind].append(one)
    return {
        kind: {
            "pairs": len(rows),
            "flagged": sum(row["fails"] for row in rows),
            "longest span": int(max(row["value"] for row in rows)),
        }
        for kind, rows in sorted(found.items())
    }


def speed(texts: list[tuple[str, str]]) -> int:
    """Of 40 words each, with a passage of 1,500 characters."""
    rows = [
        ("", " ".join(texts[at - 1][1].split()[:40]), text[:1_500])
        for at, (_, text) in enumerate(texts)
    ]
    judged(rows[:100], CopiedText())
    begun = time.process_time()
    judged(rows, CopiedText())
    return round(len(rows) / (time.process_time() - begun))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--copies", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show", action="store_true", help="print flagged paraphrases")
    given = parser.parse_args()
    texts = long_texts(given.data)
    planted = list(copies(texts, given.copies, given.seed))
    honest = [*renderings(given.data), *neighbours(given.data)]
    honest += reworded(texts, given.copies, given.seed)
    found = judged(planted, CopiedText())
    said = judged(honest, CopiedText())
    if given.show:
        for (kind, *_), one in zip(honest, said, strict=True):
            if one["fails"]:
                print(kind, "|", one["value"], one["detail"])
    figures = {
        "texts copied from": len(texts),
        "planted copies": by_kind(planted, found),
        "honest": by_kind(honest, said),
        "source_echo on the same": by_kind(honest, judged(honest, SourceEcho())),
        "personas a CPU-second": speed(texts),
    }
    print(json.dumps(figures, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
