"""The head of the report: the set, the alarms, and how much of it is unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from indic_persona_hub.audit.labels import weights_in_words
from indic_persona_hub.audit.page.bars import Bar, bars
from indic_persona_hub.audit.page.comparisons import anchor
from indic_persona_hub.audit.page.markup import Markup, element, join, table
from indic_persona_hub.audit.page.wording import NOTHING, count, finite, many, named, share

_ALARMS_OPEN: Final = 40
#: Sections that an alarm may be about, by the word that its `where` begins with.
_SECTIONS: Final = {
    "independence": "independence",
    "coverage": "coverage",
    "low_visibility": "low-visibility",
    "stewardship": "stewardship",
    "attributes": "unknown",
    "set": "unknown",
}


def facts(audit: Mapping[str, Any]) -> Markup:
    """The set in numbers."""
    about = audit["set"]
    tables = audit["tables"]
    flagged = sum(one["flagged"] for one in tables)
    cells = sum(len(one["cells"]) for one in tables if one["rows_known"])
    pairs = (
        (count(about["rows"]), "rows audited"),
        (count(sum(about["rejected"].values())), "rows left out"),
        (f"{count(flagged)} of {count(cells)}", "cells flagged"),
        (f"{audit['reference']['year']}", "year of the official figures"),
    )
    boxes = (
        element("div", None, element("dt", None, name), element("dd", None, value))
        for value, name in pairs
    )
    weighted = None
    if about.get("weighted"):
        words = weights_in_words(about["rows"], about["effective_rows"])
        weighted = element("p", None, words)
    return join(element("dl", {"class": "facts"}, *boxes), weighted, _rejected(about["rejected"]))


def alarms(audit: Mapping[str, Any]) -> Markup:
    """The alarms, the worst first, each with a link to what it is about."""
    raised = audit["alarms"]
    if not raised:
        return element("p", None, f"No alarm. {_weighed(audit)}")
    places = _places(audit["tables"])
    items = [_alarm(alarm, places) for alarm in raised]
    rest = items[_ALARMS_OPEN:]
    more = element(
        "details",
        None,
        element("summary", None, many(len(rest), "more alarm")),
        element("ol", {"start": _ALARMS_OPEN + 1}, *rest),
    )
    return join(element("ol", {"class": "alarms"}, *items[:_ALARMS_OPEN]), more if rest else None)


def unknown(audit: Mapping[str, Any]) -> Markup:
    """How many rows do not state an attribute, who stated it, and what was not recognised."""
    attributes = audit["attributes"]
    if not attributes:
        return element("p", None, "The set has no attribute that could be read.")
    says = "Rows that do not state an attribute are left out of every number on it, never guessed."
    picture = bars(
        [
            Bar(named(name), finite(one["unknown_share"]), f"{share(one['unknown_share'])} unknown")
            for name, one in attributes.items()
        ],
        title="Share of the rows in which an attribute is unknown",
        description="The same numbers are in the table below.",
        most=1.0,
    )
    rows = [
        (
            named(name),
            count(one["known"]),
            share(one["unknown_share"]),
            _counted(one.get("origins") or {}),
            _counted(one.get("unrecognised") or {}),
        )
        for name, one in attributes.items()
    ]
    heads = (
        "Attribute",
        "Rows known",
        "Unknown",
        "Stated by",
        "Values that have no code, with rows",
    )
    return join(
        element("figure", None, element("figcaption", None, says), picture),
        table("What is known of each attribute", heads, rows, words=(0, 3, 4)),
    )


def _rejected(rejected: Mapping[str, int]) -> Markup:
    if not rejected:
        return element("p", None, "No row was left out.")
    rows = [(named(reason), count(rows)) for reason, rows in rejected.items()]
    return table("Rows left out, by reason", ("Reason", "Rows"), rows)


def _weighed(audit: Mapping[str, Any]) -> str:
    compared = [one for one in audit["tables"] if one["rows_known"]]
    if not compared:
        return "No row could be compared, so this says nothing about the set."
    return (
        f"{many(len(compared), 'table')} compared. Where few rows are known, only a large departure"
        " can be told from chance."
    )


def _alarm(alarm: Mapping[str, str], places: Mapping[str, str]) -> Markup:
    where = str(alarm["where"])
    target = places.get(where) or _SECTIONS.get(re.split(r"[^a-z_]", where, maxsplit=1)[0])
    link = element("a", {"href": f"#{target}"}, "see it") if target else None
    return element("li", None, alarm["what"], " ", link)


def _places(tables: list[Mapping[str, Any]]) -> dict[str, str]:
    named_so = {one["name"]: anchor(place) for place, one in enumerate(tables)}
    return {one["title"]: anchor(place) for place, one in enumerate(tables)} | named_so


def _counted(amounts: Mapping[str, int]) -> str:
    words = ", ".join(f"{name} ({count(amount)})" for name, amount in amounts.items())
    return words or NOTHING
