"""The mother tongue that a text states: "Tamil-speaking", "speaks Santali at home".

A language that somebody merely speaks, teaches or works in is none, nor is that of an ethnic group
or a state. English counts only as a stated mother tongue.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from indic_persona_hub.judge.reading import word_facts as facts
from indic_persona_hub.judge.reading.clauses import Reading, Span
from indic_persona_hub.judge.reading.denials import is_denied
from indic_persona_hub.judge.reading.lexicons import language_words
from indic_persona_hub.judge.reading.persons import comes_from, describes, heads_phrase
from indic_persona_hub.judge.reading.roles import Stated, other_before
from indic_persona_hub.reference.lexicon import Match

_HOUSEHOLD: Final = frozenset("family household home".split())
_TONGUES: Final = (("mother", "tongue"), ("first", "language"), ("native", "language"))
_SPEAKS: Final = frozenset("speaks speak speaking spoke".split())
_AWAY: Final = frozenset("of for with to about among".split())
#: What says that the language beside it is the mother tongue, by script, before or after it.
_BEFORE: Final = frozenset("मातृभाषा মাতৃভাষা ମାତୃଭାଷା માતૃભાષા మాతృభాష ಮಾತೃಭಾಷೆ മാതൃഭാഷ தாய்மொழி".split())
_AFTER: Final = frozenset("भाषी भाषिक ভাষী ભાષી ଭାଷୀ பேசும் మాట్లాడే ಮಾತನಾಡುವ സംസാരിക്കുന്ന".split())
_JOINED: Final = ("भाषी", "भाषिक", "ভাষী", "ଭାଷୀ", "ભાષી")


def mother_tongue(reading: Reading) -> Stated | None:
    """The mother tongue (ISO 639-3) that the text states; None where it states none, or two."""
    named = reading.find(language_words(), facts.LANGUAGE)
    if reading.language == "english":
        if not named:
            return None
        found = [
            Stated(match.value, span)
            for match in named
            if (span := _english(reading, match)) is not None
        ]
    else:
        found = [*_in_own_script(reading, named), *_joined(reading)]
    return found[0] if len({one.value for one in found}) == 1 else None


def _english(reading: Reading, match: Match[str]) -> Span | None:
    """The words that make the language at `match` the person's own, None where none do."""
    if reading.word(match.first)[0].islower():
        return None
    if match.value != "eng" and (span := _speaking(reading, match)) is not None:
        return span
    if (span := _at_home(reading, match)) is not None:
        return span
    return _stated(reading, match)


def _speaking(reading: Reading, match: Match[str]) -> Span | None:
    """ "a Tamil-speaking nurse", "from a Tamil-speaking family", "a native Tamil speaker"."""
    key, last = reading.key(match.last), match.last + 1
    span = Span(match.first, last)
    if reading.key(match.first - 1) in ("non", "and", "or") or reading.breaks(match.last):
        return None
    if key == "speaker" and heads_phrase(reading, span):
        return span
    if key != "speaking" or reading.key(last) in ("and", "or"):
        return None
    if reading.key(last) in _HOUSEHOLD:
        return span if comes_from(reading, match.first) else None
    return span if describes(reading, span, of_body=True) else None


def _at_home(reading: Reading, match: Match[str]) -> Span | None:
    """ "speaks Santali at home"."""
    first, last = match.first - 1, match.last + 2
    home = reading.key(match.last) == "at" and reading.key(match.last + 1) == "home"
    grown = reading.key(first - 1) == "up" and reading.key(first - 2) in ("grew", "grown")
    if reading.key(first) not in _SPEAKS or reading.role(first) == "other":
        return None
    if is_denied(reading, Span(first, match.last)):
        return None
    if grown and reading.key(match.last) not in ("and", "or"):
        return Span(first - 2, match.last)
    return Span(first, last) if home and not other_before(reading, first) else None


def _stated(reading: Reading, match: Match[str]) -> Span | None:
    """ "whose mother tongue is Tamil", "her mother tongue, Tamil"."""
    place = match.first - 1
    if reading.key(place) != "is" or reading.key(match.last) in ("not", "and", "or"):
        return None
    first = place - 2
    if (reading.key(first), reading.key(first + 1)) not in _TONGUES or first < 1:
        return None
    owner = first - 1
    whose = reading.key(owner)
    if whose == "whose":
        between = {reading.key(one) for one in range(reading.opening, owner)}
        own = reading.role(max(owner - 1, 0)) == "opening" and not between & _AWAY
    else:
        own = whose in ("her", "his", "my") and not other_before(reading, owner)
    return Span(first, match.last) if own else None


def _in_own_script(reading: Reading, named: list[Match[str]]) -> Iterator[Stated]:
    """ "मातृभाषा संथाली", "தமிழ் பேசும்", in the first sentence."""
    end = reading.sentence_of(0).last if len(reading) else 0
    for match in named:
        if match.first >= end or (
            reading.role(match.first) == "other" and not _whose(reading, match)
        ):
            continue
        if reading.key(match.first - 1) in _BEFORE:
            yield Stated(match.value, Span(match.first - 1, match.last))
        elif reading.key(match.last) in _AFTER and not reading.breaks(match.last):
            yield Stated(match.value, Span(match.first, match.last + 1))
        elif _home_in_hindi(reading, match):
            yield Stated(match.value, Span(match.first - 2, match.last))


def _whose(reading: Reading, match: Match[str]) -> bool:
    """ "जिसकी मातृभाषा" right after what the person is."""
    place = match.first - 2
    return (
        reading.has(place, facts.HINDI_WHOSE)
        and place > 0
        and (reading.role(place - 1) == "opening")
    )


def _home_in_hindi(reading: Reading, match: Match[str]) -> bool:
    """ "घर में संथाली बोलती है"."""
    home = (reading.key(match.first - 2), reading.key(match.first - 1))
    return home == ("घर", "में") and reading.key(match.last).startswith("बोल")


def _joined(reading: Reading) -> Iterator[Stated]:
    """ "तमिलभाषी": the language and "speaking" in one word."""
    if not any(ending in reading.text for ending in _JOINED):
        return
    for place in range(reading.sentence_of(0).last):
        word = reading.key(place)
        ending = next((one for one in _JOINED if word.endswith(one)), None)
        code = ending and language_words().single(word.removesuffix(ending))
        span = Span(place, place + 1)
        own = describes(reading, span) if reading.language == "hindi" else True
        if code and own and reading.role(place) != "other":
            yield Stated(code, span)
