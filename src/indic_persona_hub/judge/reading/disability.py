"""A disability of the persona, as its text states it, by the kinds of the Census of India 2011.

"Disabled" alone names no kind and gives none. Figures of speech ("a blind spot") and disabilities
of others ("teaches deaf children") do not count.
"""

from __future__ import annotations

from typing import Final

from indic_persona_hub.judge.reading import word_facts as facts
from indic_persona_hub.judge.reading.clauses import Reading, Span
from indic_persona_hub.judge.reading.denials import is_denied
from indic_persona_hub.judge.reading.lexicons import disability_words
from indic_persona_hub.judge.reading.persons import describes, heads_phrase, is_predicate
from indic_persona_hub.judge.reading.roles import Stated, other_before

_HAS: Final = frozenset("with has having".split())
_GOES: Final = frozenset("walks walking gets moves stands vendor seller beggar man woman".split())
_CONDITION_OF: Final = frozenset(("since", "from", "after", "in", "and", "who", "by", "but"))


def disability(reading: Reading) -> Stated | None:
    """The disability that the text states of the person; `multiple` where it states several."""
    found = [
        Stated(value, span)
        for match in reading.find(disability_words(), facts.DISABILITY)
        for span, (value, kind) in ((Span(match.first, match.last), match.value),)
        if value and _is_own(reading, span, kind)
    ]
    if not found:
        return None
    kinds = {one.value for one in found}
    return found[0] if len(kinds) == 1 else found[0]._replace(value="multiple")


def _is_own(reading: Reading, span: Span, kind: str) -> bool:
    if reading.role(span.first) == "other" or is_denied(reading, span):
        return False
    if kind == "condition":
        return _has(reading, span)
    if kind == "aid":
        alone = reading.breaks(span.last) or reading.has(span.last, facts.STOP)
        return alone and _uses(reading, span.first) and not _others_between(reading, span.first)
    if kind == "state":
        return _is_in_state(reading, span)
    if kind == "names":
        return heads_phrase(reading, span) or is_predicate(reading, span.first)
    if describes(reading, span, of_body=True):
        return True
    if reading.language != "english":
        return False
    ends = reading.breaks(span.last) or reading.key(span.last) in _CONDITION_OF
    return ends and is_predicate(reading, span.first)


def _has(reading: Reading, span: Span) -> bool:
    """ "a clerk with low vision", "who has cerebral palsy", "lives with schizophrenia"."""
    place = span.first - 1
    while reading.key(place) in ("a", "an", "severe", "mild", "profound", "partial", "moderate"):
        place -= 1
    key, before = reading.key(place), reading.key(place - 1)
    if key not in _HAS:
        return False
    if key == "with":
        stands = place == reading.opening or before in ("lives", "living", "born", "diagnosed")
        return stands and not _others_between(reading, place)
    return before in ("who", "she", "he") and not (
        before != "who" and other_before(reading, place - 1)
    )


def _uses(reading: Reading, place: int) -> bool:
    """ "in a wheelchair", "walks on crutches"; not "repairs wheelchairs", "pushes a wheelchair"."""
    place -= 1
    while reading.key(place) in ("a", "an", "her", "his", "the", "own"):
        place -= 1
    if reading.key(place) in ("with", "on"):
        return reading.key(place - 1) in _GOES or place == reading.opening
    return reading.key(place) in ("uses", "using", "in", "from")


def _is_in_state(reading: Reading, span: Span) -> bool:
    """ "lost her sight", "blind since birth"."""
    return not _others_between(reading, span.first)


def _others_between(reading: Reading, place: int) -> bool:
    """Whether somebody else is named between the phrase about the person and `place`."""
    start = max(reading.opening, reading.sentence_of(place).first)
    named = facts.SOMEBODY | facts.KIN | facts.OTHERS
    return any(reading.has(one, named) for one in range(start, place)) or other_before(
        reading, place
    )
