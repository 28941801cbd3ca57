"""Measure `ingest.language.identify` on texts whose language is stated.

    python benchmarks/language_id.py FOLDER_OR_FILE...

Each argument is a Parquet file, or a folder of them, with the columns id, text and lang. Only rows
whose md5 of the id is odd are counted (the others were looked at while the lists of function words
were written), at most 400 a language and file, and only languages that are told apart here.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from hashlib import md5

from indic_persona_hub.ingest.language import identify, to_iso639_3
from indic_persona_hub.ingest.sources import Source, read_pages

MOST_ROWS = 400


def rows(path: str) -> Iterator[tuple[str, str]]:
    """(language as stated, text) of the held-out rows."""
    source = Source(kind="parquet", path=path, fields={"id": "id", "language": "lang"})
    taken: Counter[str] = Counter()
    for batch in read_pages(source):
        for page in batch.pages.select(["source_id", "text", "stated_language"]).to_pylist():
            language = page["stated_language"]
            if md5(page["source_id"].encode()).digest()[-1] % 2 and taken[language] < MOST_ROWS:
                taken[language] += 1
                yield language, page["text"]


def main(paths: list[str]) -> None:
    """Print one table a path."""
    for path in paths:
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        characters, start = 0, time.perf_counter()
        for stated, text in rows(path):
            identity = identify(text)
            wanted = to_iso639_3(stated) or stated
            found[wanted]["romanised" if identity.romanised else identity.language] += 1
            characters += len(text)
        speed = characters / (time.perf_counter() - start)
        print(f"\n{path}: {speed / 1e6:.1f} million characters/s with reading")
        print("| language | rows | right | und | wrong, as what |\n|---|---|---|---|---|")
        for wanted, got in sorted(found.items()):
            total = got.total()
            wrong = ", ".join(
                f"{n} {one}" for one, n in got.most_common() if one not in (wanted, "und")
            )
            print(f"| {wanted} | {total} | {got[wanted] / total:.1%} | {got['und']} | {wrong} |")


if __name__ == "__main__":
    main(sys.argv[1:])
