"""What is wrong with a set in plain sentences, worst first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from indic_persona_hub.audit.cells import cell_at
from indic_persona_hub.audit.compare import Comparison
from indic_persona_hub.audit.independence import Pair
from indic_persona_hub.audit.labels import TITLES, label
from indic_persona_hub.audit.low_visibility import Seen
from indic_persona_hub.audit.tables import Table

#: Of one marginal at most so many cells are told; all of them stand in the table.
_MOST_CELLS: Final = 10
#: A smaller share of unknown rows is not worth a word in a sentence.
_LEAST_UNKNOWN: Final = 0.005
_PHRASES: Final[Mapping[str, str]] = {
    "state": "of {}",
    "residence": "with residence {}",
    "sex": "with sex {}",
    "age_band": "{}",
    "language": "with mother tongue {}",
    "religion": "of religion {}",
    "community": "of community {}",
    "education": "with education {}",
    "literacy": "counted as {}",
    "occupation_division": "in occupation {}",
    "work_class": "with work as {}",
    "disability": "with disability {}",
    "district": "of district {}",
}


class Alarm(NamedTuple):
    """One sentence, with the table or part of the audit that it comes from."""

    where: str
    what: str
    severity: float


def marginal_alarms(table: Table, found: Comparison) -> Iterator[Alarm]:
    """One a flagged cell of a marginal."""
    severity = found.severity()
    flagged = min(int(found.flagged.sum()), _MOST_CELLS)
    for place in found.worst_first()[:flagged].tolist():
        who = _who(cell_at(found.official, place))
        if found.observed[place]:
            what = f"{_too(found, place)} personas {who}: {_figures(found, place)}"
        else:
            expected = f"{_few(found.expected[place])} of {found.rows:,} expected"
            what = f"No persona {who}: {expected}"
        yield Alarm(table.name, f"{what}{_silent(found)}.", float(severity[place]))


def joint_alarm(table: Table, beyond: Comparison) -> Iterator[Alarm]:
    """One for a joint that is off beyond its margins, about its worst cell.

    Args:
        beyond: See `scaling.beyond_margins`, flagged.
    """
    flagged = int(beyond.flagged.sum())
    if flagged:
        place = int(beyond.worst_first()[0])
        cell = label(cell_at(beyond.official, place))
        many = f"{flagged:,} cells are" if flagged > 1 else "a cell is"
        off = f"even at the set's own margins {many} off"
        what = f"{table.title}: {off}; worst is {cell}: {_figures(beyond, place)}"
        yield Alarm(table.name, f"{what}{_silent(beyond)}.", float(beyond.severity()[place]))


def group_alarm(one: Seen) -> Iterator[Alarm]:
    """Where a group is fewer than it should be, and no alarm on a marginal says the same."""
    found = one.comparison
    if found is None or one.is_cell or not one.flagged or found.z[0] > 0:
        return
    what = f"{one.group.label}: {_figures(found, 0)}"
    yield Alarm("low_visibility", f"{what}{_silent(found)}.", float(found.severity()[0]))


def pair_alarm(pair: Pair, severity: float) -> Iterator[Alarm]:
    """Where a pair of attributes goes together less or more than in India."""
    first, second = (TITLES[name] for name in pair.names)
    if pair.verdict == "independent":
        what = f"{first} and {second} do not go together, as they do in India"
    elif pair.verdict == "weakened":
        what = f"{first} and {second} go together less than in India"
    elif pair.verdict == "stronger":
        what = f"{first} and {second} go together more than in India, as in a stereotype"
    else:
        return
    kept = f"{max(0.0, pair.kept_share or 0.0):.0%} of the official association"
    yield Alarm("independence", f"{what[:1].upper()}{what[1:]}: {kept}.", severity)


def ranked(alarms: Sequence[Alarm]) -> list[dict[str, str]]:
    """Worst first."""
    order = sorted(alarms, key=lambda one: -one.severity)
    return [{"where": one.where, "what": one.what} for one in order]


def _who(cell: Mapping[str, str]) -> str:
    return " ".join(_PHRASES[name].format(label({name: value})) for name, value in cell.items())


def _too(found: Comparison, place: int) -> str:
    return "Too many" if found.observed[place] > found.expected[place] else "Too few"


def _figures(found: Comparison, place: int) -> str:
    """Such as "31,144 of 50,000, 15,572 expected (2.0 times)"."""
    observed, expected = found.observed[place], found.expected[place]
    seen = f"{observed:,.0f}" if observed else "none"
    ratio = observed / expected if expected else 0.0
    times = f" ({ratio:,.0f} times)" if ratio >= 10 else f" ({ratio:.2f} times)"
    return f"{seen} of {found.rows:,}, {_few(expected)} expected{times if ratio else ''}"


def _few(expected: float) -> str:
    if expected >= 10:
        return f"{expected:,.0f}"
    return f"{expected:.1f}" if expected >= 1 else f"{expected:.1g}" if expected else "none"


def _silent(found: Comparison) -> str:
    if found.unknown_share < _LEAST_UNKNOWN:
        return ""
    return f"; {found.unknown_share:.0%} of all rows do not say"
