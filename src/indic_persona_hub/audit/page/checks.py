"""The sections on pairs of attributes, on support, and on groups that are easily missed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from indic_persona_hub.audit.labels import TITLES
from indic_persona_hub.audit.page.bars import Bar, bars
from indic_persona_hub.audit.page.markup import Markup, element, join, table
from indic_persona_hub.audit.page.whiskers import Whisker, whiskers
from indic_persona_hub.audit.page.wording import (
    NOTHING,
    count,
    ends,
    finite,
    many,
    named,
    ratio,
    score,
    share,
    share_tick,
    small,
)

_ASSOCIATIONS: Final = ("association_observed", "association_official")
_VERDICTS: Final = {
    "kept": "kept",
    "stronger": "stronger than in India",
    "weakened": "weakened",
    "independent": "lost: as good as independent",
    "too few rows": "too few rows",
}


def independence(audit: Mapping[str, Any]) -> Markup:
    """Whether pairs of attributes go together as in the country."""
    pairs = audit["independence"]
    if not pairs:
        return element("p", None, "No pair of attributes is known in any row.")
    says = (
        "How much of the official association of two attributes is in the set: the upright mark is"
        " the country, nought is no association at all. Pairs with too few rows are in the table."
    )
    picture = bars(
        [_strength(one) for one in pairs if finite(one["kept_share"]) is not None],
        title="Share of the official association that pairs of attributes keep",
        description="The same numbers are in the table below.",
        most=1.25,
    )
    rows = [
        (
            _pair(one),
            count(one["rows_known"]),
            *(small(one[name]) if one["rows_known"] else NOTHING for name in _ASSOCIATIONS),
            share(one["kept_share"]),
            _verdict(one),
            small(one["p_value"]) if one["rows_known"] else NOTHING,
        )
        for one in pairs
    ]
    heads = (
        *("Pair", "Rows known", "Mutual information (nats)", "official, at these margins"),
        *("Kept share", "Verdict", "p value"),
    )
    return join(
        element("figure", None, element("figcaption", None, says), picture),
        table("Pairs of attributes", heads, rows, words=(0, 5), kind="sortable"),
        *(_cells(one) for one in pairs),
    )


def coverage(audit: Mapping[str, Any]) -> Markup:
    """How much of the country has enough personas to draw from, and what has not."""
    names = {one["name"] for one in audit["tables"] if one["rows_known"]}
    found = [one for one in audit["coverage"] if one["table"] in names]
    if not found:
        return element("p", None, "No table could be compared.")
    picture = bars(
        [
            Bar(
                _title(audit, one),
                finite(one["population_share_covered"]),
                f"{share(one['population_share_covered'])} of the population",
            )
            for one in found
        ],
        title="Share of the population that lives in covered cells",
        description="The same numbers are in the table below.",
        most=1.0,
    )
    rows = [
        (
            _title(audit, one),
            count(one["k"]),
            count(one["cells"]),
            count(one["covered_cells"]),
            share(one["population_share_covered"]),
        )
        for one in found
    ]
    heads = ("Table", "Rows needed", "Cells", "Cells covered", "Population in them")
    says = "A cell is covered when it has at least so many rows that one can draw from it."
    return join(
        element("figure", None, element("figcaption", None, says), picture),
        table("Support", heads, rows),
        *(_uncovered(one, _title(audit, one)) for one in found),
    )


def low_visibility(audit: Mapping[str, Any]) -> Markup:
    """Groups that texts seldom show, beside the official share where there is one."""
    groups = audit["low_visibility"]
    if not groups:
        return element("p", None, "No row states an attribute that tells these groups apart.")
    picture = whiskers(
        [_group(one) for one in groups],
        title="Shares of groups that are easily missed",
        description="Dots: observed, with 95% intervals. Marks: official. See the table below.",
        tick_words=share_tick,
        base=10.0,
    )
    rows = [
        (
            one["label"],
            count(one["observed"]),
            _at_least(one, share(one["observed_share"])),
            _bounds(one),
            share(one["official_share"]) if _official(one) else "no official figure",
            _at_least(one, ratio(one["ratio"])),
            share(one["unknown_share"]),
            "yes" if one["flagged"] else "",
            one.get("source") or NOTHING,
        )
        for one in groups
    ]
    heads = (
        *("Group", "Rows", "Share", "95% interval", "Official share", "Ratio"),
        *("Rows unknown", "Flagged", "Source"),
    )
    says = (
        "Dots are shares of the rows that are known, with 95% intervals; marks are official. “At"
        " least” (≥): texts name this group and are silent about everybody else, so its share is"
        " that of all rows, and silent rows may belong to it too."
    )
    return join(
        element("figure", None, element("figcaption", None, says), picture),
        table("Groups that are easily missed", heads, rows, words=(0, 8), kind="sortable"),
    )


def _pair(one: Mapping[str, Any]) -> str:
    return " and ".join(TITLES.get(name, named(name)) for name in one["pair"])


def _strength(one: Mapping[str, Any]) -> Bar:
    kind = "bar" if one["verdict"] in ("kept", "too few rows") else "bar under"
    kept = finite(one["kept_share"])
    return Bar(_pair(one), kept, f"{share(kept)}, {_verdict(one)}", 1.0, kind)


def _verdict(one: Mapping[str, Any]) -> str:
    return _VERDICTS.get(one["verdict"], str(one["verdict"]))


def _cells(one: Mapping[str, Any]) -> Markup | None:
    if not one.get("cells"):
        return None
    rows = [
        (cell["label"], count(cell["observed"]), count(cell["expected"]), score(cell.get("z")))
        for cell in one["cells"]
    ]
    heads = ("Cell", "Rows observed", "Rows expected", "z")
    caption = f"Cells of {_pair(one)} that are furthest off, at the margins of this set"
    return element(
        "details",
        None,
        element("summary", None, f"{_pair(one)}: the cells furthest off"),
        table(caption, heads, rows),
    )


def _title(audit: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    titles = {each["name"]: str(each["title"]) for each in audit["tables"]}
    return titles.get(one["table"], str(one["table"]))


def _uncovered(one: Mapping[str, Any], title: str) -> Markup | None:
    lacking: Sequence[Mapping[str, Any]] = one["uncovered"]
    if not lacking:
        return None
    left = one["cells"] - one["covered_cells"]
    shown = "" if left <= len(lacking) else f", the {len(lacking)} most populous"
    rows = [
        (cell["label"], count(cell.get("observed")), share(cell.get("expected_share")))
        for cell in lacking
    ]
    heads = ("Cell", "Rows", "Share of the population")
    return element(
        "details",
        None,
        element("summary", None, f"{title}: {many(left, 'cell')} not covered{shown}"),
        table(f"Cells of {title} with fewer than {one['k']} rows", heads, rows),
    )


def _official(one: Mapping[str, Any]) -> bool:
    return finite(one["official_share"]) is not None


def _group(one: Mapping[str, Any]) -> Whisker:
    low, high = ends(one["interval"])
    official = finite(one["official_share"])
    beside = f"official {share(official)}" if official is not None else "no official figure"
    observed = finite(one["observed_share"])
    bound = "≥ " if one.get("at_least") else ""
    words = f"unknown, {beside}" if observed is None else f"{bound}{share(observed)}, {beside}"
    if observed is None or official is None or (bound and observed <= official):
        kind = ""
    else:
        kind = "over" if observed > official else "under"
    return Whisker(
        one["label"], observed, low, high, words, kind + (" flagged" if one["flagged"] else ""),
        official,
    )  # fmt: skip


def _at_least(one: Mapping[str, Any], words: str) -> str:
    return f"at least {words}" if one.get("at_least") and words != NOTHING else words


def _bounds(one: Mapping[str, Any]) -> str:
    low, high = ends(one["interval"])
    if low is None or high is None or finite(one["observed_share"]) is None:
        return NOTHING
    return f"{share(low)} to {share(high)}"
