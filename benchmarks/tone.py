"""Measure the judge of toxicity and the audit's measures of tone on real texts and persona sets.

    python benchmarks/tone.py --data ../shared/data [--workload DIR] [--json]

Toxicity is laid beside the labels of `hinglish_reddit`, which a language model gave (they
miss coarse words, and see insults that name no toxic word), counted on texts that should hold
none, and on lists of Indian names. Rates are rows per CPU-second of one process, words cut and
tables loaded; DIR is what `benchmarks/workload.py` made.
"""

from __future__ import annotations

import argparse
import ast
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from indic_persona_hub.audit.stewardship.political_tilt import measured as tilt_of
from indic_persona_hub.audit.stewardship.stances import stances_of
from indic_persona_hub.audit.stewardship.valence import valence_of, valences
from indic_persona_hub.judge.harm.toxic_words import Found, ToxicWords, shipped_words
from indic_persona_hub.judge.harm.toxicity import toxic_rows
from indic_persona_hub.reference.chunks import Remembered, Texts

FAILS = 2  # severity from which a persona fails by default
CLEAN = ("personas", "government_schemes", "indicnews_headlines", "indicnews_paragraphs",
         "constitution_of_india", "storyweaver_pratham", "wikipedia_ml", "job_postings_india",
         "kisan_call_centre")  # fmt: skip
ROWS_TIMED = 30_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--workload", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    known = ToxicWords(shipped_words())
    found = {
        "machine_labels": beside_labels(given.data / "hinglish_reddit" / "dev.parquet", known),
        "hits_on_clean_texts": {name: hits(given.data / name, known) for name in CLEAN},
        "hits_on_names": on_names(given.data / "names_india", known),
        "tone": {name: tone(given.data / name) for name in ("personas", "hinglish_reddit")},
        "rows_per_cpu_second": rates(given.data, given.workload, known),
    }
    print(json.dumps(found, ensure_ascii=False, indent=None if given.json else 2))


def toxic(texts: Sequence[str], known: ToxicWords) -> dict[int, list[Found]]:
    return dict(toxic_rows(cut(texts), known, Remembered(known.may_start)))


def cut(texts: Sequence[str]) -> Texts:
    return Texts(pa.array(texts, pa.large_string()))


def texts_of(folder: Path) -> list[str]:
    table = pq.read_table(folder / "dev.parquet")
    column = "persona" if "persona" in table.schema.names else "text"
    return [text or "" for text in table[column].to_pylist()]


def beside_labels(path: Path, known: ToxicWords) -> dict[str, Any]:
    """Precision and recall at each severity; recall of each label at the failing one."""
    table = pq.read_table(path, columns=["text", "label"])
    labels = [set((one or "clean").split(",")) for one in table["label"].to_pylist()]
    found = toxic(table["text"].to_pylist(), known)
    bad = {row for row, one in enumerate(labels) if "clean" not in one}
    by_severity = {}
    for severity in (1, 2, 3):
        flagged = rows_from(found, severity)
        right = len(flagged & bad)
        by_severity[severity] = {
            "flagged": len(flagged),
            "precision": round(right / len(flagged), 3),
            "recall": round(right / len(bad), 3),
        }
    failing = rows_from(found, FAILS)
    by_label = {}
    for name in sorted(set().union(*labels) - {"clean"}):
        rows = {row for row, one in enumerate(labels) if name in one}
        by_label[name] = {"rows": len(rows), "recall": round(len(rows & failing) / len(rows), 3)}
    return {"rows": len(labels), "labelled": len(bad), "from_severity": by_severity,
            "recall_by_label": by_label}  # fmt: skip


def rows_from(found: dict[int, list[Found]], severity: int) -> set[int]:
    return {row for row, some in found.items() if max(one.severity for one in some) >= severity}


def hits(folder: Path, known: ToxicWords) -> dict[str, Any]:
    texts = texts_of(folder)
    found = toxic(texts, known)
    failing = rows_from(found, FAILS)
    words = Counter(one.text.lower() for row in failing for one in found[row])
    return {"rows": len(texts), "coarse": len(found) - len(failing), "failing": len(failing),
            "words": dict(words.most_common(5))}  # fmt: skip


def on_names(folder: Path, known: ToxicWords) -> dict[str, Any]:
    names = sorted({one.strip() for one in names_in(folder)} - {""})
    plain, lower = toxic(names, known), toxic([one.lower() for one in names], known)
    return {"names": len(names), "flagged": [names[row] for row in plain],
            "flagged_in_lower_case": [names[row] for row in lower]}  # fmt: skip


def names_in(folder: Path) -> Iterator[str]:
    for path in sorted(folder.iterdir()):
        text = path.read_text("utf-8-sig")
        if path.suffix == ".json":
            yield from strings(json.loads(text))
        elif path.name.endswith(".py.txt"):
            nodes = ast.walk(ast.parse(text))
            yield from (str(one.value) for one in nodes if isinstance(one, ast.Constant))
        else:
            yield from text.splitlines()


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    inside: Iterable[Any] = value.values() if isinstance(value, dict) else ()
    for one in value if isinstance(value, list) else inside:
        yield from strings(one)


def tone(folder: Path) -> dict[str, Any]:
    texts = texts_of(folder)
    scores = valence_of(texts)
    tilt = tilt_of(texts)
    shown = ("rows_taking_a_stance", "praise", "criticism", "tilt", "interval", "patriotism")
    return {
        "rows": len(texts),
        "valence": round(float(scores.mean()), 3),
        "share_good": round(float((scores > 0).mean()), 3),
        "share_bad": round(float((scores < 0).mean()), 3),
        **{name: tilt[name] for name in shown},
    }


def rates(data: Path, workload: Path | None, known: ToxicWords) -> dict[str, dict[str, int]]:
    personas = texts_of(data / "personas")
    sets = {
        "personas under 400 characters": [one for one in personas if len(one) < 400],
        "personas, long profiles": personas,
        "indicnews_headlines": texts_of(data / "indicnews_headlines")[:ROWS_TIMED],
    }
    if workload is not None:
        path = sorted((workload / "personas").glob("*.parquet"))[0]
        table = pq.read_table(path, columns=["text"]).slice(0, ROWS_TIMED)
        sets["workload, 300 to 1,200 characters"] = table["text"].to_pylist()
    return {name: rates_on(texts, known) for name, texts in sets.items()}


def rates_on(texts: list[str], known: ToxicWords) -> dict[str, int]:
    measures: dict[str, Callable[[Texts], object]] = {
        "toxicity": lambda batch: toxic_rows(batch, known, Remembered(known.may_start)),
        "valence": valences,
        "stances": lambda batch: list(stances_of(batch)),
    }
    found = {}
    for name, measure in measures.items():
        started = time.process_time()
        measure(cut(texts))
        found[name] = round(len(texts) / (time.process_time() - started))
    return found


if __name__ == "__main__":
    main()
