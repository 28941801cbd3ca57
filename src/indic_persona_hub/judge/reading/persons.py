"""Whether words are said of the persona: "a deaf tailor", "she is deaf", "from a Sikh family".

What describes a person may as well describe what stands before it: "a Christian school teacher"
teaches at a Christian school. So a word counts where one plain word for a person follows it, or a
title that begins with the work and not with a place of work or a subject.
"""

from __future__ import annotations

from typing import Final

from indic_persona_hub.judge.reading.age_numbers import past_age
from indic_persona_hub.judge.reading.clause_words import ARTICLES, MODIFIERS
from indic_persona_hub.judge.reading.clauses import Reading, Span
from indic_persona_hub.judge.reading.denials import is_denied
from indic_persona_hub.judge.reading.lexicons import (
    community_words,
    disability_words,
    religion_words,
)
from indic_persona_hub.judge.reading.roles import names_person, other_before, owns_in_hindi

#: Words for a person that state neither gender nor work.
_PEOPLE: Final = frozenset(
    "person youth student villager resident labourer laborer labourers worker migrant professional "
    "entrepreneur teenager child kid elder retiree survivor parent couple housewife graduate pupil "
    "youngster vendor seller owner learner candidate artisan craftsperson caregiver breadwinner "
    "व्यक्ति युवा युवक युवती छात्र छात्रा".split()
)
#: First words of titles of several words that belong to the work.
_OF_WORK: Final = frozenset(
    "handloom powerloom silk saree sari carpet rickshaw auto truck bus cab taxi lorry tea "
    "street vegetable fruit fish flower farm agricultural landless marginal small wheat paddy "
    "rice cotton daily construction domestic brick security shop software sugarcane beedi bidi "
    "cycle coal dairy poultry goat cattle basket bamboo waste rag sanitation sewer plantation "
    "garment factory home head railway tractor delivery call data police salt boat tenant "
    "auxiliary anganwadi asha bank flute tabla dhol diamond".split()
)
#: First words of titles of several words that one may teach, serve or play for, whatever one is.
_OF_PLACES: Final = frozenset(
    "school college university hospital church temple mosque hostel children students sign cricket "
    "football chess rights welfare special".split()
)
_SUBJECTS: Final = frozenset("who she he i".split())
_BE: Final = frozenset("is am".split())
_GROUPS: Final = frozenset(
    "family community household background caste tribe faith category group home".split()
)
#: Before a word: it is not, or no longer, so.
_NOT_SO: Final = frozenset("non anti ex former pre once formerly previously semi not never".split())
_LEADS_AWAY: Final = frozenset("of for with to about among teaches helps serves".split())


def phrase_at(reading: Reading, place: int) -> Span | None:
    """The phrase that says what the person is and holds the word at `place`."""
    return next((one for one in reading.phrases if one.first <= place < one.last), None)


def describes(reading: Reading, span: Span, *, of_body: bool = False) -> bool:
    """Whether the words at `span` stand before a word for the person: "a deaf tailor", also with
    an age between them, or an age alone: "a deaf 40-year-old tailor", "a deaf 40-year-old".

    Args:
        of_body: The words speak of a body, which no subject or school has: "a blind music teacher".
    """
    phrase = phrase_at(reading, span.first)
    if phrase is None or _is_negated(reading, span):
        return False
    place = past_age(reading, span.last)
    if reading.language == "hindi" and owns_in_hindi(reading, place):
        return False
    while _is_beside_person(reading, place) and not reading.breaks(place):
        place = past_age(reading, place + 1)
    if place > span.last and _is_aged_alone(reading, place, phrase):
        return True
    return not reading.breaks(place) and _heads(reading, place, phrase, of_body)


def _is_aged_alone(reading: Reading, place: int, phrase: Span) -> bool:
    """Whether an age that ends before `place` ends its phrase: "a deaf 40-year-old"."""
    aged = reading.key(place - 1) == "old" and reading.key(place - 2) in ("year", "years")
    ends = place >= phrase.last or reading.breaks(place)
    return aged and ends and reading.key(place) != "s"


