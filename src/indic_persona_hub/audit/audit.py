"""The audit of a persona set: `audit.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import numpy as np

from indic_persona_hub import reference
from indic_persona_hub.audit.alarms import (
    Alarm,
    group_alarm,
    joint_alarm,
    marginal_alarms,
    pair_alarm,
    ranked,
)
from indic_persona_hub.audit.cells import cell_at, cells_json
from indic_persona_hub.audit.coding.coded import Coded, Known, counted
from indic_persona_hub.audit.coding.reading import read_coded
from indic_persona_hub.audit.compare import OF_JOINTS, Comparison, compare, compared, flag
from indic_persona_hub.audit.coverage import ENOUGH, coverage
from indic_persona_hub.audit.independence import TOO_FEW, Pair, judged, paired
from indic_persona_hub.audit.labels import label
from indic_persona_hub.audit.low_visibility import GROUPS, Seen, seen
from indic_persona_hub.audit.report import write_report
from indic_persona_hub.audit.rounding import number
from indic_persona_hub.audit.scaling import beyond_margins
from indic_persona_hub.audit.silence import note_of, sure_despite_silence
from indic_persona_hub.audit.stewardship.lists import NO_LISTS, Lists, read_lists
from indic_persona_hub.audit.stewardship.measured import stewardship, stewardship_alarms
from indic_persona_hub.audit.stewardship.name_swaps import asked, found_swaps
from indic_persona_hub.audit.tables import Table, marginal_of, official_tables, officials_of
from indic_persona_hub.records import ATTRIBUTES
from indic_persona_hub.reference.official import Official
from indic_persona_hub.run.hub import storage_error, temporary_of
from indic_persona_hub.run.progress import Progress, Silent

#: Raised whenever what `audit.json` holds changes.
FORMAT: Final = 1
_UNRECOGNISED: Final = 20
_UNCOVERED: Final = 50
_PAIR_CELLS: Final = 10
_NOTHING_TO_COMPARE: Final = (
    "No row of the set states an attribute that an official table counts: nothing can be compared."
)
_NO_ROW: Final = "The set has no usable row: nothing can be compared."


def audit_coded(
    coded: Coded,
    path: str,
    *,
    fields: Mapping[str, str] | None = None,
    year: int = 2011,
    k: int = ENOUGH,
    lists: Lists = NO_LISTS,
    name_swaps: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What `audit.json` holds, for a set in codes.

    Args:
        path: The set as the audit calls it.
        fields: Our field -> their column, as the set was read; see `reading.read_coded`.
        year: Of the official figures.
        k: Personas that a cell needs to be covered.
        lists: Published stereotypes that the set was read with.
        name_swaps: See `name_swaps.found_swaps`; null where no model was asked.

    Raises:
        HubError: There are no official figures for the year.
    """
    tables = official_tables(coded, year)
    comparisons = [compare(coded, one.official) for one in tables]
    whole = officials_of(year)
    groups = [seen(coded, one, marginal_of(whole, tuple(one.within))) for one in GROUPS]
    comparisons, groups = _flagged(comparisons, groups)
    comparisons = [sure_despite_silence(coded, one) for one in comparisons]
    pairs = judged(_pairs(coded, [one.official for one in tables]))
    besides = [_pair_comparison(one, coded.counted_rows) for one in pairs]
    independence = [_pair(*one) for one in zip(pairs, besides, strict=True)]
    stewarded = stewardship(coded, lists, independence, name_swaps)
    return {
        "format": FORMAT,
        "set": {
            "path": path,
            "fields": dict(sorted((fields or {}).items())),
            "rows": coded.rows,
            "rejected": dict(sorted(coded.rejected.items())),
            **_weighted(coded),
        },
        "reference": {"year": year, "tables": _sources(tables)},
        "attributes": {
            name: _attribute(coded.attributes.get(name, Known()), coded.rows) for name in ATTRIBUTES
        },
        "tables": [_table(*one) for one in zip(tables, comparisons, strict=True)],
        "independence": independence,
        "coverage": [_coverage(*one, k) for one in zip(tables, comparisons, strict=True)],
        "low_visibility": [_group(one) for one in groups],
        "stewardship": stewarded,
        "alarms": [
            *stewardship_alarms(stewarded),
            *_alarms(tables, comparisons, groups, pairs, besides),
        ],
    }


