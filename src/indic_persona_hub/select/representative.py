"""Representative selection: rows that match official tables as far as the pool allows.

Who passes judges, minimum and documents is decided as in `verdicts`. What is left is counted by
combination of codes and over-full domain (`groups`), raked to the tables under the caps
(`raking`), rounded to whole rows (`rounding`), and in each group the first of a weighted race are
kept (`race`). Instead of a sample, weights can be had: the kept rows are then those of `verdicts`,
and each group's raked mass is shared by its rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.reference.official import Official
from indic_persona_hub.select.exchange import Counts, Wanted
from indic_persona_hub.select.groups import Codes, Groups, groups_of
from indic_persona_hub.select.ordering import ordered, run_starts
from indic_persona_hub.select.outcome import Outcome, outcome, weights_outcome
from indic_persona_hub.select.raking import (
    Ceiling,
    Fit,
    Margin,
    Masses,
    counted,
    rake,
    total_of,
)
from indic_persona_hub.select.rounding import rounded
from indic_persona_hub.select.settings import Selection
from indic_persona_hub.select.standing import Reason, Reasons, Standing
from indic_persona_hub.select.targets import Target, targets_of, within_reach
from indic_persona_hub.select.verdicts import decide, screened

#: No weight is more than this; what would be is clipped.
MOST_WEIGHT: Final = 100.0
#: Tables with this share of the people of the largest one count all of them.
_ALL: Final = 0.99
#: Stands for `UNKNOWN_ATTRIBUTE` among the numbers of judges while rows are screened.
_OUT: Final = np.int16(np.iinfo(np.int16).max)


class Drawn(NamedTuple):
    """What representative selection answers.

    Attributes:
        reasons: Verdicts, as `verdicts.decide` gives them.
        weights: float32 by row, 0 where not kept, mean 1 over those kept; null for a sample.
        outcome: What was asked, what came of it, and what was lost.
    """

    reasons: Reasons
    weights: NDArray[np.float32] | None
    outcome: Outcome


def represent(
    standing: Standing, selection: Selection, codes: Codes, tables: Sequence[Official]
) -> Drawn:
    """Verdicts on all personas, with tables to match; which number a row has is no matter.

    Args:
        selection: With its `represent`, whose tables are given as `tables`.
        codes: int8 or int16 by dimension of the tables, one a row; -1 where unknown.
    """
    settings = selection.represent
    assert settings is not None, "the selection has no tables"
    targets = targets_of(tables)
    if settings.unknown == "exclude":
        left_out = (standing.failed == 0) & _left_out(codes, tables)
        standing = standing._replace(failed=np.where(left_out, _OUT, standing.failed))
    drawing = _weighted if settings.release == "weights" else _sampled
    drawn = drawing(standing, selection, codes, targets)
    of_rows = drawn.reasons.codes
    of_rows[of_rows == _OUT] = Reason.UNKNOWN_ATTRIBUTE
    return drawn


def _left_out(codes: Codes, tables: Sequence[Official]) -> NDArray[np.bool_]:
    """Rows with an unknown code in a table that counts all people."""
    everyone = max(table.persons.sum() for table in tables)
    whole = [table for table in tables if table.persons.sum() >= _ALL * everyone]
    names = dict.fromkeys(name for table in whole for name in table.dimensions)
    left_out: NDArray[np.bool_] = np.logical_or.reduce([codes[name] < 0 for name in names])
    return left_out


def _sampled(
    standing: Standing, selection: Selection, codes: Codes, targets: Sequence[Target]
) -> Drawn:
    reasons = screened(standing.failed, standing.confidence, standing.document, selection)
    rows = np.flatnonzero(reasons == Reason.KEPT)
    domains = int(standing.domain.max()) + 1 if len(reasons) else 0
    sizes = np.bincount(standing.domain[rows], minlength=domains)
    assert selection.target is not None, "a sample has a target"
    total = min(selection.target, int(np.minimum(sizes, selection.cap).sum()))
    tables = [target.official for target in targets]
    groups, ceiling = groups_of(standing, codes, rows, tables, selection.cap)
    drawing = _draw(groups, targets, ceiling, total)
    reasons[groups.beyond(drawing.taken)] = Reason.NOT_DRAWN
    found = outcome(groups, targets, drawing.taken, drawing.fit, drawing.without_caps)
    return Drawn(Reasons(reasons, sizes), None, found)


class _Drawing(NamedTuple):
    """Rows taken of each group, the fit behind them, and the fit that there were without caps (null
    where none is over-full or nothing was lost).
    """

    taken: Counts
    fit: Fit
    without_caps: Fit | None


def _draw(
    groups: Groups, targets: Sequence[Target], ceiling: Ceiling | None, total: int
) -> _Drawing:
    fit, margins = _fitted(groups, targets, ceiling, total)
    # Not what the tables ask for but what the fit came to: that can be had all at once.
    wanted = [Wanted(margin.cell, margin.held(fit.mass)) for margin in margins]
    taken = rounded(fit.mass, groups.sizes, wanted, ceiling, total)
    lossy = ceiling is not None and not _met(groups, targets, taken)
    return _Drawing(taken, fit, _fitted(groups, targets, None, total)[0] if lossy else None)


def _fitted(
    groups: Groups,
    targets: Sequence[Target],
    ceiling: Ceiling | None,
    total: int,
    most_weight: float = 1.0,
) -> tuple[Fit, list[Margin]]:
    """The groups raked to the targets as far as the pool can, and what was asked of them."""
    have = groups.sizes.astype(np.float64)
    most = have * most_weight
    margins = [Margin(cell, one.shares) for cell, one in zip(groups.cells, targets, strict=True)]
    rooms = [_rooms(margin, most, ceiling) for margin in margins]
    part = total / max(total_of(have), 1.0)
    known = [part * total_of(margin.held(have)[:-1]) for margin in margins]
    shares = within_reach(targets, known, rooms)
    margins = [Margin(m.cell, own) for m, own in zip(margins, shares, strict=True)]
    return rake(have, most, margins, float(total), ceiling), margins


def _rooms(margin: Margin, most: Masses, ceiling: Ceiling | None) -> Masses:
    """Most that each cell could have, were it alone."""
    if ceiling is None:
        return margin.held(most)[:-1]
    order = ordered(margin.cell, ceiling.bucket)
    starts = run_starts(order, margin.cell, ceiling.bucket)
    held = np.add.reduceat(most[order], starts) if len(starts) else most
    first = order[starts]
    held = np.minimum(held, ceiling.most[ceiling.bucket[first]])
    return counted(margin.cell[first], held, len(margin.shares) + 1)[:-1]


def _met(groups: Groups, targets: Sequence[Target], taken: Counts) -> bool:
    """Whether every cell has what its table asks for, within a row."""
    for cell, target in zip(groups.cells, targets, strict=True):
        rows = Margin(cell, target.shares).held(taken.astype(np.float64))[:-1]
        if (target.shares * rows.sum() - rows >= 1).any():
            return False
    return True


def _weighted(
    standing: Standing, selection: Selection, codes: Codes, targets: Sequence[Target]
) -> Drawn:
    reasons = decide(standing, selection)
    rows = np.flatnonzero(reasons.codes == Reason.KEPT)
    groups, _ = groups_of(standing, codes, rows, [target.official for target in targets])
    fit = _fitted(groups, targets, None, len(rows), MOST_WEIGHT)[0]
    placed = total_of(fit.mass)
    each = fit.mass / groups.sizes * (len(rows) / placed) if placed else np.ones(len(groups.sizes))
    weights = np.zeros(len(reasons.codes), np.float32)
    weights[groups.rows] = np.repeat(each, groups.sizes)
    return Drawn(reasons, weights, weights_outcome(groups, targets, fit, each, MOST_WEIGHT))
