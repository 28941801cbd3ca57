"""The section of tables: an overview, then each table with its largest cells and all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from indic_persona_hub.audit.page.bars import Bar, bars
from indic_persona_hub.audit.page.markup import Markup, element, join, table
from indic_persona_hub.audit.page.sums import Cell, Table
from indic_persona_hub.audit.page.whiskers import Whisker, whiskers
from indic_persona_hub.audit.page.wording import (
    count,
    ends,
    finite,
    interval,
    many,
    ratio,
    ratio_tick,
    score,
    share,
)

#: Cells of a table that the page lists; `audit.json` holds all.
LISTED: Final = 200
#: Cells over, and as many under, that are drawn.
_DRAWN: Final = 8
#: Ratios further out are drawn at the edge of the plot.
_DRAWN_RATIOS: Final = (1 / 64, 64.0)
_NOTHING: Final = "No table could be compared: no row states an attribute that the tables hold."


def comparisons(audit: Mapping[str, Any]) -> Markup:
    """All tables: an overview, then one after the other in the order of the audit."""
    tables = audit["tables"]
    if not tables:
        return element("p", None, _NOTHING)
    places = list(enumerate(tables))
    known = [_one(each, place) for place, each in places if each["rows_known"]]
    silent = [(each["title"], anchor(place)) for place, each in places if not each["rows_known"]]
    return join(_overview(tables), *known, _silent(silent) if silent else None)


def anchor(place: int) -> str:
    """The id under which the table at this place of the audit stands in the page."""
    return f"table-{place + 1}"


def _overview(tables: Sequence[Table]) -> Markup:
    says = (
        "Total variation is the share of the rows that would have to be other people for the table"
        " to match: 0% fits, 100% shares nothing. The upright mark is what a fair sample of the"
        " same size shows by chance alone."
    )
    picture = bars(
        [_distance(one, one["title"]) for one in tables if one["rows_known"]],
        title="Total variation of each table",
        description="The same numbers are in the table below.",
    )
    rows = [
        (
            element("a", {"href": f"#{anchor(place)}"}, one["title"]),
            one["population"],
            count(one["rows_known"]),
            share(one["unknown_share"]),
            share(one["total_variation"]),
            share(one["noise_total_variation"] if one["rows_known"] else None),
            score(one["js_divergence"]),
            count(one["flagged"]),
        )
        for place, one in enumerate(tables)
    ]
    heads = (
        *("Table", "Population", "Rows known", "Rows unknown", "Total variation"),
        *("of a fair sample", "Jensen-Shannon (bits)", "Cells flagged"),
    )
    return join(
        element("figure", None, element("figcaption", None, says), picture),
        table("All tables", heads, rows, words=(0, 1), kind="sortable"),
    )


def _distance(one: Table, name: str) -> Bar:
    distance, noise = finite(one["total_variation"]), finite(one["noise_total_variation"])
    beside = f", by chance {share(noise)}" if noise is not None else ""
    return Bar(name, distance, share(distance) + beside, noise)


def _silent(tables: Sequence[tuple[str, str]]) -> Markup:
    """The tables of which no row is known."""
    items = (element("li", {"id": place}, title) for title, place in tables)
    return join(
        element("h3", None, "Tables of which no row is known"),
        element("p", None, "No row states all that these tables count. Nothing can be compared."),
        element("ul", None, *items),
    )


def _one(one: Table, place: int) -> Markup:
    heading = element("h3", {"id": anchor(place)}, one["title"])
    known = f"Population: {one['population']}. {many(one['rows_known'], 'row')} known"
    left_out = f"{share(one['unknown_share'])} of the rows are left out, as one is unknown"
    facts = f"{known} in all dimensions; {left_out if one['unknown_share'] else 'none left out'}."
    noise = finite(one["noise_total_variation"]) or 0.0
    distance = bars(
        [_distance(one, "Total variation")],
        title=f"Total variation of {one['title']}",
        description="Bar: this set. Mark: a fair sample of the same size.",
        most=max(finite(one["total_variation"]) or 0.0, 4 * noise),
    )
    about = element("summary", None, "About these figures")
    note = element("details", None, about, element("p", None, one["note"]))
    return join(
        heading,
        element("p", None, facts),
        element("figure", None, distance),
        _largest(one),
        _all(one),
        note if one.get("note") else None,
    )


def _largest(one: Table) -> Markup:
    over = [cell for cell in one["cells"] if _tone(cell) == "over"][:_DRAWN]
    under = [cell for cell in one["cells"] if _tone(cell) == "under"][:_DRAWN]
    if not over and not under:
        return element("p", None, "No cell is over or under.")
    picture = whiskers(
        [_whisker(cell) for cell in (*over, *under)],
        title=f"Largest cells over and under in {one['title']}",
        description="Dots: rows observed for each row expected, with 95% intervals."
        " The same numbers are in the table of cells.",
        tick_words=ratio_tick,
        centre=1.0,
        within=_DRAWN_RATIOS,
    )
    says = (
        "The worst cells over and under: rows observed for each row expected, with 95% intervals."
        " A full dot is a flagged cell; a square at 0 has no row at all."
    )
    return element("figure", None, element("figcaption", None, says), picture)


def _tone(cell: Cell) -> str:
    """`over`, `under` or neither."""
    observed, expected = finite(cell["observed"]) or 0.0, finite(cell["expected"]) or 0.0
    return "over" if observed > expected else "under" if observed < expected else ""


def _whisker(cell: Cell) -> Whisker:
    low, high = ends(cell.get("interval"))
    kind = _tone(cell) + (" flagged" if cell["flagged"] else "")
    words = f"{count(cell['observed'])} of {count(cell['expected'])} expected"
    times = finite(cell["ratio"])
    return Whisker(cell["label"], times, low, high, words, kind)


def _all(one: Table) -> Markup:
    cells = one["cells"]
    listed = cells[:LISTED]
    rows = [
        (
            cell["label"],
            count(cell["observed"]),
            count(cell["expected"]),
            share(cell["observed_share"]),
            share(cell["expected_share"]),
            ratio(cell["ratio"]),
            interval(cell["interval"]),
            score(cell["z"]),
            "yes" if cell["flagged"] else "",
        )
        for cell in listed
    ]
    heads = (
        *("Cell", "Rows observed", "Rows expected", "Share observed", "Share official"),
        *("Ratio", "95% interval", "z", "Flagged"),
    )
    whole = len(cells) == len(listed)
    summary = (
        f"All {many(len(cells), 'cell')}, the worst first"
        if whole
        else f"The worst {len(listed):,} of {len(cells):,} cells"
    )
    rest = f"The other {many(len(cells) - len(listed), 'cell')} are in audit.json, which holds all."
    caption = f"Cells of {one['title']}, the worst first"
    return element(
        "details",
        {"class": "cells"},
        element("summary", None, summary),
        table(caption, heads, rows, kind="sortable"),
        None if whole else element("p", None, rest),
    )
