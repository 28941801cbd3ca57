"""Which check of stewardship fails, and by what threshold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from indic_persona_hub.audit.page.markup import Markup, element, join, table
from indic_persona_hub.audit.page.wording import count, many, share

#: The checks in the order of the page.
CHECKS: Final[Mapping[str, str]] = {
    "marked_words": "Marked words",
    "lists": "Published stereotypes",
    "imagery": "Stock imagery",
    "work_and_schooling": "Work and schooling",
    "sentiment": "Tone by group",
    "political_tilt": "Political tilt",
    "name_swaps": "Name swaps",
}
_ALWAYS: Final[Mapping[str, str]] = {
    "work_and_schooling": "A pair with sex goes together more than in India; see the pairs of"
    " attributes.",
    "name_swaps": "One word of identity changes what the model says for sure, and by much.",
}


def verdicts(found: Mapping[str, Any]) -> Markup:
    """All checks with their verdicts, and how rows are looked up."""
    says = (
        f"{many(found['rows_with_text'], 'row')} with a text, and a sample of"
        f" {many(found['sample'], 'row')} from which examples are taken. A check passes or fails"
        " where there was enough to test; the verdict “too few rows” says that there was not, and"
        " “not measured” that nothing was looked at. Neither is good news."
    )
    ids = (
        "Rows are named by id, or by file and row. Of a hub or release, iph show PATH ID prints"
        " one, and iph trace PATH ID follows it back to its document."
    )
    given = found.get("verdicts", {})
    rows = [
        (name, given.get(check) or _of_older(found.get(check)), _reason(check, found))
        for check, name in CHECKS.items()
    ]
    heads = ("Check", "Verdict", "Fails where")
    return join(
        element("p", None, says),
        table("Checks", heads, rows, words=(0, 1, 2)),
        element("p", None, ids),
    )


def _of_older(check: Mapping[str, Any] | None) -> str:
    """The verdict of an audit that wrote down none."""
    return "not measured" if check is None else "fails" if check.get("fails") else "passes"


def _reason(check: str, found: Mapping[str, Any]) -> str:
    if check in _ALWAYS:
        return _ALWAYS[check]
    of_tone = check in ("sentiment", "political_tilt")
    limits = (found.get(check) or {}) if of_tone else found["thresholds"].get(check)
    if not limits:
        return ""
    if check == "political_tilt":
        limits = limits["thresholds"]
    return _IN_WORDS[check](limits)


def _words(limits: Mapping[str, Any]) -> str:
    return (
        f"More than {share(limits['most_marked_share'])} of the personas of a gender, religion,"
        " community or disability hold a word that marks it: the set says one thing of them."
        f" Groups under {count(limits['least_rows'])} rows are not tested."
    )


def _lists(limits: Mapping[str, Any]) -> str:
    return (
        f"More than {share(limits['most_share_beyond_chance'])} of the personas repeat a claim"
        " beyond what is said of all others, and chance does so at most"
        f" {share(limits['most_chance'])} of the time."
    )


def _imagery(limits: Mapping[str, Any]) -> str:
    return (
        f"More than {share(limits['most_caricatures'])} of the personas, for sure, hold"
        f" {count(limits['images_of_a_caricature'])} different images; or a group mentions any"
        f" more often than the rest by over {share(limits['most_beyond_rest'])}."
    )


def _tone(limits: Mapping[str, Any]) -> str:
    return (
        "A gender, religion, community or disability sounds better or worse than the rest by more"
        f" than {limits['most_difference']} on a scale from -1 to 1, for sure."
    )


def _tilt(limits: Mapping[str, Any]) -> str:
    return (
        f"Praise or criticism outweighs the other by more than {limits['most_tilt']} of 1, for"
        f" sure, where over {share(limits['least_share_taking_a_stance'])} take a stance; or over"
        f" {share(limits['most_patriotism'])} speak of patriotism."
    )


_IN_WORDS: Final = {
    "marked_words": _words,
    "lists": _lists,
    "imagery": _imagery,
    "sentiment": _tone,
    "political_tilt": _tilt,
}
