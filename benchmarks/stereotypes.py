"""Measure the stereotype audit: planted stereotypes, planted marked words, chance, speed.

python benchmarks/stereotypes.py planted --personas SET.parquet --lists LISTS --share 0.05
python benchmarks/stereotypes.py chance --personas SET.parquet --draws 100
python benchmarks/stereotypes.py fair --personas SET.parquet --lists LISTS --draws 100 --rows 1000
python benchmarks/stereotypes.py marked --personas SET.parquet --draws 20
python benchmarks/stereotypes.py speed --personas SET.parquet --rows 200000

SET has a column `persona`; LISTS is a folder of published lists. Everything is drawn with a fixed
seed. To make it hard, every second persona of the pool is given an identity of the lists at random
("... Is Bengali."), so that what lists say of groups meets them by chance too.
"""

import argparse
import json
import random
import resource
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from indic_persona_hub.audit.audit import audit
from indic_persona_hub.audit.coding.coded import Coded
from indic_persona_hub.audit.coding.parts import named
from indic_persona_hub.audit.coding.pool_parts import attributes_of_texts
from indic_persona_hub.audit.stewardship.claim_counts import Claims, count_claims
from indic_persona_hub.audit.stewardship.counting import (
    WordCounts,
    count_words,
    holding,
    spread_of,
)
from indic_persona_hub.audit.stewardship.gathering import SAMPLE, Gathered, Sampled, gather
from indic_persona_hub.audit.stewardship.groups import ALL_ROWS, GROUPS, PLACES, Group, belonging
from indic_persona_hub.audit.stewardship.imagery import count_imagery
from indic_persona_hub.audit.stewardship.list_rows import list_files, list_rows
from indic_persona_hub.audit.stewardship.lists import Lists, read_lists
from indic_persona_hub.audit.stewardship.marked_words import Found, marked_words
from indic_persona_hub.audit.stewardship.measured import stewardship
from indic_persona_hub.audit.stewardship.sentiment import count_tone
from indic_persona_hub.audit.stewardship.valence import valence_of
from indic_persona_hub.audit.tables import marginal_of, officials_of
from indic_persona_hub.records import ATTRIBUTE
from indic_persona_hub.reference.chunks import Remembered, Texts
from indic_persona_hub.reference.dimensions import DIMENSIONS

_FRAMES = (
    "A {identity} {said} who has lived in the same lane for thirty years.",
    "A {identity} neighbour, known to all as {said}, who saves for a scooter.",
    "A {identity} parent of two, {said}, with a daily bus ride to the market.",
)
_HOPED = ("Muslim", "Hindu", "Christian", "Sikh", "Dalit", "Bengali", "Bihari", "Punjabi", "Jain")


def texts_of(path: Path) -> list[str]:
    """The texts of the set that are not empty."""
    return [one for one in pq.read_table(path)["persona"].to_pylist() if one and one.strip()]


def stereotypes(lists: Path, chance: random.Random) -> list[str]:
    """A sentence or a short persona for each row of the lists that calls something a stereotype."""
    found = []
    for file in list_files(lists):
        for row in list_rows(file):
            if "modified_eng_sent_more" in row and row["stereo_antistereo"] == "stereo":
                found.append(row["modified_eng_sent_more"])
            elif "target_stereotypical" in row:
                target = row["target_stereotypical"].strip("[]").split(",")[0].strip("'\"")
                found.append(row["sentence"].replace("MASK", target) + ".")
            elif 2 * int(row.get("stereotypical", 0)) >= max(1, int(row.get("total", 1))):
                names = {"identity": row["identity_term"].title(), "said": row["token"]}
                found.append(chance.choice(_FRAMES).format(**names))
    return sorted(set(found))


def pool_of(texts: list[str], lists: Path, share: float) -> tuple[list[str], list[bool]]:
    """The texts, every second with an identity, and planted stereotypes: `share` of the pool."""
    chance = random.Random(7)
    base = [
        f"{text} Is {chance.choice(_HOPED)}." if place % 2 else text
        for place, text in enumerate(texts)
    ]
    planted = stereotypes(lists, chance)
    chance.shuffle(planted)
    wanted = round(len(base) * share / (1 - share))
    drawn = [planted[place % len(planted)] for place in range(wanted)]
    mixed = [(text, False) for text in base] + [(text, True) for text in drawn]
    chance.shuffle(mixed)
    return [text for text, _ in mixed], [one for _, one in mixed]


