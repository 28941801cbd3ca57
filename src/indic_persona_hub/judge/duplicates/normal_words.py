"""The words of many texts at once: where each starts and ends, in folded UTF-16 code units.

The words are those of `words.words_of`: caseless, the same for all canonically equivalent spellings
(NFC), without joiners and punctuation. Nearly all texts are folded unit for unit by table; one that
holds what a table cannot fold is casefolded and composed by itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub.judge.duplicates.code_units import (
    CASED,
    JOINER,
    WORD,
    Kinds,
    Units,
    code_units,
    kinds_of,
    unsettled,
)

Rows = npt.NDArray[np.int64]

#: Texts are taken by this much UTF-8, or one at a time where one is larger.
_BATCH_BYTES: Final = 2**20

_SPACE: Final = " ".encode("utf-16-le")


class Words(NamedTuple):
    """The words of some texts, in order.

    Attributes:
        units: Folded UTF-16 code units; between the words of a text stands at least one other unit.
        inside: For each unit whether it is one of a word: 1, else 0.
        starts: Where each word starts in `units`.
        ends: Where each word ends.
        counts: How many words each text has.
    """

    units: Units
    inside: Kinds
    starts: Rows
    ends: Rows
    counts: Rows


class _Texts(NamedTuple):
    """Texts with a zero between them; text i starts at `starts[i]` and ends before the zero."""

    units: Units
    kinds: Kinds
    starts: Rows


def words_by_batch(personas: pa.ChunkedArray) -> Iterator[Words]:
    """The words of all texts, some texts at a time, in order.

    Args:
        personas: Strings, never null.
    """
    for chunk in personas.chunks or [pa.array([], pa.string())]:
        texts = chunk.cast(pa.large_string())
        offsets = _offsets(texts)
        past = 0
        while not past or past < len(texts):
            at = past
            past = int(np.searchsorted(offsets, offsets[at] + _BATCH_BYTES, "right")) - 1
            past = max(past, at + 1)
            yield _words(_settled(texts.slice(at, past - at)))


def _offsets(texts: pa.LargeStringArray) -> Rows:
    if not len(texts):
        return np.zeros(1, np.int64)
    return np.frombuffer(texts.buffers()[1], np.int64)[texts.offset : texts.offset + len(texts) + 1]


def _settled(texts: pa.LargeStringArray) -> _Texts:
    units = _units(texts)
    folded = _Texts(units, kinds_of(units), _starts(units, texts))
    found = unsettled(units, folded.kinds)
    spans = _spans(folded, found)
    rest = [_composed(units[span]) for span in spans]
    cased = np.flatnonzero(folded.kinds >= CASED)
    units[cased] = code_units().folded[units[cased]]
    return _spliced(folded, spans, rest) if spans else folded


def _units(texts: pa.LargeStringArray) -> Units:
    whole = pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts)
    joined = pc.binary_join(whole, pa.scalar("\0", pa.large_string()))[0].as_buffer()
    return np.frombuffer(bytearray(str(joined, "utf-8").encode("utf-16-le")), np.uint16)


def _starts(units: Units, texts: pa.LargeStringArray) -> Rows:
    zeros = np.flatnonzero(units == 0)
    if len(zeros) != len(texts) - 1:
        lengths = [len(one.encode("utf-16-le")) // 2 + 1 for one in texts.to_pylist()]
        sizes = np.array(lengths, np.int64)
        return np.cumsum(sizes) - sizes
    return np.append(0, zeros + 1)


def _spans(texts: _Texts, found: Rows) -> list[slice]:
    """The parts of the texts, from one space to the next, that hold the units at `found`.

    No character composes with a space before it.
    """
    rows = np.searchsorted(texts.starts, found, "right")
    begins, ends = texts.starts[rows - 1], np.append(texts.starts, len(texts.units) + 1)[rows] - 1
    raw, spans = texts.units.tobytes(), [slice(0, 0)]
    for unit, begin, end in zip(found.tolist(), begins.tolist(), ends.tolist(), strict=True):
        if unit >= spans[-1].stop:
            spans.append(slice(_past(raw, begin, unit), _next(raw, unit, end)))
    return spans[1:]


def _past(raw: bytes, begin: int, unit: int) -> int:
    """The first unit after the last space before `unit`, or `begin`."""
    at = raw.rfind(_SPACE, 2 * begin, 2 * unit)
    while at % 2:  # the halves of two units, or -1
        at = raw.rfind(_SPACE, 2 * begin, at + 1) if at > 0 else 2 * begin - 2
    return at // 2 + 1


def _next(raw: bytes, unit: int, end: int) -> int:
    """The first space after `unit`, or `end`."""
    at = raw.find(_SPACE, 2 * unit + 2, 2 * end)
    while at % 2:
        at = raw.find(_SPACE, at + 1, 2 * end) if at > 0 else 2 * end
    return at // 2


def _composed(units: Units) -> Units:
    text = unicodedata.normalize("NFC", units.tobytes().decode("utf-16-le").casefold())
    return np.frombuffer(text.encode("utf-16-le"), np.uint16)


def _spliced(texts: _Texts, spans: list[slice], rest: list[Units]) -> _Texts:
    """`texts` with `rest` in place of their `spans`, which ascend."""
    units, kinds = [], []
    rest_kinds = kinds_of(np.concatenate(rest))
    done = used = 0
    for span, new in zip(spans, rest, strict=True):
        units += [texts.units[done : span.start], new]
        kinds += [texts.kinds[done : span.start], rest_kinds[used : used + len(new)]]
        done, used = span.stop, used + len(new)
    grown = [len(new) - (span.stop - span.start) for span, new in zip(spans, rest, strict=True)]
    before = np.searchsorted([span.stop for span in spans], texts.starts)
    return _Texts(
        np.concatenate([*units, texts.units[done:]]),
        np.concatenate([*kinds, texts.kinds[done:]]),
        texts.starts + np.append(0, np.cumsum(grown))[before],
    )


def _words(texts: _Texts) -> Words:
    units, kinds, firsts = _without_joiners(texts)
    inside = np.zeros(len(units) + 2, np.uint8)
    np.bitwise_and(kinds, WORD, out=inside[1:-1])
    edges = np.flatnonzero(inside[1:] != inside[:-1]).reshape(-1, 2)
    starts, ends = np.ascontiguousarray(edges[:, 0]), np.ascontiguousarray(edges[:, 1])
    counts = np.diff(np.searchsorted(starts, firsts), append=len(starts))
    return Words(units, inside[1:-1], starts, ends, counts)


def _without_joiners(texts: _Texts) -> _Texts:
    joined = texts.kinds & (WORD | CASED) == JOINER
    joiners = np.flatnonzero(joined)
    if not len(joiners):
        return texts
    starts = texts.starts - np.searchsorted(joiners, texts.starts)
    kept = ~joined
    return _Texts(texts.units.compress(kept), texts.kinds.compress(kept), starts)
