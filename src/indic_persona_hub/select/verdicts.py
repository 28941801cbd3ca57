"""Verdicts: thresholds, the best of each document, the cap per domain, exactly N.

Works on narrow arrays only (codes, scores), never on text. The same rule stands a second time in
`in_daft`, for clusters; a test holds the two equal.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from indic_persona_hub.select.ordering import (
    Integers,
    ordered,
    perhaps_crowded,
    place_in_run,
    run_starts,
)
from indic_persona_hub.select.settings import Selection
from indic_persona_hub.select.spread import best_first, kept_of, kept_of_all, strata_of
from indic_persona_hub.select.standing import Reason, Reasons, Standing
from indic_persona_hub.select.water import water_level


def decide(standing: Standing, selection: Selection) -> Reasons:
    """Verdicts on all personas; the first reason that applies is the one given.

    In order: taken down; the judge that fails; a confidence below the minimum; more than
    `per_document` of one document, where the most confident stay, then the lowest row; over the cap
    of the domain, where `spread` says who stays; over the target, where the highest common cap that
    keeps at most the target takes the place of the cap, and the places that are then left go, one
    each, to the domains whose next row is best. Only domains that are too large are ranked.
    """
    codes = screened(standing.failed, standing.confidence, standing.document, selection)
    domains = int(standing.domain.max()) + 1 if len(codes) else 0
    sizes = np.bincount(standing.domain[codes == Reason.KEPT], minlength=domains)
    level, more = room(sizes, selection)
    too_large = sizes > level
    if too_large.any():
        rows = np.flatnonzero((codes == Reason.KEPT) & too_large[standing.domain])
        strata = strata_of(standing, rows)
        codes[strata.beyond(kept_of_all(strata, level, more, domains))] = Reason.OVER_TARGET
        codes[strata.beyond(kept_of(strata, np.full(domains, selection.cap)))] = Reason.OVER_CAP
    return Reasons(codes, sizes)


def room(sizes: Integers, selection: Selection) -> tuple[int, int]:
    """How many every domain may keep, and how many domains may keep one more.

    Args:
        sizes: Eligible personas of each domain.
    """
    fitting = np.minimum(sizes, selection.cap)
    if selection.target is None or fitting.sum() <= selection.target:
        return selection.cap, 0
    level = water_level(fitting, selection.target)
    return level, selection.target - int(np.minimum(fitting, level).sum())


def best_of_documents(standing: pa.Table, selection: Selection) -> pa.ChunkedArray:
    """Ids that no judge fails and that are among the best of their document, ascending.

    Args:
        standing: id, document_id (null for personas that come from another persona),
            confidence_score (float32), judge (null where no judge fails).
    """
    rows = standing.select(["id", "document_id", "confidence_score", "judge"]).sort_by("id")
    documents = rows["document_id"].combine_chunks().dictionary_encode()
    codes = screened(
        pc.is_valid(rows["judge"]).to_numpy().astype(np.int16),
        rows["confidence_score"].to_numpy(),
        pc.fill_null(documents.indices, -1).to_numpy(),
        selection,
    )
    return rows["id"].filter(pa.array(codes == Reason.KEPT))


def statement(reasons: Reasons, selection: Selection) -> str | None:
    """What to say where the target is out of reach: what there is, and which cap would reach it."""
    target, sizes = selection.target, reasons.sizes
    fitting = int(np.minimum(sizes, selection.cap).sum())
    if target is None or fitting >= target:
        return None
    over_full = sizes[sizes > selection.cap]
    parts = (
        f"The target of {target:,} personas is out of reach: {fitting:,} fit under the cap of"
        f" {selection.cap:,} a domain.",
        _passing(reasons, selection),
        f"Over-full domains: {len(over_full):,}, which hold {over_full.sum():,} of these.",
        _cure(sizes, target),
    )
    return " ".join(parts)


def _passing(reasons: Reasons, selection: Selection) -> str:
    taken_down = np.count_nonzero(reasons.codes == Reason.TAKEN_DOWN)
    judged = np.count_nonzero(reasons.codes <= Reason.KEPT) - taken_down
    unknown = np.count_nonzero(reasons.codes == Reason.UNKNOWN_ATTRIBUTE)
    confident = judged - unknown - np.count_nonzero(reasons.codes == Reason.BELOW_CONFIDENCE)
    known = f" {judged - unknown:,} of these have all attributes that the tables need,"
    return (
        f"Of {len(reasons.codes):,} personas, {judged:,} pass every judge,"
        f"{known if unknown else ''} {confident:,} of these"
        f" have a confidence of at least {selection.minimum_confidence:g}, and"
        f" {reasons.sizes.sum():,} are left with at most {selection.per_document:,} of a document."
    )


def _cure(sizes: Integers, target: int) -> str:
    missing = target - int(sizes.sum())
    if missing > 0:
        return f"No cap would reach the target: {missing:,} more would have to pass."
    level = water_level(sizes, target)
    cap = level if np.minimum(sizes, level).sum() == target else level + 1
    return f"A cap of {cap:,} would reach it."


def screened(
    failed: Integers, confidence: NDArray[np.float32], document: Integers, selection: Selection
) -> NDArray[np.int16]:
    """Codes after judges, minimum confidence and the best of each document; see `decide`."""
    codes = failed.astype(np.int16)
    # In the 32 bits that confidence is kept in, or a score equal to the minimum is below it.
    enough = confidence >= np.float32(selection.minimum_confidence)
    codes[(codes == Reason.KEPT) & ~enough] = Reason.BELOW_CONFIDENCE
    rows = np.flatnonzero((codes == Reason.KEPT) & (document >= 0))
    rows = rows[perhaps_crowded(document[rows], selection.per_document)]
    of_rows = document[rows]
    order = ordered(of_rows, best_first(confidence[rows]))
    place = place_in_run(run_starts(order, of_rows), len(order))
    codes[rows[order[place >= selection.per_document]]] = Reason.NOT_BEST_OF_DOCUMENT
    return codes