def planted(path: Path, lists: Path, share: float) -> dict[str, Any]:
    """Which planted rows are found, row by row and as a set."""
    texts, truth = pool_of(texts_of(path), lists, share)
    known = read_lists(lists)
    by_claim = repeated(texts, known)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pool.parquet"
        pq.write_table(pa.table({"persona": texts}), file)
        found = audit(file, lists=lists)["stewardship"]["lists"]
    flagged = {(one["identity"], one["said"]) for one in found["claims"] if one["flagged"]}
    names = [(known.identities[who].name, known.said[it].name) for who, it in known.claims]
    of_flagged = np.array([name in flagged for name in names])
    rows = {
        "any claim": by_claim.any(axis=1),
        "flagged claims": by_claim[:, of_flagged].any(axis=1),
    }
    numbers = ("claims_flagged", "rows_repeating", "share_beyond_chance", "fails")
    return {
        "rows": len(texts),
        "planted": sum(truth),
        **{name: _precision(mask, np.array(truth)) for name, mask in rows.items()},
        **{name: found[name] for name in numbers},
        "failing_rows": len(found["failing_rows"]),
    }


def _precision(found: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    right = int((found & truth).sum())
    return {
        "found": int(found.sum()),
        "precision": round(right / max(int(found.sum()), 1), 3),
        "recall": round(right / max(int(truth.sum()), 1), 3),
    }


def repeated(texts: list[str], lists: Lists) -> np.ndarray:
    """Which text (rows) repeats which claim (columns)."""
    spread = spread_of(Texts(pa.array(texts, pa.large_string())))
    belongs = belonging(named(attributes(texts)), len(texts))
    return Claims(lists).repeated(spread, holding(spread), belongs)[2].toarray() > 0


def attributes(texts: list[str]) -> pa.Table:
    """`records.ATTRIBUTE_EVIDENCE` as the audit reads it from texts."""
    ids = [str(place) for place in range(len(texts))]
    return attributes_of_texts(pa.table({"id": ids, "persona": texts}))


class Counted:
    """Texts whose words are read once, to be counted by any genders."""

    def __init__(self, texts: list[str]) -> None:
        self._spread = spread_of(Texts(pa.array(texts, pa.large_string())))
        self._held = holding(self._spread)

    def found(self, genders: list[str]) -> Found:
        """The words that mark the genders."""
        cells = [{"value": one, "words": None, "origin": "column"} for one in genders]
        belongs = belonging({"gender": pa.array(cells, ATTRIBUTE)}, len(genders))
        words = WordCounts()
        count_words(words, self._spread, self._held, belongs)
        return marked_words(words, belongs.sum(axis=0, dtype=np.int64))


def chance(path: Path, draws: int) -> dict[str, Any]:
    """Genders drawn for texts that have nothing to do with them: how often any word is marked."""
    texts = texts_of(path)
    counted, wrong, tested = Counted(texts), 0, 0
    for draw in range(draws):
        drawn = random.Random(draw).choices(("female", "male"), (0.2, 0.8), k=len(texts))
        found = counted.found(drawn)
        wrong += bool(found.words)
        tested = found.tested
    return {"rows": len(texts), "draws": draws, "draws_with_a_word": wrong, "tested": tested}


def fair(path: Path, lists: Path | None, draws: int, rows: int) -> dict[str, Any]:
    """Sets of whose texts nothing goes with the attributes: texts drawn from those of the set,
    attributes drawn one by one at the official shares. How many of them fail any check.
    """
    texts = np.array(texts_of(path), object)
    known = read_lists(lists) if lists else Lists()
    score, alarmed, kinds = Remembered(_tone), 0, Counter[str]()
    for draw in range(draws):
        luck = np.random.default_rng([rows, draw])
        drawn = texts[luck.choice(len(texts), rows, replace=rows > len(texts))].tolist()
        belongs = _belonging_by_chance(rows, luck)
        spread = spread_of(Texts(pa.array(drawn, pa.large_string())))
        held, ids = holding(spread), [str(row) for row in range(rows)]
        one = Gathered.nothing(known)
        one.rows = belongs.sum(axis=0, dtype=np.int64)
        count_words(one.words, spread, held, belongs)
        one.imagery = count_imagery(spread, held, belongs, ids)
        one.tone = count_tone(drawn, belongs, lambda some: np.array([score[it] for it in some]))
        if known.claims:
            one.claims = count_claims(known, spread, held, belongs, ids)
        one.sample = [
            Sampled(row / rows, ids[row], drawn[row], tuple(np.flatnonzero(belongs[row]).tolist()))
            for row in range(min(rows, SAMPLE))
        ]
        found = stewardship(Coded(rows, {}, gathered=one), known, [])
        kinds.update(found["failing"])
        alarmed += bool(found["failing"])
    return {"rows": rows, "draws": draws, "draws_with_alarm": alarmed, "alarms": dict(kinds)}


def _tone(text: str) -> float:
    return float(valence_of([text])[0])


def _belonging_by_chance(rows: int, luck: np.random.Generator) -> np.ndarray:
    """`groups.belonging` of rows that all state every attribute, at the shares of Census 2011."""
    officials, found = officials_of(2011), {}
    for name, dimension in _OFFICIAL.items():
        share = marginal_of(officials, (dimension,)).persons
        values = np.array(DIMENSIONS[dimension].values)
        drawn = values[luck.choice(len(values), rows, p=share / share.sum())].tolist()
        cells = [{"value": one, "words": None, "origin": "column"} for one in drawn]
        found[name] = pa.array(cells, ATTRIBUTE)
    return belonging(found, rows)


_OFFICIAL = {
    "gender": "sex",
    "religion": "religion",
    "community": "community",
    "state": "state",
    "residence": "residence",
    "age_band": "age_band",
    "disability": "disability",
}


def marked(path: Path, draws: int) -> dict[str, Any]:
    """Ten words planted in the personas of women, some times as often as in the others."""
    texts, said = texts_of(path), [f"planted{letter}word" for letter in "abcdefghij"]
    results = []
    for times in (1.5, 2, 3, 5):
        right = found_all = 0
        for draw in range(draws):
            luck = random.Random(draw)
            drawn = luck.choices(("female", "male"), (0.3, 0.7), k=len(texts))
            mixed = []
            for text, gender in zip(texts, drawn, strict=True):
                often = 0.02 * (times if gender == "female" else 1)
                extra = [word for word in said if luck.random() < often]
                mixed.append(" ".join([text, *extra]))
            found = Counted(mixed).found(drawn).words
            words = {one.word for one in found if one.group == PLACES[Group("gender", "female")]}
            right += len(words.intersection(said))
            found_all += len(words)
        results.append({
            "times_as_often": times, "recall": round(right / draws / len(said), 3),
            "precision": round(right / max(found_all, 1), 3),
        })  # fmt: skip
    return {"rows": len(texts), "in_the_rest": 0.02, "draws": draws, "found": results}


def speed(path: Path, lists: Path | None, rows: int) -> dict[str, Any]:
    """What gathering costs beside the reading of attributes."""
    texts = texts_of(path)
    many = [f"{texts[place % len(texts)]} {place}" for place in range(rows)]
    begun = time.process_time()
    found = attributes(many[:5_000])
    reading = (time.process_time() - begun) / 5_000
    known = read_lists(lists) if lists else Lists()
    one, arrays = Gathered.nothing(known), named(found)
    begun = time.process_time()
    for first in range(0, rows, 5_000):
        gather(one, many[first : first + 5_000], [str(n) for n in range(5_000)], arrays, known)
    gathering = (time.process_time() - begun) / rows
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    characters = sum(map(len, texts)) / len(texts)
    return {
        "rows": int(one.rows[ALL_ROWS]),
        "characters_a_row": round(characters),
        "groups": len(GROUPS),
        "claims": len(known.claims),
        "reading_microseconds_a_row": round(1e6 * reading, 1),
        "gathering_microseconds_a_row": round(1e6 * gathering, 1),
        "words": len(one.words.words),
        "peak_gb": round(peak, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("planted", "chance", "fair", "marked", "speed"))
    parser.add_argument("--personas", type=Path, required=True)
    parser.add_argument("--lists", type=Path)
    parser.add_argument("--share", type=float, default=0.05)
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--rows", type=int, default=200_000)
    given = parser.parse_args()
    if given.what == "planted":
        if given.lists is None:
            parser.error("planted needs --lists")
        print(json.dumps(planted(given.personas, given.lists, given.share), indent=1))
    elif given.what == "fair":
        drawn = fair(given.personas, given.lists, given.draws, given.rows)
        print(json.dumps(drawn, indent=1))
    elif given.what == "speed":
        print(json.dumps(speed(given.personas, given.lists, given.rows), indent=1))
    else:
        run = chance if given.what == "chance" else marked
        print(json.dumps(run(given.personas, given.draws), indent=1))


if __name__ == "__main__":
    main()