def _is_negated(reading: Reading, span: Span) -> bool:
    """ "non-Muslim", "a technically illiterate man", "अनपढ़ नहीं है"."""
    before = reading.key(span.first - 1)
    hyphen = span.first > 0 and reading.gap(span.first) in ("-", "\u2011")
    if hyphen or before in _NOT_SO or before.endswith("ally"):
        return True
    return reading.language == "hindi" and is_denied(reading, span)


def _is_beside_person(reading: Reading, place: int) -> bool:
    """Whether the word is a modifier, or says another thing of the person: "deaf Muslim tailor"."""
    key = reading.key(place)
    tables = (religion_words(), community_words(), disability_words())
    return key in MODIFIERS or any(table.single(key) is not None for table in tables)


def _heads(reading: Reading, place: int, phrase: Span, of_body: bool) -> bool:
    """Whether a word for a person starts at `place` and ends the phrase, but for a name."""
    last = _person(reading, place, of_body)
    while last is not None and last < phrase.last and not reading.breaks(last):
        following = _person(reading, last, of_body)
        if following is None:
            named = reading.word(last)[0].isupper() and reading.key(last) != "s"
            return named or reading.key(last) == "named" or reading.language == "hindi"
        last = following
    return last is not None and reading.key(last) != "s"


def _person(reading: Reading, place: int, of_body: bool) -> int | None:
    last = names_person(reading, place)
    if last is None:
        return place + 1 if reading.key(place) in _PEOPLE else None
    plain = last - place == 1 or reading.language != "english"
    if of_body:
        return last if plain or reading.key(place) not in _OF_PLACES else None
    return last if plain or reading.key(place) in _OF_WORK else None


def heads_phrase(reading: Reading, span: Span) -> bool:
    """Whether the words end a phrase that says what the person is: "a devout Catholic"."""
    phrase = phrase_at(reading, span.first)
    if phrase is None or _is_negated(reading, span):
        return False
    return (span.last >= phrase.last or reading.breaks(span.last)) and reading.key(span.last) != "s"


def is_predicate(reading: Reading, first: int) -> bool:
    """Whether "is", said of the person, stands before the word at `first`: "who is deaf"."""
    place = first - 1
    while reading.key(place) in (*ARTICLES, "also", "now", "almost", "completely", "partially"):
        place -= 1
    subject = place - 1
    if reading.key(place) not in _BE or reading.key(subject) not in _SUBJECTS:
        return False
    if reading.role(subject) == "other" or reading.role(first) == "other":
        return False
    return reading.key(subject) == "who" or not other_before(reading, subject)


def belongs(reading: Reading, span: Span) -> bool:
    """Whether the person belongs to a group that `span` names: "from a Sikh family"."""
    return reading.key(span.last) in _GROUPS and comes_from(reading, span.first)


def comes_from(reading: Reading, first: int) -> bool:
    """Whether what starts at `first` is what the person belongs to or comes from."""
    place = first - 1
    while reading.key(place) in (*ARTICLES, "poor", "small", "large", "traditional", "devout"):
        place -= 1
    key, before = reading.key(place), reading.key(place - 1)
    if place < 0 or reading.role(place) == "other" or is_denied(reading, Span(place, first)):
        return False
    if key == "to":
        return before in ("belongs", "belonging") and not _leads_away(reading, place - 1)
    if key == "of":
        return before == "member" and reading.in_phrase(place - 1)
    placed = reading.role(place) == "opening" or before in ("comes", "hails")
    return key == "from" and placed and not _leads_away(reading, place)


def _leads_away(reading: Reading, place: int) -> bool:
    """Whether somebody else may be meant, between the phrase about the person and `place`."""
    return any(reading.key(one) in _LEADS_AWAY for one in range(reading.opening, place))
