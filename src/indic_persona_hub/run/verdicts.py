"""The last step: what every judge and the domains say of a persona becomes its verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from indic_persona_hub import records
from indic_persona_hub.id_arrays import Ids, id_texts, ids_of
from indic_persona_hub.run.hub import Hub, read_file, write_file
from indic_persona_hub.run.keys import read_array
from indic_persona_hub.run.ledger import Done
from indic_persona_hub.run.on_ray import decide_on_ray
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.run.representation import codes_of_all, tables_of, write_report
from indic_persona_hub.run.standing import TABLE
from indic_persona_hub.run.steps import Line, Step
from indic_persona_hub.run.tombstones import read_tombstones
from indic_persona_hub.run.withheld import withheld_ids
from indic_persona_hub.select.domains.mapping import UNLABELLED
from indic_persona_hub.select.outcome import in_words
from indic_persona_hub.select.representative import represent
from indic_persona_hub.select.settings import Selection
from indic_persona_hub.select.standing import Reason, Standing, reason_names
from indic_persona_hub.select.verdicts import decide, statement

_MIX = np.uint64(0x9E3779B97F4A7C15)
#: Up to so many rows are selected in this process in seconds and in 5 GB; Daft on a cluster takes
#: a hundred times the work, and has no such limit.
_MOST_ROWS_HERE = 100_000_000
_COLUMNS = ("document_id", "domain_label", "synth_method", "language", "source")


def give_verdicts(
    hub: Hub, line: Line, step: Step, recipe: Recipe, selection: Selection
) -> tuple[list[Done], str | None]:
    """Write the verdict on every persona; also what is infeasible, in words."""
    gathered = _Gathered(hub, line, recipe.engine.slices, recipe.seed)
    rows = len(gathered.standing.tie)
    weights, outcome = None, None
    if selection.represent:
        tables = tables_of(selection.represent)
        codes = codes_of_all(hub, TABLE, recipe.engine.slices, tables)
        reasons, weights, outcome = represent(gathered.standing, selection, codes, tables)
    elif recipe.engine.runner == "ray" and rows > _MOST_ROWS_HERE:
        reasons = decide_on_ray(recipe, gathered.standing, selection)
    else:
        reasons = decide(gathered.standing, selection)
    done = list(gathered.write(step, reasons.codes, weights))
    year = selection.represent.year if selection.represent else 0
    done[0].files.update(write_report(hub, outcome, year))
    words = [statement(reasons, selection), in_words(outcome) if outcome else None]
    return done, " ".join(filter(None, words)) or None


class _Gathered:
    """The narrow columns of all slices, and what they mean."""

    def __init__(self, hub: Hub, line: Line, slices: int, seed: int) -> None:
        self.hub = hub
        self.judges = [judge.name for judge in (*line.judges, *line.set_judges)]
        mapping = read_file(hub.path / "domains" / "mapping.parquet", ["label", "domain"])
        self.labels = mapping["label"].combine_chunks()
        domains = pa.concat_arrays(
            [mapping["domain"].combine_chunks(), pa.array([UNLABELLED])]
        ).dictionary_encode()
        self.domains = domains.dictionary
        self.taken_down = read_tombstones(hub)
        self.domain_of_label = domains.indices.to_numpy().astype(np.int32)
        self.codes: dict[str, _Codes] = {name: _Codes() for name in _COLUMNS[2:]}
        parts = [self._slice(line, number, seed) for number in range(slices)]
        self.sizes = [len(part.tie) for part in parts]
        self.standing = Standing(*map(np.concatenate, zip(*parts, strict=True)))

    def _slice(self, line: Line, number: int, seed: int) -> Standing:
        ids = read_array(self.hub, TABLE, "ids", number)
        rows = _in_order(self.hub, line, number)
        failed, cluster = self._failed(line, number, ids)
        gone = withheld_ids(self.hub, self.taken_down, number)
        failed[pc.is_in(rows["id"], value_set=gone).to_numpy()] = Reason.TAKEN_DOWN
        places = pc.fill_null(
            pc.index_in(rows["domain_label"], value_set=self.labels), len(self.labels)
        )
        return Standing(
            failed=failed,
            confidence=read_array(self.hub, TABLE, "confidence", number),
            document=_document_codes(rows["document_id"]),
            domain=self.domain_of_label[places.to_numpy()],
            cluster=cluster,
            method=self.codes["synth_method"].of(rows["synth_method"]),
            language=self.codes["language"].of(rows["language"]),
            source=self.codes["source"].of(rows["source"]),
            tie=_tie(ids, seed),
        )

    def _failed(self, line: Line, number: int, ids: Ids) -> tuple[NDArray[Any], NDArray[Any]]:
        """Number of the first judge that fails, and a code of the cluster of those that are linked
        and not merged; -1 for all others.
        """
        failed = read_array(self.hub, TABLE, "failed", number)
        cluster = np.full(len(ids), -1, np.int64)
        seen = np.flatnonzero(read_array(self.hub, TABLE, "passes", number))
        for place, judge in enumerate(line.set_judges, start=len(line.judges) + 1):
            path = self.hub.table_path(f"evidence/{judge.name}", number)
            evidence = read_file(path, ["fails"] if judge.merges else ["fails", "cluster"])
            fails = evidence["fails"].to_numpy()
            if not judge.merges:
                cluster[seen] = _halves(ids_of(evidence["cluster"]))
            failed[seen[fails]] = place
            seen = seen[~fails]
        return failed, cluster

    def write(
        self, step: Step, codes: NDArray[Any], weights: NDArray[np.float32] | None
    ) -> Iterator[Done]:
        """The verdicts of every slice."""
        first = 0
        for number, size in enumerate(self.sizes):
            here = slice(first, first + size)
            first += size
            weight = None if weights is None else weights[here]
            yield self._write_slice(step, number, codes[here], self.standing.domain[here], weight)

    def _write_slice(
        self,
        step: Step,
        number: int,
        codes: NDArray[Any],
        domain: NDArray[Any],
        weights: NDArray[np.float32] | None,
    ) -> Done:
        reasons = reason_names(codes, self.judges)
        table = pa.table(
            [
                id_texts(read_array(self.hub, TABLE, "ids", number)),
                pa.array(codes == 0),
                reasons,
                pa.array(read_array(self.hub, TABLE, "confidence", number)),
                self.domains.take(pa.array(domain)),
            ],
            schema=records.VERDICT,
        )
        if weights is not None:
            kept = pa.array(weights, pa.float32(), mask=codes != 0)
            table = table.append_column(records.WEIGHT, kept)
        path = self.hub.table_path(step.table, number)
        counts = pc.value_counts(reasons.drop_null())
        rejected = {one["values"].as_py(): one["counts"].as_py() for one in counts}
        rows = table.num_rows
        return Done(
            step.name, number, step.fingerprint, step.stage, None, rows, rows,
            rows - Counter(rejected).total(), rejected,
            files={str(path.relative_to(self.hub.path)): write_file(path, table)},
        )  # fmt: skip


class _Codes:
    """Small numbers for strings, in the order in which they are met."""

    def __init__(self) -> None:
        self._known: dict[str | None, int] = {}

    def of(self, column: pa.ChunkedArray) -> NDArray[np.int16]:
        encoded = column.combine_chunks().dictionary_encode("encode")
        codes = [
            self._known.setdefault(one, len(self._known)) for one in encoded.dictionary.to_pylist()
        ]
        table = np.array(codes or [0], np.int64)
        return np.asarray(table[encoded.indices.to_numpy()], np.int16)


def _in_order(hub: Hub, line: Line, number: int) -> pa.Table:
    columns = ["id", *_COLUMNS]
    rounds = [
        _without_rivals(line, one, read_file(hub.table_path("personas", number, one), columns))
        for one in range(line.last_round + 1)
    ]
    table = pa.concat_tables(rounds)
    return table.sort_by("id") if len(rounds) > 1 else table


def _without_rivals(line: Line, round_number: int, personas: pa.Table) -> pa.Table:
    """Personas of a round; those who were asked for to fill a gap are no candidates among others of
    their document.
    """
    if not line.fills_gaps(round_number):
        return personas
    nobody = pa.nulls(personas.num_rows, pa.string())
    return personas.set_column(personas.column_names.index("document_id"), "document_id", nobody)


def _document_codes(column: pa.ChunkedArray) -> NDArray[np.int64]:
    codes = np.full(len(column), -1, np.int64)
    known = np.flatnonzero(pc.is_valid(column).to_numpy())
    if len(known):
        codes[known] = _halves(ids_of(column.drop_null()))
    return codes


def _halves(ids: Ids) -> NDArray[np.int64]:
    """63 bits of each id: among 100 million ids 0.0005 pairs are expected to be alike."""
    return np.asarray(ids[:, 0] >> np.uint64(1), np.int64)


def _tie(ids: Ids, seed: int) -> NDArray[np.uint64]:
    """A seeded hash of each id."""
    mixed = (ids[:, 0] ^ np.uint64(seed)) * _MIX
    mixed ^= (mixed >> np.uint64(29)) ^ ids[:, 1]
    return (mixed * _MIX) ^ (mixed >> np.uint64(32))
