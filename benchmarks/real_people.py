"""Measure `privacy.people` and `personal_name` on planted mentions of real people.

    python benchmarks/real_people.py --data ../shared/data [--people 2000] [--seed 7] [--show]

`real_persons/dev.parquet` (name, role, party, place) gives the people; sentences of
`personas/dev.parquet` without a capitalised word after the first give what stands around them.
Found is a planted name that a finding covers by half at least; with the list, that finding must
also be `valid`. CPU-seconds are those of this process, all threads.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import daft
import pyarrow.parquet as pq

from indic_persona_hub.judge.india_centric import is_of_india
from indic_persona_hub.judge.personal_name import PersonalName
from indic_persona_hub.privacy.findings import Detector, Finding
from indic_persona_hub.privacy.people import Gazetteer, KnownPerson, find, find_with
from indic_persona_hub.privacy.people.detector import as_texts

#: What stands beside a planted name, by the context it gives.
CLAUSES = {
    "role": (
        "{name}, the {role},",
        "{role} {name}",
        "{name}, who contested the Lok Sabha election,",
        "the {role} {name}",
    ),
    "party": ("{name} of the {party}", "{name} ({party})", "{party} worker {name}"),
    "place": ("{name} of {place}", "{name} from {place}", "{name}, who lives in {place},"),
    "role and place": (
        "{name}, the {role} from {place},",
        "the {role} from {place}, {name},",
        "{role} {name} of {place}",
    ),
    "none": ("a neighbour, {name},", "{name}", "an uncle called {name}"),
}
CARRIERS = (
    "A {age}-year-old tea seller who once drove for {clause} and now keeps bees.",
    "A {age}-year-old schoolteacher who wrote three letters to {clause} about the broken well.",
    "A {age}-year-old weaver whose loom was bought by {clause} before the last monsoon.",
    "A {age}-year-old nurse who met {clause} at a blood donation camp and kept the photograph.",
)
#: Pages that name somebody, with the words that say so.
PAGES = (
    "The road was opened by MP {name} on Friday. People of {place} had waited for years.",
    "{name}, the Lok Sabha candidate from {place}, promised a bridge. The crowd was large.",
    "Dr. {name} of the district hospital in {place} thanked the nurses of Tata Motors.",
    "Votes are counted today. {name} ({party}) leads in {place}, says the collector's office.",
)
#: Ways in which other hands romanise a name.
RESPELT = (("ee", "i"), ("oo", "u"), ("sh", "s"), ("th", "t"), ("v", "w"), ("aa", "a"), ("i", "ee"))


class Planted(NamedTuple):
    """A text with the name of `person` from `start` to `end`."""

    text: str
    start: int
    end: int
    person: KnownPerson
    context: str


def people_of(data: Path) -> list[KnownPerson]:
    rows = pq.read_table(data / "real_persons" / "dev.parquet").to_pylist()
    return [KnownPerson(row["name"], row["role"], row["party"], row["place"]) for row in rows]


def natural(name: str) -> str:
    """A listed name as a sentence writes it: no brackets, aliases, degrees, father's names."""
    plain = re.sub(r"\([^)]*\)?|\"[^\"]*\"?", " ", name)
    plain = re.sub(r"@.*|\b[sdw]/o\b.*|\b(?:alias|urf)\b.*|\d+| - .*", " ", plain, flags=re.I)
    head, _, tail = plain.partition(",")
    plain = f"{tail} {head}" if tail.strip() else head
    plain = re.sub(r"\b(?:dr|adv|prof|shri|smt)\b\.?", " ", plain, flags=re.I)
    plain = re.sub(r"\badvocate$", " ", plain.strip(), flags=re.I)
    words = re.sub(r"\.\s*", ". ", re.sub(r"(?:\s|(?<=\w\w))\.", " ", plain)).split()
    return " ".join(word if re.fullmatch(r"[A-Z]\.?", word) else word.title() for word in words)


def shapes(name: str, draw: random.Random) -> dict[str, str]:
    """The name in several writings."""
    words = name.split()
    long = [word for word in words if len(word.strip(".")) > 1]
    respelt = name
    for one, other in RESPELT:
        if one in respelt.lower() and draw.random() < 0.5:
            respelt = re.sub(one, other, respelt, count=1)
    found = {"as listed": name, "in capitals": name.upper(), "respelt": respelt}
    if len(long) > 2:
        found["first and last"] = f"{long[0]} {long[-1]}"
    if len(long) == 2 and len(words) == 2:
        found["initial and last"] = f"{long[0][0]}. {long[-1]}"
    return found


