"""The beginning of every source, through ingest: what a plan knows of documents without a build."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import daft
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from indic_persona_hub import records
from indic_persona_hub.ingest.documents import Ingest
from indic_persona_hub.ingest.duplicates import rejected_duplicates
from indic_persona_hub.ingest.lines import unreadable
from indic_persona_hub.ingest.persona_sets import PersonaSource, pool_units
from indic_persona_hub.ingest.sources import Source, read_pages, source_files
from indic_persona_hub.stage import REASON, Workbench

#: Rows of a source that are read; a longer source is scaled up.
SAMPLE_ROWS: Final = 2_000
#: Stretches of those rows; how they differ says how far the scaling can be trusted.
_STRETCHES: Final = 20
_READ_BYTES: Final = 1 << 16
#: Of a JSONL persona set, the lines that its number of rows is scaled from.
_LINES_COUNTED: Final = 1_000
_KEYS: Final = ["id", "source", "source_id", "url", "row"]
#: What names a row among the dropped duplicates.
_PLACE: Final = ("id", "source", "row")
_NUMBERED: Final = pa.schema([*records.DOCUMENT, ("number", pa.int64())])

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """One source, as far as it was read.

    Attributes:
        scale: Rows in all for each row read.
        sizes: Of each stretch of rows, what the scaling goes by: bytes of the file, or rows where
            their number is known.
        documents: Of each stretch.
    """

    rows: int
    scale: float
    sizes: Numbers
    documents: Numbers


@dataclass(frozen=True)
class Sample:
    """The documents of the rows that were read, duplicates among them dropped.

    Attributes:
        parts: By source.
        documents: `records.DOCUMENT` and `weight` (float64): how many documents each stands for.
    """

    parts: tuple[Part, ...]
    documents: pa.Table

    @property
    def exact(self) -> bool:
        """Every row was read."""
        return all(part.scale == 1 for part in self.parts)

    @property
    def rows(self) -> int:
        """Rows in all."""
        return sum(round(part.rows * part.scale) for part in self.parts)

    @property
    def count(self) -> int:
        """Documents in all."""
        return round(float(sum(part.scale * part.documents.sum() for part in self.parts)))

    def counts_drawn(self, chance: np.random.Generator, times: int) -> Numbers:
        """Documents in all, `times` over, as they would be had other stretches been read."""
        return sum((_drawn(part, chance, times) for part in self.parts), np.zeros(times))


def _drawn(part: Part, chance: np.random.Generator, times: int) -> Numbers:
    found = part.scale * part.documents.sum()
    stretches = len(part.sizes)
    if part.scale == 1 or not found:
        return np.full(times, found)
    picked = chance.multinomial(stretches, np.full(stretches, 1 / stretches), times)
    dense = (picked @ part.documents) / (picked @ part.sizes)
    return np.asarray(dense * part.scale * part.sizes.sum(), np.float64)


def read_sample(sources: Sequence[Source], stage: Ingest) -> Sample:
    """Read the beginning of every source and run the ingest stage over it.

    Raises:
        SourceError: A source cannot be read.
    """
    read = [_read(source, stage) for source in sources]
    kept = _without_duplicates([one.documents for one in read])
    parts = tuple(map(_part, sources, read, kept))
    weighed = [
        table.drop_columns(["number"]).append_column(
            "weight", pa.array(np.full(table.num_rows, part.scale))
        )
        for table, part in zip(kept, parts, strict=True)
    ]
    return Sample(parts, pa.concat_tables(weighed))


def pool_rows(sources: Sequence[PersonaSource]) -> tuple[int, bool]:
    """Rows of persona sets, and whether they were counted; JSONL files are scaled from their
    first 1,000 lines.

    Raises:
        SourceError: A source cannot be read.
    """
    rows, exact = 0.0, True
    for source in sources:
        for unit in pool_units(source):
            if unit.rows is None:
                exact = False
                rows += _lines_of(unit.path)
            else:
                rows += unit.rows
    return round(rows), exact


def _lines_of(path: Path) -> float:
    starts, size = _line_starts(path, _LINES_COUNTED + 1), path.stat().st_size
    if len(starts) > _LINES_COUNTED:
        return _LINES_COUNTED * size / float(starts[-1])
    return len(starts) - float(round(starts[-1]) >= size)


class _Read(NamedTuple):
    """Of one source: documents with the `number` of the page that each was, where every page stands
    ("file.jsonl:17"), and rows, pages or not.
    """

    documents: pa.Table
    places: list[str]
    rows: int


def _read(source: Source, stage: Ingest) -> _Read:
    documents, places, rows = [_NUMBERED.empty_table()], list[str](), 0
    limit = min(source.limit or SAMPLE_ROWS, SAMPLE_ROWS)
    for batch in read_pages(source.model_copy(update={"limit": limit})):
        rows += batch.pages.num_rows + batch.rejected.num_rows
        made = stage.apply(daft.from_arrow(batch.pages), cast(Workbench, None)).to_arrow()
        numbers = range(len(places), len(places) + made.num_rows)
        kept = made.append_column("number", pa.array(numbers)).filter(pc.is_null(made[REASON]))
        documents.append(kept.select(_NUMBERED.names).cast(_NUMBERED))
        places += made["row"].to_pylist()
    return _Read(pa.concat_tables(documents), places, rows)


def _without_duplicates(read: Sequence[pa.Table]) -> list[pa.Table]:
    """As ingest drops them, of all sources together."""
    doubled = rejected_duplicates(pa.concat_tables(one.select(_KEYS) for one in read))
    # Counted, not only named: of two equal texts at one place of two files, one stays.
    drop = Counter(tuple(row[name] for name in _PLACE) for row in doubled.to_pylist())
    return [table.filter(pa.array(list(_stays(table, drop)), pa.bool_())) for table in read]


def _stays(table: pa.Table, drop: Counter[tuple[Any, ...]]) -> Iterator[bool]:
    for place in zip(*(table[name].to_pylist() for name in _PLACE), strict=True):
        drop[place] -= 1
        yield drop[place] < 0


def _part(source: Source, read: _Read, kept: pa.Table) -> Part:
    pages = len(read.places)
    stretch = np.arange(pages) * _STRETCHES // max(1, pages)
    scale, sizes = _scale(source, read)
    return Part(
        read.rows,
        scale,
        np.bincount(stretch, sizes, _STRETCHES).astype(np.float64),
        np.bincount(stretch[kept["number"].to_numpy()], None, _STRETCHES).astype(np.float64),
    )


def _scale(source: Source, read: _Read) -> tuple[float, Numbers]:
    """Rows in all for each row read, and the size of each page in what that was told from."""
    ones = np.ones(len(read.places))
    if read.rows < SAMPLE_ROWS or source.limit == read.rows or not read.places:
        return 1.0, ones
    rows = _known_rows(source)
    sizes = ones
    if rows is None:
        starts = _starts(source_files(source), read.places)
        reached = starts[-1] * read.rows / max(1, read.rows - 1)
        all_bytes = sum(path.stat().st_size for path in source_files(source))
        rows = round(read.rows * all_bytes / max(1, reached))
        sizes = np.diff(starts, append=reached)
    if source.limit is not None and source.limit < rows:
        return source.limit / read.rows, ones
    return max(1.0, rows / read.rows), sizes


def _known_rows(source: Source) -> int | None:
    """How many rows the source has, where that can be told without reading them."""
    files = source_files(source)
    if source.kind == "text":
        return len(files)
    if source.kind == "parquet":
        return sum(int(pq.read_metadata(path).num_rows) for path in files)
    return None


def _starts(files: Sequence[Path], places: Sequence[str]) -> Numbers:
    """The byte of all files, one behind the other, at which the row at each place begins."""
    lines: dict[str, list[int]] = {}
    for place in places:
        name, _, line = place.rpartition(":")
        lines.setdefault(name, []).append(int(line))
    found = []
    for name, wanted in lines.items():
        index = _named(files, name)
        before = sum(path.stat().st_size for path in files[:index])
        starts = _line_starts(files[index], max(wanted))
        found.append(before + starts[np.minimum(wanted, len(starts)) - 1])
    return np.concatenate(found)


def _named(files: Sequence[Path], name: str) -> int:
    """Which of the files a row's place names, by its path below the source's folder."""
    for index, path in enumerate(files):
        base = path.as_posix().removesuffix(name)
        if all(one.as_posix().startswith(base) for one in files) and base != path.as_posix():
            return index
    return len(files) - 1


def _line_starts(path: Path, lines: int) -> Numbers:
    """The byte of the file, as it lies on the disk, at which each of its first lines begins."""
    inflate = _Inflate() if path.suffix == ".gz" else bytes
    starts: list[Numbers] = [np.zeros(1)]
    found, done = 1, 0
    try:
        with path.open("rb") as file:
            while found < lines and (block := file.read(_READ_BYTES)):
                text = np.frombuffer(inflate(block), np.uint8)
                ends = np.flatnonzero(text == ord("\n")) + 1
                starts.append(done + ends.astype(np.float64) * (len(block) / max(1, len(text))))
                done += len(block)
                found += len(ends)
    except (OSError, zlib.error) as error:
        raise unreadable(path, error) from error
    return np.concatenate(starts)[:lines]


class _Inflate:
    """Unpacks a gzip file block by block; it may have several members."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)

    def __call__(self, block: bytes) -> bytes:
        found = self._member.decompress(block)
        while self._member.eof:
            rest = self._member.unused_data
            self._member = zlib.decompressobj(wbits=31)
            found += self._member.decompress(rest)
        return found
