"""k-anonymity: every released combination of attribute values is shared by at least k personas.

Combinations of all slices are counted first, as narrow codes. Those that too few personas share
are made coarser (see `coarser`) and counted again among those that are left, until the last step,
which leaves them out of the scope. So the released rows of each step are at least k by themselves,
and the order of rows and slices changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from indic_persona_hub import records
from indic_persona_hub.release.coarser import Step, steps
from indic_persona_hub.release.combinations import counted, in_question, values_of
from indic_persona_hub.release.kept import kept_attributes
from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.workers import in_processes

if TYPE_CHECKING:
    from indic_persona_hub.run.settings import Anonymity, Sensitive

_NAMES: Final = records.ATTRIBUTES
#: Codes of the values of each attribute, one column an attribute; 0 is no value.
Codes = NDArray[np.uint16]
_MOST_CLASSES: Final = 2**62


class Counts(NamedTuple):
    """Of some rows the `combinations` as `combinations.counted` gives them, and of each attribute
    that is not kept how many state each value.
    """

    combinations: pa.Table
    withheld: dict[str, Counter[str]]


@dataclass(frozen=True)
class Plan:
    """What becomes of the attributes of each row.

    Attributes:
        withheld: Attributes that no row tells.
        over: As `Anonymity.over`.
        personas: How many personas in the scope each step releases; the last is left out of it.
        totals: Of each attribute told as a total only, personas by value, of k and more.
        values: The values of each attribute by code, from 1.
        coarser: For each step the code that each code of an attribute becomes.
        enough: For each step but the last the combinations that it releases, as bytes.
    """

    withheld: tuple[str, ...]
    over: str
    personas: tuple[int, ...]
    totals: dict[str, dict[str, int]]
    values: tuple[pa.Array, ...]
    coarser: tuple[tuple[Codes, ...], ...]
    enough: tuple[frozenset[bytes], ...]

    def released(self, rows: pa.Table) -> pa.Table:
        """`rows` (see `kept.kept_rows`) as they may be released.

        A row in the scope keeps no words of its attributes: they say more than the values do. Nor
        does one that states what is withheld.
        """
        stated = in_question(values_of(rows), self.over)
        if self.withheld:
            rows = without_words(without(rows, self.withheld), stated)
        values = values_of(rows)
        scope = in_question(values, self.over).combine_chunks()
        some = np.flatnonzero(scope.to_numpy(zero_copy_only=False))
        if not self.enough or not len(some):
            return rows
        codes = np.zeros((rows.num_rows, len(_NAMES)), np.uint16)
        codes[some] = self._settled(self._codes(values.take(pa.array(some))))
        for place, name in enumerate(_NAMES):
            told = self.values[place].take(pa.array(codes[:, place] - 1, mask=codes[:, place] == 0))
            told = pc.if_else(scope, told, values[name].combine_chunks())
            at = rows.schema.get_field_index(name)
            rows = rows.set_column(at, name, _restated(rows[name].combine_chunks(), told, scope))
        return rows

    def _codes(self, values: pa.Table) -> Codes:
        columns = [
            pc.fill_null(pc.index_in(values[name], value_set=known), -1).to_numpy() + 1
            for name, known in zip(_NAMES, self.values, strict=True)
        ]
        return np.stack(columns, axis=1).astype(np.uint16)

    def _settled(self, codes: Codes) -> Codes:
        """Codes of rows in the scope at the first step that hides each."""
        told = _recoded(codes, self.coarser[-1])
        left = np.arange(len(codes))
        for coarser, enough in zip(self.coarser, self.enough, strict=False):
            coarse = _recoded(codes[left], coarser)
            hidden = np.fromiter((key in enough for key in _keys(coarse)), np.bool_, len(coarse))
            told[left[hidden]] = coarse[hidden]
            left = left[~hidden]
        return told


def planned(
    hub: Hub, slices: int, sensitive: Sensitive, anonymity: Anonymity, *, workers: int = 1
) -> Plan:
    """Count the attributes of the kept rows of a hub and plan what is released of them.

    Memory is that of the different combinations in the scope, about 150 bytes each.

    Raises:
        ReleaseError: A kept row has no attributes.
        StorageError: A file of the hub is damaged.
    """
    units = [(str(hub.path), number, sensitive, anonymity.over) for number in range(slices)]
    return plan_of(in_processes(workers, _count_slice, units), sensitive, anonymity)


def plan_of(counts: Iterable[Counts], sensitive: Sensitive, anonymity: Anonymity) -> Plan:
    """Plan what is released of rows that `count_rows` counted, in whatever order."""
    book = _Book()
    totals = {name: Counter[str]() for name in sensitive.under("aggregate")}
    for one in counts:
        book.add(one.combinations)
        for name, values in totals.items():
            values.update(one.withheld[name])
    shown = {name: _at_least(values, anonymity.k) for name, values in totals.items()}
    return _climbed(book, _not_kept(sensitive), anonymity, shown)


def count_rows(rows: pa.Table, sensitive: Sensitive, over: str) -> Counts:
    """Count rows that hold a struct column (`records.ATTRIBUTE`) for each attribute."""
    names = _not_kept(sensitive)
    values = {name: _values(pc.struct_field(rows[name], "value")) for name in names}
    return Counts(counted(values_of(without(rows, names)), over), values)


def _count_slice(hub: str, number: int, sensitive: Sensitive, over: str) -> Counts:
    return count_rows(kept_attributes(Hub(Path(hub)), number), sensitive, over)


def _not_kept(sensitive: Sensitive) -> tuple[str, ...]:
    return sensitive.under("aggregate", "audit_only", "drop")


def without(rows: pa.Table, names: Iterable[str]) -> pa.Table:
    """`rows` with nothing stated in the attributes `names`."""
    for name in names:
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, name, pa.nulls(rows.num_rows, records.ATTRIBUTE))
    return rows


def without_words(rows: pa.Table, silent: pa.ChunkedArray) -> pa.Table:
    """`rows`, of which those that are `silent` keep the values of their attributes alone."""
    silent = silent.combine_chunks()
    for place, name in ((rows.schema.get_field_index(name), name) for name in _NAMES):
        column = rows[name].combine_chunks()
        told = _restated(column, pc.struct_field(column, "value"), silent)
        rows = rows.set_column(place, name, told)
    return rows


def _values(column: pa.ChunkedArray) -> Counter[str]:
    pairs = pc.value_counts(column.drop_null())
    return Counter({one["values"].as_py(): one["counts"].as_py() for one in pairs})


def _at_least(counts: Counter[str], least: int) -> dict[str, int]:
    return {value: count for value, count in sorted(counts.items()) if count >= least}


class _Book:
    """Combinations of all slices as codes."""

    def __init__(self) -> None:
        self._known: list[dict[str, int]] = [{} for _ in _NAMES]
        self._codes: list[Codes] = []
        self._counts: list[NDArray[np.int64]] = []

    def add(self, combinations: pa.Table) -> None:
        columns = [
            self._coded(place, combinations[name].combine_chunks())
            for place, name in enumerate(_NAMES)
        ]
        self._codes.append(np.stack(columns, axis=1))
        self._counts.append(combinations["count"].to_numpy())

    def _coded(self, place: int, column: pa.Array) -> Codes:
        coded = column.dictionary_encode()
        codes = [self.code(place, value) for value in coded.dictionary.to_pylist()]
        known: Codes = np.array([0, *codes], np.uint16)
        places = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
        codes_of_rows: Codes = known[places + 1]
        return codes_of_rows

    def code(self, place: int, value: str | None) -> int:
        """The code of a value, which is new where it was not seen before."""
        if value is None:
            return 0
        known = self._known[place]
        return known.setdefault(value, len(known) + 1)

    def combinations(self) -> tuple[Codes, NDArray[np.int64]]:
        """The different combinations, and how many personas have each."""
        codes = np.concatenate([np.zeros((0, len(_NAMES)), np.uint16), *self._codes])
        counts = np.concatenate([np.zeros(0, np.int64), *self._counts])
        self._codes.clear()
        self._counts.clear()
        numbers, first = _classes(codes)
        return codes[first], np.bincount(numbers, counts, len(first)).astype(np.int64)

    def coarser(self, step: Step) -> tuple[Codes, ...]:
        """The code that each code of an attribute becomes."""
        told = []
        for place, name in enumerate(_NAMES):
            coarser = step.of.get(name)
            values = list(self._known[place])
            codes = [self.code(place, coarser(one) if coarser else one) for one in values]
            told.append(np.array([0, *codes], np.uint16))
        return tuple(told)

    def values(self) -> tuple[pa.Array, ...]:
        return tuple(pa.array(list(known), pa.string()) for known in self._known)


def _climbed(
    book: _Book, withheld: tuple[str, ...], anonymity: Anonymity, totals: dict[str, dict[str, int]]
) -> Plan:
    """Step after step, release the combinations that are shared by enough of those left."""
    codes, counts = book.combinations()
    coarser = tuple(book.coarser(step) for step in steps(anonymity.over))
    enough, personas, left = [], [], np.arange(len(codes))
    for one in coarser[:-1] if anonymity.k > 1 else ():
        coarse = _recoded(codes[left], one)
        numbers, first = _classes(coarse)
        shared = np.bincount(numbers, counts[left], len(first)) >= anonymity.k
        enough.append(frozenset(_keys(coarse[first[shared]])))
        hidden = shared[numbers] if len(numbers) else np.zeros(0, np.bool_)
        personas.append(int(counts[left[hidden]].sum()))
        left = left[~hidden]
    personas.append(int(counts[left].sum()))
    return Plan(
        withheld, anonymity.over, tuple(personas), totals, book.values(), coarser, tuple(enough)
    )


def _classes(codes: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The number of each row's combination, and a row of each combination."""
    numbers, size = np.zeros(len(codes), np.int64), 1
    for column in codes.T:
        values = int(column.max(initial=0)) + 1
        if size * values >= _MOST_CLASSES:
            _, numbers = np.unique(numbers, return_inverse=True)
            size = len(codes)
        numbers = numbers * values + column
        size *= values
    _, first, numbers = np.unique(numbers, return_index=True, return_inverse=True)
    return numbers, first


def _recoded(codes: Codes, coarser: Sequence[Codes]) -> Codes:
    columns: list[Any] = [table[column] for table, column in zip(coarser, codes.T, strict=True)]
    return np.stack(columns, axis=1)


def _keys(codes: Codes) -> list[bytes]:
    """Each row as bytes."""
    content, width = np.ascontiguousarray(codes).tobytes(), codes.shape[1] * codes.itemsize
    return [content[at : at + width] for at in range(0, len(content), width)]


def _restated(column: pa.StructArray, values: pa.Array, silent: pa.Array) -> pa.StructArray:
    """The attribute with other values; without words where it is `silent`."""
    parts = {field.name: pc.struct_field(column, field.name) for field in records.ATTRIBUTE}
    parts["value"] = values
    parts["words"] = pc.if_else(silent, pa.scalar(None, pa.string()), parts["words"])
    fields = list(records.ATTRIBUTE)
    return pa.StructArray.from_arrays(
        [parts[field.name] for field in fields], fields=fields, mask=pc.is_null(values)
    )
