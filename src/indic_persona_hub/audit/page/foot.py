"""The foot of the report: how to read it, how it was made, and from what."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any, Final

from indic_persona_hub.audit.coverage import ENOUGH
from indic_persona_hub.audit.page.markup import Markup, element, join, table

#: Where the page says how to read it: id and heading.
READING: Final = ("reading", "How to read this page")
#: Without --year.
_CENSUS: Final = 2011
_READING: Final = (
    "Start with the alarms: each says what departs from the official figures and leads to it.",
    "Orange means fewer rows than a faithful set of this size would have, blue means more. The"
    " numbers stand beside every colour.",
    "A ratio of 1 fits. If its 95% interval holds 1, chance alone could have made the departure. In"
    " a fair set up to five intervals of a hundred miss 1 by chance; flags allow for that.",
    "Nothing observed is not the same as nothing known: a crossed tile has no row, a broken outline"
    " says that no number is there.",
    "A share is of the rows that state the attribute, unless it says “at least”; how many do not"
    " stands beside it. They may well be different people.",
    "The official figures say who lives in India, not who a good persona set should show. A"
    " departure is a fact, and whether it is a fault depends on what the set is for.",
)
_METHOD: Final = (
    "Each row is given a code for each attribute that it states, in a column or in so many words;"
    " what is not stated stays unknown.",
    "Rows that are known in all dimensions of a table are counted cell by cell beside the official"
    " persons of that cell.",
    "A cell is flagged when a fair sample of the same size would hardly ever be so far off, with"
    " all cells of the audit taken together, and when it is far enough off to matter.",
    "Total variation and Jensen-Shannon divergence sum up a table, beside what a fair sample would"
    " show by chance.",
    "Pairs of attributes are set beside the official joint table at the margins of this set, so"
    " that a wrong margin alone does not count as a lost association.",
)


def foot(audit: Mapping[str, Any]) -> Markup:
    """Reading, method, sources and the command."""
    return join(
        element("h2", {"id": READING[0]}, READING[1]),
        element("ul", None, *(element("li", None, each) for each in _READING)),
        element("h2", {"id": "method"}, "Method"),
        element("p", None, " ".join(_METHOD)),
        element("h2", {"id": "sources"}, "Sources and licences"),
        _sources(audit),
        element("h2", {"id": "again"}, "Make it again"),
        element("pre", None, element("code", None, command(audit))),
        element(
            "p",
            None,
            "All cells of all tables, and every number here, are in audit.json beside it.",
        ),
    )


def command(audit: Mapping[str, Any]) -> str:
    """The command line that makes the audit again."""
    words = ["iph", "audit", shlex.quote(str(audit["set"]["path"])), "--out", "DIR"]
    if fields := audit["set"].get("fields"):
        named = ",".join(f"{ours}={theirs}" for ours, theirs in fields.items())
        words += ["--map", shlex.quote(named)]
    if audit["reference"]["year"] != _CENSUS:
        words += ["--year", str(audit["reference"]["year"])]
    needed = {one["k"] for one in audit["coverage"]}
    if len(needed) == 1 and needed != {ENOUGH}:
        words += ["--k", str(needed.pop())]
    if lists := (audit.get("stewardship") or {}).get("lists"):
        words += ["--lists", shlex.quote(lists["path"])]
    return " ".join(words)


def _sources(audit: Mapping[str, Any]) -> Markup:
    tables = audit["reference"]["tables"]
    rows = [(one["name"], one["source"], one["licence"]) for one in tables]
    if not rows:
        return element("p", None, "No reference table was used.")
    return table("Reference tables", ("Table", "Source", "Licence"), rows, words=(0, 1, 2))