def planted(people: Sequence[KnownPerson], context: str, seed: int, shape: str) -> list[Planted]:
    """A text for each person who has what the context needs."""
    made = []
    for number, person in enumerate(people):
        draw = random.Random(f"{seed} {number} {context}")
        name = shapes(natural(person.name), draw).get(shape)
        if not name or not _has(person, context):
            continue
        words = {
            "name": "\x00",
            "role": "MP" if person.role.startswith("MP") else "Lok Sabha candidate",
            "party": person.party,
            "place": person.place.strip().title(),
        }
        clause = draw.choice(CLAUSES[context]).format(**words)
        text = draw.choice(CARRIERS).format(age=draw.randrange(20, 80), clause=clause)
        at = text.index("\x00")
        made.append(Planted(text.replace("\x00", name), at, at + len(name), person, context))
    return made


def _has(person: KnownPerson, context: str) -> bool:
    party = person.party not in ("IND", "Independent", "")
    return (context != "party" or party) and ("place" not in context or bool(person.place.strip()))


def covered(one: Planted, findings: Iterable[Finding]) -> bool:
    shared = (
        min(one.end, found.end) - max(one.start, found.start) for found in findings if found.valid
    )
    return 2 * max(shared, default=0) >= one.end - one.start


def recall(rows: Sequence[Planted], detector: Detector, show: bool = False) -> dict[str, Any]:
    findings = detector([row.text for row in rows])
    pairs = list(zip(rows, findings, strict=True))
    missed = [row for row, found in pairs if not covered(row, found)]
    if show:
        print("\n".join(f"    missed: {row.text}  [{row.person}]" for row in missed[:12]))
    return {"planted": len(rows), "found": len(rows) - len(missed),
            "recall": round(1 - len(missed) / len(rows), 4) if rows else None}  # fmt: skip


def measured_recall(people: list[KnownPerson], size: int, seed: int, show: bool) -> dict[str, Any]:
    sample = random.Random(seed).sample(people, min(size, len(people)))
    listed = find_with(Gazetteer(people))
    found: dict[str, Any] = {}
    for context in CLAUSES:
        for shape in ("as listed", "in capitals", "first and last", "initial and last", "respelt"):
            rows = planted(sample, context, seed, shape)
            detectors = (("with the list", listed), ("no list", find))
            found[f"{context}; {shape}"] = {
                name: recall(rows, detector, show and name == "with the list" and context != "none")
                for name, detector in detectors
            }
    return found


def shared_names(people: list[KnownPerson], size: int, seed: int) -> dict[str, Any]:
    """Other people of the same names: how often the list condemns them."""
    sample = random.Random(seed + 1).sample(people, min(size, len(people)))
    listed = Gazetteer(people)
    rows = planted(sample, "none", seed, "as listed")
    condemned = _condemned(listed, [row.text for row in rows])
    elsewhere = [
        row.text.removesuffix(".") + f" in {sample[number - 1].place.strip().title()}."
        for number, row in enumerate(rows)
    ]
    return {
        "a listed name alone": {"texts": len(rows), "condemned": condemned},
        "a listed name and another's place": {
            "texts": len(rows),
            "condemned": _condemned(listed, elsewhere),
        },
    }


def _condemned(listed: Gazetteer, texts: list[str]) -> int:
    return sum(any(one.meant for one in row) for row in listed.mentions(as_texts(texts)))


def source_names(people: list[KnownPerson], size: int, seed: int) -> dict[str, Any]:
    """A page names a person; the persona repeats one word of the name, or only the place."""
    sample = random.Random(seed + 4).sample(people, min(size, len(people)))
    told: dict[str, list[tuple[str, str]]] = {"one word of the name": [], "the place alone": []}
    for number, person in enumerate(sample):
        draw = random.Random(f"{seed} {number} page")
        name, place = natural(person.name), person.place.strip().title()
        word = max(name.split(), key=len, default="")
        if len(name.split()) < 2 or len(word) < 4 or not place or is_of_india(word):
            continue
        page = draw.choice(PAGES).format(name=name, place=place, party="BJP")
        for kind, clause in (
            ("one word of the name", word),
            ("the place alone", f"a man in {place}"),
        ):
            text = draw.choice(CARRIERS).format(age=draw.randrange(20, 80), clause=clause)
            told[kind].append((text, page))
    found = {}
    for kind, rows in told.items():
        columns = dict(
            zip(("persona", "origin_text"), map(list, zip(*rows, strict=True)), strict=True)
        )
        frame = daft.from_pydict(columns).select(PersonalName().evidence().alias("evidence"))
        fails = [row["evidence"]["fails"] for row in frame.to_pylist()]
        found[kind] = {"personas": len(rows), "failed": sum(fails)}
    return found


