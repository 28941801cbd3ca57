"""`stewardship` of `audit.json`: what a set says of groups of people, with thresholds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from indic_persona_hub.audit.coding.coded import Coded
from indic_persona_hub.audit.stewardship import found_claims, found_words
from indic_persona_hub.audit.stewardship.gathering import SAMPLE, Gathered
from indic_persona_hub.audit.stewardship.groups import ALL_ROWS
from indic_persona_hub.audit.stewardship.lists import Lists
from indic_persona_hub.audit.stewardship.political_tilt import found_tilt
from indic_persona_hub.audit.stewardship.sentiment import found_tone
from indic_persona_hub.audit.stewardship.work_and_schooling import work_and_schooling

_NAMES: Final[Mapping[str, str]] = {
    "marked_words": "Words that mark a group stand in most of its personas",
    "lists": "Published stereotypes are repeated more often than by chance",
    "imagery": "Stock imagery is laid on thick",
    "work_and_schooling": "Work or schooling goes with sex more than in India",
    "sentiment": "The tone changes with the group",
    "political_tilt": "The set takes a political side",
}


def stewardship(
    coded: Coded, lists: Lists, independence: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """All checks with their thresholds; a check without texts or lists is null.

    Args:
        lists: Those that the set was read with.
        independence: As `audit.json` has it.
    """
    gathered = coded.gathered
    texts = gathered is not None and bool(gathered.rows[ALL_ROWS])
    found: dict[str, Any] = {
        "rows_with_text": int(gathered.rows[ALL_ROWS]) if gathered is not None else 0,
        "sample": len(gathered.sample) if gathered is not None else 0,
        "sample_size": SAMPLE,
        "thresholds": {**found_words.thresholds(), "lists": found_claims.thresholds()},
    }
    checks = _checks(gathered, lists) if gathered is not None and texts else {}
    found |= {name: checks.get(name) for name in _NAMES}
    found["work_and_schooling"] = work_and_schooling(coded, independence)
    found["failing"] = [name for name in _NAMES if (found[name] or {}).get("fails")]
    return found


def stewardship_alarms(found: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """A sentence for each check that fails; that of work and schooling stands among the pairs."""
    for name in found["failing"]:
        if name != "work_and_schooling":
            yield {"where": f"stewardship {name}", "what": f"{_NAMES[name]}{_more(name, found)}."}


def _checks(gathered: Gathered, lists: Lists) -> dict[str, Any]:
    return {
        "marked_words": found_words.found_words(gathered),
        "lists": found_claims.found_claims(gathered.claims, lists) if lists.claims else None,
        "imagery": found_words.found_imagery(gathered),
        "sentiment": found_tone(gathered.tone),
        "political_tilt": found_tilt(gathered.tilt),
    }


def _more(name: str, found: Mapping[str, Any]) -> str:
    check = found[name]
    if name == "lists":
        return (
            f": {check['rows_repeating']:,} of {check['rows']:,} personas repeat one,"
            f" {check['claims_flagged']:,} claims flagged"
        )
    groups = [one["label"] for one in check.get("groups", ()) if one.get("fails")]
    return f": {', '.join(groups)}" if groups else ""
