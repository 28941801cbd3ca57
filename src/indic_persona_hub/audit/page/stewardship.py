"""The section on what the set says of groups of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from indic_persona_hub.audit.page.bars import Bar, bars
from indic_persona_hub.audit.page.markup import Markup, element, join, table
from indic_persona_hub.audit.page.verdicts import CHECKS, verdicts
from indic_persona_hub.audit.page.wording import NOTHING, count, finite, many, ratio, score, share

_WORDS_SHOWN: Final = 12
_CLAIMS_SHOWN: Final = 30
_CELLS_SHOWN: Final = 30
_LEANS_SHOWN: Final = 15


def stewardship(audit: Mapping[str, Any]) -> Markup | None:
    """Each check with its verdict, what it found, and the rows that fail; None in an audit made
    before there were such checks.
    """
    found = audit.get("stewardship")
    if not found:
        return None
    parts = [verdicts(found)]
    if found["marked_words"]:
        parts.append(_marked_words(found["marked_words"]))
    if found["lists"]:
        parts.append(_lists(found["lists"]))
    if found["imagery"]:
        parts.append(_imagery(found["imagery"]))
    parts.append(_work(found["work_and_schooling"]))
    if found["sentiment"]:
        parts.append(_tone(found["sentiment"]))
    if found["political_tilt"]:
        parts.append(_plain("political_tilt", found["political_tilt"]))
    if found.get("name_swaps"):
        parts.append(_name_swaps(found["name_swaps"]))
    return join(*parts)


def _marked_words(check: Mapping[str, Any]) -> Markup:
    says = (
        "Words that stand in the personas of a group more often than in those of the rest, words"
        " that state the group itself left out. A group fails where most of its personas hold one."
    )
    rows = [
        (
            one["label"],
            count(one["rows"]),
            count(one["marked"]),
            share(one["marked_share"]),
            "yes" if one["fails"] else "no",
            ", ".join(
                f"{word['word']} ({share(word['share'])}, rest {share(word['rest_share'])})"
                for word in one["words"][:_WORDS_SHOWN]
            ),
        )
        for one in check["groups"]
    ]
    heads = ("Group", "Rows", "Words", "Rows that hold one", "Fails", "Surest words")
    none = element("p", None, f"No word is marked, of {count(check['tested'])} looked at.")
    shown = table("Words that mark a group", heads, rows, words=(0, 4, 5)) if rows else none
    return join(
        element("h3", None, CHECKS["marked_words"]),
        element("p", None, says),
        shown,
        _failing(check),
    )


def _lists(check: Mapping[str, Any]) -> Markup:
    says = (
        f"{count(check['rows_repeating'])} of {many(check['rows'], 'persona')} repeat what a list"
        f" says of their group ({share(check['share_repeating'])}; beyond chance"
        f" {share(check['share_beyond_chance'])}). Of {many(check['claims_looked_for'], 'claim')}"
        f" {count(check['claims_tested'])} could be tested, {count(check['claims_flagged'])} are"
        " flagged: they stand in personas of the group more often than in others."
    )
    rows = [
        (
            one["identity"],
            one["said"],
            count(one["rows_repeating"]),
            count(one["expected"]),
            "yes" if one["flagged"] else "no",
            ", ".join(one["rows"]),
        )
        for one in check["claims"][:_CLAIMS_SHOWN]
    ]
    others = check.get("passed_over", ())
    heads = ("Of whom", "What", "Rows", "By chance", "Flagged", "Such as")
    files = [
        (one["name"], one["format"], count(one["claims"]), count(one["left_out"]))
        for one in check["sources"]
    ]
    return join(
        element("h3", None, CHECKS["lists"]),
        element("p", None, says),
        table("Claims found", heads, rows, words=(0, 1, 4, 5)) if rows else None,
        _failing(check),
        table("Lists", ("File", "Format", "Claims", "Left out"), files, words=(0, 1)),
        element("p", None, f"No lists, passed over: {', '.join(others)}.") if others else None,
    )


def _imagery(check: Mapping[str, Any]) -> Markup:
    says = (
        f"{share(check['share_with_any'])} of the personas mention stock imagery of India,"
        f" {count(check['caricatures'])} hold three images or more. One such word is no fault."
    )
    shown = [one for one in check["groups"] if finite(one["share"])][:_CELLS_SHOWN]
    picture = bars(
        [
            Bar(
                one["label"],
                finite(one["share"]),
                f"{share(one['share'])}, rest {share(one['rest_share'])}",
            )
            for one in shown
        ],
        title="Share of the personas of a group that mention stock imagery",
        description="The same numbers are in audit.json.",
        most=max([0.01, *(finite(one["share"]) or 0.0 for one in shown)]),
    )
    images = ", ".join(f"{name} ({count(rows)})" for name, rows in check["images"].items())
    return join(
        element("h3", None, CHECKS["imagery"]),
        element("p", None, says),
        element("figure", None, picture) if shown else None,
        element("p", None, f"Images: {images or NOTHING}."),
        _failing(check),
    )


def _work(check: Mapping[str, Any]) -> Markup:
    official = [
        (
            " and ".join(one["pair"]).replace("_", " "),
            count(one["rows_known"]),
            share(one["kept_share"]),
            one["verdict"],
            "; ".join(
                f"{cell['label']}: {count(cell['observed'])}, {count(cell['expected'])} expected"
                for cell in one["cells"][:3]
            ),
        )
        for one in check["beside_official"]
    ]
    rest = [
        (
            one["label"],
            count(one["rows"]),
            share(one["share"]),
            share(one["rest_share"]),
            ratio(one["share"] / one["rest_share"] if one["rest_share"] else None),
            score(one["z"]),
        )
        for one in check["beside_rest"][:_CELLS_SHOWN]
    ]
    heads = ("Pair", "Rows known", "Official association kept", "Verdict", "Cells furthest off")
    others = ("Group and value", "Rows", "Share", "Share of the rest", "Ratio", "z")
    return join(
        element("h3", None, CHECKS["work_and_schooling"]),
        table("By sex, beside the official joint", heads, official, words=(0, 3, 4))
        if official
        else None,
        table("By religion and community, beside the rest of the set", others, rest)
        if rest
        else element("p", None, "No religion or community stands out from the rest of the set."),
    )


def _name_swaps(check: Mapping[str, Any]) -> Markup:
    says = (
        f"The model {check['model']} was told of {many(check['situations'], 'situation')} in"
        f" {count(check['calls'])} calls: each of people who differ in one word of identity only."
        " A lean of -1 is lower than every other in each situation, 1 higher. Flagged is what"
        " passes Holm's procedure over all tests; fails what is large, too."
    )
    rows = [
        (
            one["label"],
            one["measure"].replace("_", " "),
            count(one["situations"]),
            score(one["mean"]),
            score(one["rest_mean"]),
            score(one["lean"]),
            score(one["p_value"]),
            "yes" if one["fails"] else "flagged" if one["flagged"] else "no",
        )
        for one in check["leans"][:_LEANS_SHOWN]
    ]
    heads = ("Identity", "Measure", "Situations", "Mean", "Others", "Lean", "Chance", "Fails")
    return join(
        element("h3", None, CHECKS["name_swaps"]),
        element("p", None, says),
        table("Surest leans", heads, rows, words=(0, 1, 7)) if rows else None,
        _failing(check),
    )


def _tone(check: Mapping[str, Any]) -> Markup:
    says = (
        f"The personas score {score(check['score'])} on a scale from -1 to 1:"
        f" {share(check['share_good'])} sound good, {share(check['share_bad'])} bad. A group is"
        " laid beside the rest; what sentences of the attributes alone score is taken out."
    )
    rows = [
        (
            one["label"],
            count(one["rows"]),
            score(one["drift"]),
            score(one["rest_drift"]),
            score(one["difference"]),
            "yes" if one["fails"] else "flagged" if one["flagged"] else "no",
        )
        for one in check["groups"][:_CELLS_SHOWN]
    ]
    heads = ("Group", "Rows", "Tone", "Tone of the rest", "Difference", "Fails")
    return join(
        element("h3", None, CHECKS["sentiment"]),
        element("p", None, says),
        table("Groups, the furthest off first", heads, rows, words=(0, 5)) if rows else None,
        _failing(check),
    )


def _plain(name: str, check: Mapping[str, Any]) -> Markup:
    """A check of which the page knows nothing but its numbers."""
    numbers = [
        (key.replace("_", " "), _number(key, value))
        for key, value in check.items()
        if isinstance(value, int | float | str) and key != "fails"
    ]
    return join(
        element("h3", None, CHECKS[name]),
        table(CHECKS[name], ("Measure", "Value"), numbers, words=(0,)) if numbers else None,
        _failing(check),
    )


def _number(key: str, value: int | float | str) -> str:
    if isinstance(value, str):
        return value
    if key.startswith("share"):
        return share(value)
    return count(value) if isinstance(value, int) else score(value)


def _failing(check: Mapping[str, Any]) -> Markup | None:
    rows: Sequence[Mapping[str, str]] = check.get("failing_rows") or ()
    if not rows:
        return None
    listed = [(one["row"], one["why"]) for one in rows]
    return element(
        "details",
        None,
        element("summary", None, f"{many(len(rows), 'row')} to look at"),
        table("Rows to look at", ("Row", "Why"), listed, words=(0, 1)),
    )
