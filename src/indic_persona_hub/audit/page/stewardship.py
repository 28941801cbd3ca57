"""The section on what the set says of groups of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from indic_persona_hub.audit.page.bars import Bar, bars
from indic_persona_hub.audit.page.markup import Markup, element, join, table
from indic_persona_hub.audit.page.wording import NOTHING, count, finite, many, ratio, score, share

_CHECKS: Final[Mapping[str, str]] = {
    "marked_words": "Marked words",
    "lists": "Published stereotypes",
    "imagery": "Stock imagery",
    "work_and_schooling": "Work and schooling",
    "sentiment": "Tone by group",
    "political_tilt": "Political tilt",
}
_WORDS_SHOWN: Final = 12
_CLAIMS_SHOWN: Final = 30
_CELLS_SHOWN: Final = 30


def stewardship(audit: Mapping[str, Any]) -> Markup | None:
    """Each check with its verdict, what it found, and the rows that fail; None in an audit made
    before there were such checks.
    """
    found = audit.get("stewardship")
    if not found:
        return None
    parts = [_verdicts(found)]
    if found["marked_words"]:
        parts.append(_marked_words(found["marked_words"]))
    if found["lists"]:
        parts.append(_lists(found["lists"]))
    if found["imagery"]:
        parts.append(_imagery(found["imagery"]))
    parts.append(_work(found["work_and_schooling"]))
    parts += [_plain(name, found[name]) for name in ("sentiment", "political_tilt") if found[name]]
    return join(*parts)


def _verdicts(found: Mapping[str, Any]) -> Markup:
    says = (
        f"{many(found['rows_with_text'], 'row')} with a text, and a sample of"
        f" {many(found['sample'], 'row')} from which examples are taken. A check that fails passes"
        " its threshold, which stands in audit.json; what is not measured is no good news."
    )
    rows = [(name, _verdict(found[check])) for check, name in _CHECKS.items()]
    return join(element("p", None, says), table("Checks", ("Check", "Verdict"), rows, words=(0, 1)))


def _verdict(check: Mapping[str, Any] | None) -> str:
    return "not measured" if check is None else "fails" if check.get("fails") else "passes"


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
        element("h3", None, _CHECKS["marked_words"]),
        element("p", None, says),
        shown,
        _failing(check),
    )


def _lists(check: Mapping[str, Any]) -> Markup:
    says = (
        f"{count(check['rows_repeating'])} of {many(check['rows'], 'persona')} repeat what a list"
        f" says of their group ({share(check['share_repeating'])}; beyond chance"
        f" {share(check['share_beyond_chance'])}). Flagged claims stand there more often than in"
        " other personas."
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
    heads = ("Of whom", "What", "Rows", "By chance", "Flagged", "Such as")
    files = [
        (one["name"], one["format"], count(one["claims"]), count(one["left_out"]))
        for one in check["sources"]
    ]
    return join(
        element("h3", None, _CHECKS["lists"]),
        element("p", None, says),
        table("Claims found", heads, rows, words=(0, 1, 4, 5)) if rows else None,
        _failing(check),
        table("Lists", ("File", "Format", "Claims", "Left out"), files, words=(0, 1)),
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
        element("h3", None, _CHECKS["imagery"]),
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
        element("h3", None, _CHECKS["work_and_schooling"]),
        table("By sex, beside the official joint", heads, official, words=(0, 3, 4))
        if official
        else None,
        table("By religion and community, beside the rest of the set", others, rest)
        if rest
        else element("p", None, "No religion or community stands out from the rest of the set."),
    )


def _plain(name: str, check: Mapping[str, Any]) -> Markup:
    """A check of which the page knows nothing but its numbers."""
    numbers = [
        (key.replace("_", " "), _number(value))
        for key, value in check.items()
        if isinstance(value, int | float | str) and key != "fails"
    ]
    return join(
        element("h3", None, _CHECKS[name]),
        table(_CHECKS[name], ("Measure", "Value"), numbers, words=(0,)) if numbers else None,
        _failing(check),
    )


def _number(value: int | float | str) -> str:
    return value if isinstance(value, str) else score(value)


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
