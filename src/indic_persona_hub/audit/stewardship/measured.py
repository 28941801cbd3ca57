"""`stewardship` of `audit.json`: what a set says of groups of people, with thresholds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from indic_persona_hub.audit.coding.coded import Coded
from indic_persona_hub.audit.stewardship import found_claims, found_words
from indic_persona_hub.audit.stewardship.gathering import SAMPLE, Gathered
from indic_persona_hub.audit.stewardship.groups import ALL_ROWS
from indic_persona_hub.audit.stewardship.imagery import CARICATURE
from indic_persona_hub.audit.stewardship.lists import Lists
from indic_persona_hub.audit.stewardship.marked_words import LEAST_ROWS
from indic_persona_hub.audit.stewardship.political_tilt import found_tilt
from indic_persona_hub.audit.stewardship.sentiment import found_tone
from indic_persona_hub.audit.stewardship.work_and_schooling import work_and_schooling

#: What each check says; `TOO_FEW` where no group, claim or pair had rows enough to be tested.
FAILS, PASSES, TOO_FEW, NOT_MEASURED = "fails", "passes", "too few rows", "not measured"

_NAMES: Final[Mapping[str, str]] = {
    "marked_words": "Words that mark a group stand in most of its personas",
    "lists": "Published stereotypes are repeated more often than by chance",
    "imagery": "Stock imagery is laid on thick",
    "work_and_schooling": "Work or schooling goes with sex more than in India",
    "sentiment": "The tone changes with the group",
    "political_tilt": "The set takes a political side",
    "name_swaps": "The model tells another story where one word of identity is swapped",
}


def stewardship(
    coded: Coded,
    lists: Lists,
    independence: Sequence[Mapping[str, Any]],
    name_swaps: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """All checks with their thresholds; a check without texts or lists is null.

    Args:
        lists: Those that the set was read with.
        independence: As `audit.json` has it.
        name_swaps: See `name_swaps.found_swaps`; null where no model was asked.
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
    found["name_swaps"] = name_swaps
    found["verdicts"] = {name: _verdict(name, found[name]) for name in _NAMES}
    found["failing"] = [name for name, verdict in found["verdicts"].items() if verdict == FAILS]
    return found


def _verdict(name: str, check: Mapping[str, Any] | None) -> str:
    if check is None:
        return NOT_MEASURED
    if check["fails"]:
        return FAILS
    return PASSES if _tested(name, check) else TOO_FEW


def _tested(name: str, check: Mapping[str, Any]) -> bool:
    """Whether there was enough to test, so that to pass says something."""
    if name == "marked_words":
        return bool(check["tested"])
    if name == "work_and_schooling":
        return any(one["verdict"] != TOO_FEW for one in check["beside_official"])
    if name == "lists":
        return bool(check["claims_tested"] and check["rows"] >= LEAST_ROWS)
    if name == "sentiment":
        return bool(check["groups"])
    if name == "name_swaps":
        return bool(check["leans"])
    return bool(check["rows"] >= LEAST_ROWS)


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
    said = [*_FIGURES[name](check)] if name in _FIGURES else []
    said += [", ".join(groups)] if groups else []
    return f": {'; '.join(said)}" if said else ""


def _of_imagery(check: Mapping[str, Any]) -> Iterator[str]:
    yield f"{check['caricatures']:,} of {check['rows']:,} personas hold {CARICATURE} images or more"


def _of_tilt(check: Mapping[str, Any]) -> Iterator[str]:
    rows = f"{check['rows']:,} personas"
    if check["tilt"] is not None:
        stances = f"{check['rows_taking_a_stance']:,} of {rows} take a stance"
        yield f"tilt {check['tilt']:+.2f} on a scale from -1 to 1, {stances}"
    yield f"{check['patriotism']:,} of {rows} speak of patriotism"


_FIGURES: Final[Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]]] = {
    "imagery": _of_imagery,
    "political_tilt": _of_tilt,
}
