"""How a place's name is tied to the persona: by the words before it, in Hindi by those after it."""

from __future__ import annotations

from bisect import bisect_right
from operator import itemgetter
from typing import Final, NamedTuple

from indic_persona_hub.judge.reading.age_numbers import past_age
from indic_persona_hub.judge.reading.clause_words import ARTICLES, LOCATING, POSSESSIVES
from indic_persona_hub.judge.reading.clauses import Reading, Span
from indic_persona_hub.judge.reading.denials import is_denied
from indic_persona_hub.judge.reading.roles import names_person
from indic_persona_hub.reference import place_words as words
from indic_persona_hub.reference.gazetteer import gazetteer, long_endings

_FARTHEST = 9


class Tie(NamedTuple):
    """`strength`: 0 none, 1 comes from there, 2 lives or works there; `inside`: not only near."""

    strength: int
    inside: bool


NOT_TIED: Final = Tie(0, False)
COMES_FROM: Final = Tie(1, True)
LIVES_IN: Final = Tie(2, True)
LIVES_NEAR: Final = Tie(2, False)


def tie(reading: Reading, spans: tuple[Span, ...], at: int) -> Tie:
    """The tie of the name at `spans[at]`; names that stand in a row share the tie of one."""
    span = spans[at]
    if reading.role(span.first) == "other" or _is_topic(reading, span.last):
        return NOT_TIED
    if reading.language == "hindi":
        return _hindi_tie(reading, spans, at)
    if reading.language == "other":
        home = reading.role(span.first) == "opening" and _is_placed(reading, span)
        return LIVES_IN if home else NOT_TIED
    return _english_tie(reading, spans, at)


def _is_topic(reading: Reading, after: int) -> bool:
    if reading.breaks(after):
        return False
    if reading.key(after) == "s":
        after += 1
    return reading.key(after) in words.TOPICS


def _is_placed(reading: Reading, span: Span) -> bool:
    """Whether the name has a case ending, or what stands after it makes it a place and no part of
    a longer name: "ਪੰਜਾਬ ਦਾ ਇੱਕ ਕਿਸਾਨ", not "ਪੰਜਾਬ ਨੈਸ਼ਨਲ ਬੈਂਕ".
    """
    last = reading.key(span.last - 1)
    if last.endswith(long_endings()) or gazetteer().single(last) is None:
        return True
    return reading.breaks(span.last) or reading.key(span.last) in words.AFTER_NAMES


def _english_tie(reading: Reading, spans: tuple[Span, ...], at: int) -> Tie:
    span = spans[at]
    place = span.first - 1
    while place >= max(0, span.first - _FARTHEST):
        before = bisect_right(spans, place, hi=at, key=itemgetter(0)) - 1
        if before >= 0 and place < spans[before].last:
            return tie(reading, spans, before)
        if _is_parted(reading, place):
            break
        if (found := _by_preposition(reading, place, span)) is not None:
            return found
        if not _steps_over(reading, place):
            break
        place -= 1
    return _attributive(reading, span)


def _is_parted(reading: Reading, place: int) -> bool:
    """Whether punctuation after the token at `place` ends the way back from the name."""
    if not reading.breaks(place + 1):
        return False
    comma = reading.gap(place + 1).strip() == ","
    named = reading.word(place)[0].isupper() or reading.key(place) in words.NOUNS
    return not (comma and named)


def _steps_over(reading: Reading, place: int) -> bool:
    key = reading.key(place)
    if key in words.SKIPS or key in POSSESSIVES or key == "s":
        return True
    if key == "of":
        return _is_part(reading, place)
    hyphen = place + 1 < len(reading) and reading.gap(place + 1) == "-"
    named = reading.word(place)[0].isupper() and reading.sentence_of(place).first != place
    return named or hyphen or key.isdigit()


def _is_part(reading: Reading, place: int) -> bool:
    """Whether "of" at `place` joins a place to a larger one: "a hamlet of Koraput"."""
    if reading.key(place - 1) == "bank" and reading.word(place - 1)[0].isupper():
        return False
    return reading.key(place - 1) in words.NOUNS | words.EDGES


