"""The gate: a release whose rows fail the recipe's `release.gate` is refused.

Shares are counted from the evidence on the kept personas, whatever the judges' own thresholds are:
a judge that is told to let something pass does not open the gate.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub.errors import ReleaseError
from indic_persona_hub.release.kept import verdicts_of
from indic_persona_hub.release.proofs import GateProof, Outcome
from indic_persona_hub.run.catalogue import stages
from indic_persona_hub.run.hub import Hub, read_file

if TYPE_CHECKING:
    from collections import Counter

    from indic_persona_hub.release.combinations import Combination
    from indic_persona_hub.run.settings import Gate


class Measure(NamedTuple):
    """A persona has it where the `value` of one of the judges is over `above`. `name` is the key of
    `release.gate`.
    """

    name: str
    judges: tuple[str, ...]
    above: float = 0


#: One line a measure: its key stands in `run.settings.Gate`, its judges in the catalogue.
MEASURES: Final = (
    Measure("identifiers", ("contact_data",)),
    Measure("personal_names", ("personal_name",)),
    Measure("copied_text", ("copied_text",), above=12),  # tokens in a row
    Measure("toxicity", ("toxicity",), above=1),  # offensive words and slurs, not coarse ones
    Measure("injections", ("injection",)),
    Measure("crisis", ("crisis",)),
    Measure("child_safety", ("child_safety",)),
    Measure("sensitive_claims", ("sensitive_claims",)),
    Measure("duplicates", ("exact_duplicates", "near_duplicates")),
)
BELOW_K: Final = "below_k"
_WORST: Final = 5


class GateError(ReleaseError):
    """The gate is not passed; `report` says by what."""

    exit_code: ClassVar[int] = 8
    report: GateReport | None = None


@dataclass(frozen=True)
class GateReport:
    """How the gate stands.

    Attributes:
        personas: Kept personas.
        outcomes: A line a measure.
        worst: Ids of the worst personas by measure, the worst first.
    """

    personas: int
    outcomes: tuple[Outcome, ...]
    worst: dict[str, list[str]]

    @property
    def failed(self) -> list[Outcome]:
        """The lines that did not pass."""
        return [one for one in self.outcomes if not one.passed]

    def proof(self, override: str | None) -> GateProof:
        """What the release says of it.

        Raises:
            GateError: A line did not pass, and no reason to publish it all the same is given.
        """
        if not self.failed:
            return GateProof(outcomes=list(self.outcomes), override=None)
        if override is None:
            raise _refused(self)
        return GateProof(outcomes=list(self.outcomes), override=override)

    def with_combinations(self, shared: Counter[Combination], k: int) -> GateReport:
        """The same with the personas whose combination of attributes too few others share."""
        few = sum(count for count in shared.values() if count < k)
        line = Outcome(measure=BELOW_K, found=few, limit=0.0, passed=not few)
        return GateReport(self.personas, (*self.outcomes, line), self.worst)


def gate_report(hub: Hub, kept: list[int], gate: Gate) -> GateReport:
    """Count what the evidence says of the kept personas.

    Args:
        kept: Rows kept by slice, as `kept.count_verdicts` found them.

    Raises:
        StorageError: A file of the hub is damaged.
    """
    counted = [_counted(hub, len(kept), measure) for measure in MEASURES]
    rows = sum(kept)
    outcomes = tuple(
        outcome_of(measure.name, found.rows, rows, gate)
        for measure, found in zip(MEASURES, counted, strict=True)
    )
    worst = {m.name: found.worst for m, found in zip(MEASURES, counted, strict=True)}
    return GateReport(rows, outcomes, {name: ids for name, ids in worst.items() if ids})


class _Found(NamedTuple):
    rows: int | None
    worst: list[str]


def outcome_of(name: str, found: int | None, rows: int, gate: Gate) -> Outcome:
    """Whether so many of so many personas pass (null is not measured)."""
    limit: float | None = getattr(gate, name)
    if limit is None:
        passed = True
    elif found is None:
        passed = gate.unmeasured == "allow"
    else:
        passed = found / rows <= limit
    return Outcome(measure=name, found=found, limit=limit, passed=passed)


def _counted(hub: Hub, slices: int, measure: Measure) -> _Found:
    # A judge that the recipe has no more leaves an empty folder.
    judges = [one for one in measure.judges if hub.files(f"evidence/{one}")]
    if not judges:
        return _Found(None, [])
    rows, worst = 0, list[tuple[float, str]]()
    for number in range(slices):
        bad = _bad(hub, number, judges, measure.above)
        rows += len(pc.unique(bad["id"]))
        pairs = zip(bad["score"].to_pylist(), bad["id"].to_pylist(), strict=True)
        worst = heapq.nsmallest(2 * _WORST, [*worst, *pairs])
    return _Found(rows, list(dict.fromkeys(one for _, one in worst))[:_WORST])


def _bad(hub: Hub, number: int, judges: list[str], above: float) -> pa.Table:
    """`id` and `score` of kept personas that have what is measured, of each judge that says so."""
    verdicts = verdicts_of(hub, number)
    kept = verdicts.filter(verdicts["kept"])["id"].combine_chunks()
    nobody = pa.table({"id": pa.array([], pa.string()), "score": pa.array([], pa.float32())})
    tables = [nobody]
    for path in (path for judge in judges for path in _files(hub, judge, number)):
        rows = read_file(path, ["id", "value", "score"])
        has = pc.greater(rows["value"], pa.scalar(above, pa.float32()))
        rows = rows.filter(pc.and_(has, pc.is_in(rows["id"], value_set=kept)))
        tables.append(rows.select(["id", "score"]))
    return pa.concat_tables(tables)


def _files(hub: Hub, judge: str, number: int) -> Iterator[Path]:
    """Of a row judge one a round, of a set judge one in all."""
    folder = hub.path / "evidence" / judge
    yield from sorted(folder.glob(f"slice-{number:03d}-round-*.parquet"))
    yield from folder.glob(f"slice-{number:03d}.parquet")


def _refused(report: GateReport) -> GateError:
    said = ", ".join(
        f"{one.measure} {'not measured' if one.found is None else f'{one.found:,}'}"
        for one in report.failed
    )
    error = GateError(
        f"The release is refused: of {report.personas:,} personas {said}.",
        cure=f"{_tighten(report)} and build again; or {_let_pass(report)} in the recipe and build"
        " again; or publish it all the same with --override REASON, which the card will tell.",
    )
    error.report = report
    return error


def _tighten(report: GateReport) -> str:
    """What of the recipe rules out what failed."""
    judges = {one.name: one.judges for one in MEASURES}
    measured = [one for one in report.failed if one.found is not None and one.measure in judges]
    limits = [
        limit for one in measured for judge in judges[one.measure] for limit in _limits(judge)
    ]
    absent = [judges[one.measure][0] for one in report.failed if one.found is None]
    said = [f"tighten {', '.join(limits)}"] if limits else []
    said += [f"add {', '.join(absent)} to `stages`"] if absent else []
    if any(one.measure == BELOW_K for one in report.failed):
        said.append("set `release.sensitive` to aggregate or drop what few share")
    first, *rest = said
    return " and ".join([first[0].upper() + first[1:], *rest])


def _let_pass(report: GateReport) -> str:
    """What of the recipe lets through what failed."""
    limits = any(one.found is not None and one.measure != BELOW_K for one in report.failed)
    said = ["raise the limit of `release.gate`"] if limits else []
    if any(one.found is None for one in report.failed):
        said.append("set `release.gate.unmeasured` to `allow`")
    if any(one.measure == BELOW_K for one in report.failed):
        said.append("lower `release.anonymity.k`")
    return " and ".join(said)


def _limits(judge: str) -> list[str]:
    """The settings of a judge that say how much it lets pass, as the recipe has them."""
    fields = [name for name in stages()[judge].model_fields if name.startswith("max_")]
    return [f"stages.{judge}.{name}" for name in fields] or [f"stages.{judge}"]