def invented_names(data: Path, people: list[KnownPerson], size: int, seed: int) -> dict[str, Any]:
    """Names drawn from the name lists, who are nobody: seen by their shape, not by the list."""
    given, last = _name_lists(data)
    draw = random.Random(seed + 2)
    texts = []
    for _ in range(size):
        name = f"{draw.choice(given)} {draw.choice(last)}"
        clause = draw.choice(CLAUSES["none"]).format(name=name)
        text = draw.choice(CARRIERS).format(age=draw.randrange(20, 80), clause=clause)
        texts.append(text.removesuffix(".") + f" in {draw.choice(people).place.strip().title()}.")
    return {
        "texts": size,
        "condemned by the list": _condemned(Gazetteer(people), texts),
        "seen as a name by shape": sum(map(bool, find(texts))),
    }


def _name_lists(data: Path) -> tuple[list[str], list[str]]:
    """Given names and surnames in Latin script."""
    found: tuple[set[str], set[str]] = (set(), set())
    for path in sorted((data / "names_india").glob("indic_faker_*.py.txt")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.List):
                kind = ast.unparse(node.targets[0])
                if "NAMES" in kind:
                    found["LAST" in kind].update(ast.literal_eval(node.value))
    latin = (sorted(name for name in names if name.isascii() and name.isalpha()) for names in found)
    return next(latin), next(latin)


def false_hits(data: Path, people: list[KnownPerson], show: bool) -> dict[str, Any]:
    """Places and persona sets: texts with any finding."""
    names = pq.read_table(data / "pincodes_geonames" / "pincodes.parquet")["place"].to_pylist()
    drawn = random.Random(3).sample(sorted(set(filter(None, names))), 5_000)
    sentences = [
        f"A 34-year-old weaver in {name} who sells saris to a cooperative." for name in drawn
    ]
    persona_texts = pq.read_table(data / "personas" / "dev.parquet")
    sets = Counter(persona_texts["source"].to_pylist())
    by_set: Counter[str] = Counter()
    condemned: Counter[str] = Counter()
    texts = persona_texts["persona"].to_pylist()
    listed = find_with(Gazetteer(people))
    for source, text, found, both in zip(
        persona_texts["source"].to_pylist(), texts, find(texts), listed(texts), strict=True
    ):
        by_set[source] += bool(found)
        condemned[source] += sum(one.valid for one in both) > len(found)
        if show and found and source == "persona_hub_tool":
            print("   ", [text[one.start : one.end] for one in found], "|", text[:110])
    found = find(sentences)
    if show:
        print(
            [
                s[one.start : one.end]
                for s, row in zip(sentences, found, strict=True)
                for one in row
            ][:60]
        )
    return {
        "places of the post office": {
            "texts": len(sentences),
            "with a name": sum(map(bool, found)),
        },
        "persona sets": {
            source: {"texts": sets[source], "with a name": by_set[source],
                     "more with the list": condemned[source]} for source in sorted(sets)
        },
    }  # fmt: skip


def speed(data: Path, people: list[KnownPerson]) -> dict[str, Any]:
    """Different texts a CPU-second, each set once."""
    personas = pq.read_table(data / "personas" / "dev.parquet")["persona"].to_pylist()
    news = pq.read_table(data / "indicnews_headlines" / "dev.parquet")["text"].to_pylist()
    sets = {
        "personas": [text for text in dict.fromkeys(personas) if len(text) < 600],
        "news headlines, 11 languages": list(dict.fromkeys(news))[:40_000],
    }
    detectors = {"find": find, f"find_with, {len(people):,} people": find_with(Gazetteer(people))}
    found: dict[str, Any] = {}
    for name, texts in sets.items():
        found[name] = {"texts": len(texts), "characters a text": sum(map(len, texts)) // len(texts)}
        for way, detector in detectors.items():
            detector(texts[:100])
            found[name][way] = _rate(lambda: detector(texts), len(texts))  # noqa: B023
        frame = daft.from_pydict({"persona": texts, "origin_text": [""] * len(texts)}).collect()
        column = PersonalName().evidence().alias("evidence")
        found[name]["judge"] = _rate(lambda: frame.select(column).to_arrow(), len(texts))  # noqa: B023
    return found


def _rate(run: Callable[[], object], rows: int) -> int:
    begun = time.process_time()
    run()
    return round(rows / (time.process_time() - begun))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show", action="store_true", help="print what was missed or wrongly hit")
    given = parser.parse_args()
    people = people_of(given.data)
    figures = {
        "recall": measured_recall(people, given.people, given.seed, given.show),
        "shared names": shared_names(people, given.people, given.seed),
        "invented names": invented_names(given.data, people, given.people, given.seed),
        "names of the source": source_names(people, given.people, given.seed),
        "false hits": false_hits(given.data, people, given.show),
        "texts a CPU-second": speed(given.data, people),
    }
    print(json.dumps(figures, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