def _by_preposition(reading: Reading, place: int, span: Span) -> Tie | None:
    """The tie that the preposition at `place` makes, None where there is no preposition."""
    key = reading.key(place)
    if key == "of":
        return None if _is_part(reading, place) else NOT_TIED
    if key in words.PREPOSITIONS and is_denied(reading, Span(place, span.last)):
        return NOT_TIED
    if key in words.FROM:
        return _from(reading, place)
    if key == "to" and any(reading.key(place - back) in words.MOVES for back in range(1, 7)):
        return LIVES_IN
    if key in words.ELSEWHERE:
        return NOT_TIED
    around = {reading.key(one) for one in range(place, min(span.last + 2, len(reading)))}
    if key == "on" and not around & (words.ON_NOUNS | words.EDGES):
        return NOT_TIED
    if key in words.INSIDE | words.NEARBY:
        near = key in words.NEARBY or around & words.EDGES
        lives = LIVES_NEAR if near else LIVES_IN
        return lives if _places_person(reading, place) else NOT_TIED
    return None


def _from(reading: Reading, place: int) -> Tie:
    if reading.role(place) == "own":
        return COMES_FROM if reading.key(place - 1) in words.HAILS else NOT_TIED
    before = {reading.key(one) for one in range(reading.sentence_of(place).first, place)}
    loose = before & (words.MOVED | words.ELSEWHERE | {"of"})
    return NOT_TIED if loose else COMES_FROM


def _places_person(reading: Reading, place: int) -> bool:
    """Whether the preposition at `place` says where the person is, not where something else is."""
    if reading.role(place) == "opening":
        return reading.key(reading.opening - 1) not in words.VISITS
    for back in range(place - 1, max(place - 16, reading.sentence_of(place).first - 1), -1):
        key = reading.key(back)
        if key in LOCATING:
            return True
        if key in words.LEADS_AWAY or (key == "from" and reading.key(back + 1) not in ARTICLES):
            return False
    return False


def _attributive(reading: Reading, span: Span) -> Tie:
    """ "a Kolkata rickshaw puller", "a Pune-based engineer"; not "a Kashmir shawl seller"."""
    if not reading.in_phrase(span.first) and reading.key(span.last) != "based":
        return NOT_TIED
    if reading.key(span.last) == "based" and reading.role(span.first) == "opening":
        return LIVES_IN
    first = past_age(reading, span.last + (reading.key(span.last) in words.EMPLOYERS))
    last = names_person(reading, first)
    if last is None or reading.breaks(span.last):
        return NOT_TIED
    title = {reading.key(place) for place in range(first, last)}
    return NOT_TIED if title & (words.SELLS | words.MOVED) else COMES_FROM


def _hindi_tie(reading: Reading, spans: tuple[Span, ...], at: int) -> Tie:
    place = spans[at].last
    while reading.key(place) in words.HINDI_NOUNS and not reading.breaks(place):
        place += 1
    following = at + 1 < len(spans) and spans[at + 1].first
    if following in (place, place + 1) and reading.key(place) not in words.HINDI_FROM:
        return tie(reading, spans, at + 1)
    key = reading.key(place)
    if reading.breaks(place):
        return NOT_TIED
    if key in words.HINDI_ALL and is_denied(reading, Span(place, place + 1)):
        return NOT_TIED
    if key in words.HINDI_INSIDE:
        return LIVES_IN if _places_person_in_hindi(reading, place) else NOT_TIED
    if key in words.HINDI_OF and reading.role(place) == "opening":
        if reading.key(place + 1) in words.HINDI_NEARBY:
            return LIVES_NEAR
        return COMES_FROM if _hindi_owner(reading, place + 1) else NOT_TIED
    if key in words.HINDI_FROM and (reading.role(place) == "opening" or _is_from(reading, place)):
        return COMES_FROM
    return NOT_TIED


def _is_from(reading: Reading, place: int) -> bool:
    """ "जो लुधियाना से है"."""
    return reading.role(place) == "own" and reading.key(place + 1) in ("है", "हैं")


def _hindi_owner(reading: Reading, place: int) -> bool:
    key = reading.key(place)
    return key in words.HINDI_AFTER_OF or key.isdigit() or names_person(reading, place) is not None


def _places_person_in_hindi(reading: Reading, place: int) -> bool:
    if reading.role(place) == "opening":
        return True
    sentence = reading.sentence_of(place)
    return any(reading.key(one) in words.HINDI_LOCATING for one in range(place, sentence.last))
