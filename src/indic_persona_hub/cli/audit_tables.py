"""An audit as people read it on a terminal; all of it stands in `audit.json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from indic_persona_hub.cli.terminal import table, terminal

_ALARMS: Final = 12
_GAPS: Final = 40
_UNRECOGNISED: Final = 5


def print_audit(audit: Mapping[str, Any]) -> None:
    """The tables with what is unknown, then the first alarms."""
    screen = terminal()
    headings = ("table", "known", "unknown", "variation", "by chance", "cells off")
    rows = [
        (
            one["name"],
            one["rows_known"],
            f"{one['unknown_share']:.1%}",
            None if one["total_variation"] is None else f"{one['total_variation']:.3f}",
            f"{one['noise_total_variation']:.3f}" if one["rows_known"] else None,
            one["flagged"],
        )
        for one in audit["tables"]
    ]
    screen.print(table(headings, rows))
    rejected = audit["set"]["rejected"]
    reasons = f" ({_counted(rejected, len(rejected))})" if rejected else ""
    refused = sum(rejected.values())
    screen.print(f"{audit['set']['rows']:,} rows, {refused:,} refused{reasons}.", markup=False)
    for name, one in audit["attributes"].items():
        if one["unrecognised"]:
            values = _counted(one["unrecognised"], _UNRECOGNISED)
            screen.print(f"{name}, values without a code: {values}", markup=False)
    alarms = audit["alarms"]
    for one in alarms[:_ALARMS]:
        screen.print(f"! {one['what']}", markup=False)
    if len(alarms) > _ALARMS:
        screen.print(f"... and {len(alarms) - _ALARMS:,} more.")
    if not alarms:
        screen.print("No alarm: nothing here that a fair set of this size would not show.")


def _counted(amounts: Mapping[str, int], most: int) -> str:
    """Such as "Atlantis 12, Goaa 3, ..."; nothing in a value may steer the terminal."""
    shown = [f"{name} {count:,}" for name, count in list(amounts.items())[:most]]
    text = ", ".join([*shown, "..."] if len(amounts) > most else shown)
    return "".join(one if one.isprintable() else "\ufffd" for one in text)


def print_gaps(gaps: Sequence[Mapping[str, Any]]) -> None:
    """The largest deficits."""
    screen = terminal()
    headings = ("cell", "table", "observed", "wanted", "missing")
    rows = [
        (one["label"], one["table"], one["observed"], one["wanted"], one["deficit"])
        for one in gaps[:_GAPS]
    ]
    screen.print(table(headings, rows))
    if len(gaps) > _GAPS:
        screen.print(f"... and {len(gaps) - _GAPS:,} more cells: --json lists all.")
