"""An audit as people read it on a terminal; all of it stands in `audit.json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from indic_persona_hub.audit.labels import TITLES, weights_in_words
from indic_persona_hub.audit.page.verdicts import CHECKS
from indic_persona_hub.cli.terminal import table, terminal

if TYPE_CHECKING:
    from rich.console import Console

    from indic_persona_hub.audit.coding.coded import Coded
    from indic_persona_hub.audit.gaps import Missing

_ALARMS: Final = 12
_GAPS: Final = 40
_UNRECOGNISED: Final = 5
_SHORT_CODES: Final = (
    "Two-letter codes are read only beside a district of the state: TN is Tennessee too."
)


def print_audit(audit: Mapping[str, Any], *, verdicts: bool = False) -> None:
    """The tables with what is unknown, then the first alarms.

    Args:
        verdicts: Whether to say of every check of stewardship how it ended.
    """
    known = [one for one in audit["tables"] if one["rows_known"]]
    screen = terminal()
    headings = ("table", "known", "unknown", "variation", "by chance", "cells off")
    rows = [
        (
            one["name"],
            one["rows_known"],
            f"{one['unknown_share']:.1%}",
            f"{one['total_variation']:.3f}",
            f"{one['noise_total_variation']:.3f}",
            one["flagged"],
        )
        for one in known
    ]
    if rows:
        screen.print(table(headings, rows))
    if nothing := _nothing_known(audit["tables"]):
        screen.print(nothing, markup=False)
    if audit["set"].get("weighted"):
        words = weights_in_words(audit["set"]["rows"], audit["set"]["effective_rows"])
        screen.print(words, markup=False)
    rejected = audit["set"]["rejected"]
    reasons = f" ({_counted(rejected, len(rejected))})" if rejected else ""
    refused = sum(rejected.values())
    screen.print(f"{audit['set']['rows']:,} rows, {refused:,} refused{reasons}.", markup=False)
    for name, one in audit["attributes"].items():
        if one["unrecognised"]:
            values = _counted(one["unrecognised"], _UNRECOGNISED)
            screen.print(f"{name}, values without a code: {values}", markup=False)
            if name == "state" and any(map(_is_short, one["unrecognised"])):
                screen.print(f"  {_SHORT_CODES}")
    for line in _verdicts(audit["stewardship"]) if verdicts else ():
        screen.print(line, markup=False)
    _print_alarms(screen, audit["alarms"])


def _print_alarms(screen: Console, alarms: Sequence[Mapping[str, Any]]) -> None:
    for one in alarms[:_ALARMS]:
        screen.print(f"! {one['what']}", markup=False)
    if len(alarms) > _ALARMS:
        screen.print(f"... and {len(alarms) - _ALARMS:,} more.")
    if not alarms:
        screen.print("No alarm: nothing here that a fair set of this size would not show.")


def _verdicts(stewardship: Mapping[str, Any]) -> Iterator[str]:
    for check, verdict in stewardship["verdicts"].items():
        yield f"{CHECKS[check]}: {verdict}."


def _nothing_known(tables: Sequence[Mapping[str, Any]]) -> str:
    """The tables without a known row in one line; joints by their number."""
    silent = [one for one in tables if not one["rows_known"]]
    alone = ", ".join(one["name"] for one in silent if one["kind"] == "marginal")
    joints = sum(one["kind"] == "joint" for one in silent)
    of_joints = f"{joints} joint table{'' if joints == 1 else 's'}" if joints else ""
    named = ", and of ".join(part for part in (alone, of_joints) if part)
    return f"Nothing known of: {named}." if named else ""


def _is_short(cell: str) -> bool:
    return len(cell) == 2 and cell.isascii() and cell.isalpha()


def _counted(amounts: Mapping[str, int], most: int) -> str:
    """Such as "Atlantis 12, Goaa 3, ..."; nothing in a value may steer the terminal."""
    shown = [f"{name} {count:,}" for name, count in list(amounts.items())[:most]]
    text = ", ".join([*shown, "..."] if len(amounts) > most else shown)
    return "".join(one if one.isprintable() else "\ufffd" for one in text)


def print_gaps(gaps: Sequence[Mapping[str, Any]]) -> None:
    """The largest deficits."""
    screen = terminal()
    if not gaps:
        return
    headings = ("cell", "table", "known", "observed", "wanted", "missing")
    names = ("label", "table", "rows_known", "observed", "wanted", "deficit")
    rows = [tuple(one[name] for name in names) for one in gaps[:_GAPS]]
    screen.print(table(headings, rows))
    if len(gaps) > _GAPS:
        screen.print(f"... and {len(gaps) - _GAPS:,} more cells: --json lists all.")


def gaps_in_words(coded: Coded, found: Missing) -> Iterator[str]:
    """What stands behind the list of gaps, and what it cannot say."""
    if coded.weights is not None:
        yield weights_in_words(coded.rows, coded.counted_rows)
    if found.too_few:
        tables = _counted(found.too_few, len(found.too_few))
        yield f"Too few rows known to say who is missing: {tables}."
    if found.unknown:
        names = ", ".join(TITLES[name] for name in found.unknown)
        yield f"No row states, so that nobody can be said to be missing: {names}."
    if not found.tables:
        yield "No table could be compared, which does not say that nobody is missing."
    elif not found.cells:
        yield f"No cell lacks personas, of {found.tables} tables."