def audit(
    path: Path,
    *,
    fields: Mapping[str, str] | None = None,
    year: int = 2011,
    k: int = ENOUGH,
    lists: Path | None = None,
    swaps: int = 0,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Read the persona set at `path` and audit it; see `reading.read_coded` and `audit_coded`.

    Args:
        lists: Published lists of stereotypes, a file or a folder; see `lists.read_lists`.
        swaps: Situations that the model of the hub at `path` is told of; see `name_swaps.asked`.

    Raises:
        HubError: The set or a list cannot be read, there are no official figures for the year, or
            the hub's model cannot be asked.
    """
    officials_of(year)  # whatever is wrong here is said before a set is read for hours
    known = NO_LISTS if lists is None else read_lists(lists)
    swapped = found_swaps(*asked(path, swaps, progress or Silent())) if swaps else None
    coded = read_coded(path, fields=fields, progress=progress, lists=known)
    return audit_coded(
        coded, str(path), fields=fields, year=year, k=k, lists=known, name_swaps=swapped
    )


def write_audit(found: Mapping[str, Any], out: Path) -> list[Path]:
    """Write `audit.json` and `report.html` into the folder `out`: each is the old file or the whole
    new one, and the same audit gives the same bytes.

    Raises:
        StorageError: The disk is full, or the folder cannot be written.
    """
    files = [out / "audit.json", out / "report.html"]
    fresh = [temporary_of(one) for one in files]
    try:
        out.mkdir(parents=True, exist_ok=True)
        try:
            fresh[0].write_text(json.dumps(found, ensure_ascii=False) + "\n", encoding="utf-8")
            write_report(dict(found), fresh[1])
            for one, file in zip(fresh, files, strict=True):
                one.replace(file)
        finally:
            for one in fresh:
                one.unlink(missing_ok=True)
    except OSError as error:
        raise storage_error(out, error) from error
    return files


def _weighted(coded: Coded) -> dict[str, Any]:
    """That rows have weights, and how many rows without weights say as much."""
    if coded.weights is None:
        return {}
    return {"weighted": True, "effective_rows": coded.counted_rows}


def _flagged(
    comparisons: Sequence[Comparison], groups: Sequence[Seen]
) -> tuple[list[Comparison], list[Seen]]:
    """All of them flagged as one family."""
    of_groups = [one.comparison for one in groups if one.comparison is not None]
    marked = flag([*comparisons, *of_groups])
    left = iter(marked[len(comparisons) :])
    return marked[: len(comparisons)], [
        one if one.comparison is None else replace(one, comparison=next(left)) for one in groups
    ]


def _pairs(coded: Coded, officials: Sequence[Official]) -> list[Pair]:
    """Every two dimensions that stand together in an official table, once."""
    named = [pair for one in officials for pair in combinations(one.dimensions, 2)]
    found: dict[frozenset[str], Pair] = {}
    for names in named:
        if frozenset(names) not in found:
            official = marginal_of(officials, names)
            assert official is not None
            rows = counted(coded, names)
            found[frozenset(names)] = paired(names, rows, official.persons)
    return list(found.values())


def _pair_comparison(pair: Pair, all_rows: int) -> Comparison | None:
    """The cells of the pair beside what the official association expects of them."""
    if not pair.rows:
        return None
    expected = Official("", pair.names, pair.expected, "", "", "")
    return compared(pair.observed.astype(np.int64), all_rows, expected)


def _sources(tables: Sequence[Table]) -> list[dict[str, str]]:
    names = {name.strip() for one in tables for name in one.official.source.split(",")}
    known = [name for name in reference.names() if name in names]
    return [
        {
            "name": name,
            "source": reference.source(name).source,
            "licence": reference.source(name).licence,
        }
        for name in known
    ]


def _attribute(known: Known, rows: int) -> dict[str, Any]:
    often = sorted(known.unrecognised.items(), key=lambda one: (-one[1], one[0]))
    return {
        "known": known.rows,
        "unknown_share": number(1 - known.rows / rows if rows else 1.0),
        "origins": dict(sorted(known.origins.items())),
        "unrecognised": dict(often[:_UNRECOGNISED]),
    }


def _table(table: Table, found: Comparison) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "kind": table.kind,
        "dimensions": list(table.official.dimensions),
        "population": table.official.population,
        "rows_known": found.rows,
        "unknown_share": number(found.unknown_share),
        "total_variation": number(found.total_variation),
        "js_divergence": number(found.js_divergence),
        "noise_total_variation": number(found.noise_total_variation),
        "flagged": int(found.flagged.sum()),
        "note": f"{table.official.note} {note_of(found)}".strip(),
        "cells": cells_json(found),
    }


def _pair(pair: Pair, beside: Comparison | None) -> dict[str, Any]:
    return {
        "pair": list(pair.names),
        "rows_known": pair.rows,
        "association_observed": number(pair.association_observed),
        "association_official": number(pair.association_official),
        "kept_share": None if pair.verdict == TOO_FEW else number(pair.kept_share),
        "verdict": pair.verdict,
        "p_value": number(pair.p_value),
        "cells": [] if beside is None else cells_json(beside, _PAIR_CELLS),
    }


def _coverage(table: Table, found: Comparison, k: int) -> dict[str, Any]:
    covered = coverage(found, k)
    uncovered = []
    for place in covered.uncovered[:_UNCOVERED].tolist():
        cell = cell_at(found.official, place)
        uncovered.append(
            {
                "cell": cell,
                "label": label(cell),
                "observed": int(found.observed[place]),
                "expected": number(found.expected[place]),
                "expected_share": number(found.share[place]),
            }
        )
    return {
        "table": table.name,
        "k": k,
        "cells": covered.cells,
        "covered_cells": covered.covered,
        "population_share_covered": number(covered.population_share),
        "uncovered": uncovered,
    }


def _group(one: Seen) -> dict[str, Any]:
    low, high = one.interval()
    official, share = one.official_share, one.share
    return {
        "group": one.group.name,
        "label": one.group.label,
        "observed": one.observed,
        "rows": one.rows,
        "observed_share": number(share),
        "at_least": one.at_least,
        "interval": [number(low), number(high)],
        "official_share": number(official),
        "ratio": None if official is None or share is None else number(share / official),
        "unknown_share": number(max(0.0, 1 - one.known / one.all_rows) if one.all_rows else 1.0),
        "flagged": one.flagged,
        "source": None if one.comparison is None else one.comparison.official.source,
    }


def _alarms(
    tables: Sequence[Table],
    comparisons: Sequence[Comparison],
    groups: Sequence[Seen],
    pairs: Sequence[Pair],
    besides: Sequence[Comparison | None],
) -> list[dict[str, str]]:
    if not any(one.rows for one in comparisons):
        what = _NOTHING_TO_COMPARE if comparisons[0].all_rows else _NO_ROW
        return [{"where": "set", "what": what}]
    found: list[Alarm] = []
    pairwise = zip(tables, comparisons, strict=True)
    joints = [(table, one) for table, one in pairwise if table.kind == "joint" and one.rows]
    beyond = flag([beyond_margins(one) for _, one in joints], OF_JOINTS)
    for (table, _), comparison in zip(joints, beyond, strict=True):
        found += joint_alarm(table, comparison)
    for table, comparison in zip(tables, comparisons, strict=True):
        if table.kind == "marginal":
            found += marginal_alarms(table, comparison)
    for one in groups:
        found += group_alarm(one)
    for pair, beside in zip(pairs, besides, strict=True):
        if beside is not None:
            found += pair_alarm(pair, float(beside.severity().max()))
    return ranked(found)
