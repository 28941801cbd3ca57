"""Exactly N: ask about more and more documents until N personas are kept, or none are left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, NamedTuple

from indic_persona_hub.run.steps import Effort

#: Documents of the first wave for each persona wanted, and its fewest documents.
_FIRST_SHARE: Final = 0.25
_FEWEST: Final = 32
#: A wave asks for a little more than the yield so far says, and grows at least so much.
_MARGIN: Final = 1.03
_GROWTH: Final = 1.1
#: Most candidates beyond the recipe's, once all documents were asked about.
_MOST_MORE: Final = 20


class Reached(NamedTuple):
    """How far it came.

    Attributes:
        effort: The last wave's.
        kept: Personas kept.
        statement: What was reached and what ended it, in words.
    """

    effort: Effort
    kept: int
    statement: str


def until_accepted(wanted: int, documents: int, run: Callable[[Effort], int]) -> Reached:
    """Run waves of growing effort until one keeps `wanted` personas.

    Every wave's asks are among those of the next, so replies are paid once.

    Args:
        wanted: Personas wanted.
        documents: Documents that there are.
        run: Builds with an effort and says how many personas are kept, at most `wanted`.
    """
    effort = Effort(_share(max(_FEWEST, wanted * _FIRST_SHARE), documents))
    kept = run(effort)
    while kept < wanted and effort.share < 1:
        needed = effort.share * _MARGIN * wanted / max(kept, 1)
        share = max(effort.share * _GROWTH, min(needed, effort.share * 4))
        effort = Effort(_share(share * documents, documents))
        kept = run(effort)
    idle = 0
    while kept < wanted and effort.more_candidates < _MOST_MORE and idle < 2:
        effort = replace(effort, more_candidates=effort.more_candidates + 1)
        before, kept = kept, run(effort)
        idle = idle + 1 if kept <= before else 0
    return Reached(effort, kept, _statement(wanted, kept, effort))


def _share(asked: float, documents: int) -> float:
    """Rounded, so that the same counts give the same share on every machine."""
    return min(1.0, round(asked / max(documents, 1), 6)) if documents else 1.0


def _statement(wanted: int, kept: int, effort: Effort) -> str:
    more = effort.more_candidates
    about = f"{effort.share:.1%} of the documents" + (f", {more} more candidates" if more else "")
    if kept >= wanted:
        return f"limits.accepted: {kept:,} of {wanted:,} personas are accepted, from {about}."
    return (
        f"limits.accepted: the sources ended at {kept:,} of {wanted:,} personas, from {about}:"
        " no more pass the judges. Give more documents, or change the judges."
    )
