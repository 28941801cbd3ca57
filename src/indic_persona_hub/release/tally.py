"""The numbers of a release, counted from the rows as they are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub import records
from indic_persona_hub.release.combinations import Combination, combinations

Key = TypeVar("Key", bound=Hashable)

#: Shares of the rows at which the card gives the confidence score.
QUANTILES: Final = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)


@dataclass
class Tally:
    """Counts over the rows seen so far.

    Attributes:
        models: Rows by (model, licence).
        sources: Rows by (source, licence) of the document at the root of the lineage.
        stated: Rows whose text or column states an attribute, by attribute, before anything is
            withheld; see `add_stated`.
        known: Rows of which an attribute is told, by attribute.
        unrecognised: Cells of columns that mean no value of ours, by column.
        contradicted: Rows whose text says otherwise than a column, by attribute.
        over: Which combinations of attributes are counted; as `Anonymity.over`.
        combinations: Rows by combination of attribute values.
    """

    rows: int = 0
    domains: Counter[str] = field(default_factory=Counter)
    methods: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    models: Counter[tuple[str, str]] = field(default_factory=Counter)
    sources: Counter[tuple[str | None, str | None]] = field(default_factory=Counter)
    stated: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    unrecognised: Counter[str] = field(default_factory=Counter)
    contradicted: Counter[str] = field(default_factory=Counter)
    over: str = "sensitive"
    combinations: Counter[Combination] = field(default_factory=Counter)
    _scores: list[np.ndarray] = field(default_factory=list)

    def add(self, rows: pa.Table) -> None:
        """Count `rows` (see `kept.kept_rows`)."""
        self.rows += rows.num_rows
        for name, counts in (
            ("domain", self.domains),
            ("synth_method", self.methods),
            ("language", self.languages),
        ):
            for pair in pc.value_counts(rows[name]):
                counts[pair["values"].as_py()] += pair["counts"].as_py()
        self.models.update(_pairs(rows, "model", "model_licence"))
        self.sources.update(_pairs(rows, "source", "source_licence"))
        self.known.update(_with_value(rows))
        self.unrecognised.update(_names(rows["unrecognised"]))
        self.contradicted.update(_names(rows["contradicted"]))
        self.combinations.update(combinations(rows, self.over))
        self._scores.append(rows["confidence_score"].to_numpy())

    def add_stated(self, rows: pa.Table) -> None:
        """Count what `rows` state, as they are before policies and k-anonymity."""
        self.stated.update(_with_value(rows))

    def merge(self, other: Tally) -> None:
        """Count what `other` counted; in whatever order, the numbers are the same."""
        self.rows += other.rows
        for name in (
            "domains", "methods", "languages", "models", "sources", "stated", "known",
            "unrecognised", "contradicted", "combinations",
        ):  # fmt: skip
            getattr(self, name).update(getattr(other, name))
        self._scores += other._scores

    def score_quantiles(self) -> list[float]:
        """Confidence scores at `QUANTILES`; each is the score of a row, none is interpolated."""
        scores = np.concatenate(self._scores)
        return [float(one) for one in np.quantile(scores, QUANTILES, method="inverted_cdf")]


def most_frequent(counts: Counter[Key]) -> list[tuple[Key, int]]:
    """Pairs by falling count, then by name."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))


def _with_value(rows: pa.Table) -> dict[str, int]:
    """Rows in which each attribute has a value."""
    values = {name: pc.struct_field(rows[name], "value") for name in records.ATTRIBUTES}
    return {name: rows.num_rows - column.null_count for name, column in values.items()}


def _names(lists: pa.ChunkedArray) -> list[str]:
    """The field `name` of all structs of some lists."""
    structs = pc.list_flatten(lists)
    names: list[str] = pc.struct_field(structs, "name").to_pylist()
    return names


def _pairs(rows: pa.Table, first: str, second: str) -> Iterable[tuple[str, str]]:
    return zip(rows[first].to_pylist(), rows[second].to_pylist(), strict=True)
