"""What a persona does and its gender, as its text states them.

An occupation counts where a title heads a phrase that says what the person is ("a night-shift
nurse", "works as a cook"), not where it names somebody else ("a carpenter's son", "helps patients
see a doctor") or what the person only hopes for. A gender counts where a gendered word names the
person, or a pronoun can mean nobody else; names and occupations state none.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Final, NamedTuple

from indic_persona_hub.judge.reading import word_facts as facts
from indic_persona_hub.judge.reading.age_numbers import past_age
from indic_persona_hub.judge.reading.clause_words import ARTICLES, KIN, MODIFIERS, OTHERS, STOPS
from indic_persona_hub.judge.reading.clauses import Reading, Span
from indic_persona_hub.judge.reading.lexicons import (
    Gendered,
    gender_adjectives,
    gender_words,
    titles,
)
from indic_persona_hub.reference.gazetteer import gazetteer

RETIRED: Final = "retired person"
_RETIRED_WORDS: Final = frozenset(("retired", "सेवानिवृत्त", "रिटायर्ड"))
#: Before a title: the person does not, or does not yet, do that work.
_NOT_YET: Final = frozenset(
    "former ex aspiring be trainee apprentice unemployed jobless assistant deputy future retired "
    "budding failed self-styled amateur would fake पूर्व भावी प्रशिक्षु बेरोज़गार बेरोजगार".split()
)
_HINDI_AFTER: Final = frozenset(
    "है हैं हूं था थी थे जो और जिसने जिसे जिसका जिसकी जिसके जिनका हो रही".split()
)
#: Titles that another noun before them turns into another work.
_ALONE: Final = frozenset("advocate chemist therapist director executive guard manager".split())
_DOING: Final = frozenset("रहने करने बेचने पढाने चलाने सिलने बुनने बनाने जाने".split())


#: People in the form that they have before "of".
_HINDI_OTHERS: Final = frozenset(
    "लडके लडकों लडकियों बच्चे बच्ची बच्चों बेटे आदमी परिवार मोहल्ले गांव लोगों महिलाओं".split()
)
_NO_VERBS: Final = frozenset("माता पिता नेता जनता कविता चिंता सरिता अध्येता अभिनेता विक्रेता".split())
_REGARDS: Final = frozenset(
    "admires admire admiring respects respecting envies envying idolises idolizes praises mentors "
    "assists supports".split()
)


class Stated(NamedTuple):
    """A value and the words that state it."""

    value: str
    span: Span


def names_person(reading: Reading, place: int) -> int | None:
    """Where a title or gendered noun that starts at the token `place` ends, or None."""
    if (found := reading.find(titles(), facts.TITLE, place, place + 6)) and found[0].first == place:
        return found[0].last
    words = reading.find(gender_words(), facts.GENDER, place, place + 6)
    if words and words[0].first == place:
        gendered = words[0].value
        return words[0].last if gendered.kind == "noun" and gendered.gender else None
    return None


def owns_in_hindi(reading: Reading, place: int) -> bool:
    """Whether the word for a person at `place`, or after a word or two, is somebody else to whom
    the person belongs: "12 साल की लड़की का पिता", "अनपढ़ किसान का बेटा".
    """
    for first in range(place, place + 3):
        if reading.breaks(first):
            return False
        last = first + 1 if reading.key(first) in _HINDI_OTHERS else names_person(reading, first)
        if last is not None:
            owned = not reading.breaks(last) and reading.key(last) in ("का", "की", "के")
            return owned and reading.key(last + 1) != "रूप"
    return False


def occupations(reading: Reading) -> list[Stated]:
    """The titles that the text gives the persona, in order."""
    found = []
    for phrase in reading.phrases:
        stated = list(_titles_in(reading, phrase))
        found += stated[-1:]
    return found


def _titles_in(reading: Reading, phrase: Span) -> Iterator[Stated]:
    for match in reading.find(titles(), facts.TITLE, *phrase):
        span = Span(match.first, match.last)
        if reading.key(span.last) == "turned":
            yield from _turned(reading, span.last + 1)
        elif _heads(reading, span, phrase) and not _is_surname(reading, span):
            if reading.words(span).lower() in _ALONE and not _stands_alone(reading, span.first):
                continue
            yield from _held(reading, span, phrase, match.value)


def _stands_alone(reading: Reading, place: int) -> bool:
    """Whether no noun stands before the title: "an advocate", not "a solar energy advocate"."""
    before = reading.key(place - 1)
    return place == 0 or before in ARTICLES or before in MODIFIERS


def _turned(reading: Reading, place: int) -> Iterator[Stated]:
    """ "an engineer-turned-farmer" is a farmer."""
    found = reading.find(titles(), facts.TITLE, place, place + 6)
    if found and found[0].first == place:
        yield Stated(found[0].value, Span(place, found[0].last))


def _heads(reading: Reading, span: Span, phrase: Span) -> bool:
    """Whether the words at `span` head their phrase: nothing follows but a name."""
    if reading.language == "hindi":
        return _heads_in_hindi(reading, span)
    if span.last >= phrase.last:
        return True
    named = reading.word(span.last)[0].isupper() and reading.words(span).islower()
    return named or reading.key(span.last) == "named"


def _heads_in_hindi(reading: Reading, span: Span) -> bool:
    if reading.breaks(span.last) or reading.key(span.last) in _HINDI_AFTER:
        return True
    after = [reading.key(place) for place in range(span.last, span.last + 3)]
    return after == ["के", "रूप", "में"] or after[:2] in (["का", "काम"], ["की", "नौकरी"])


def _is_surname(reading: Reading, span: Span) -> bool:
    if not span.first or span.last - span.first != 1 or reading.breaks(span.first):
        return False
    return reading.word(span.first)[0].isupper() and reading.word(span.first - 1)[0].isupper()


def _held(reading: Reading, span: Span, phrase: Span, title: str) -> Iterator[Stated]:
    """The title, unless the phrase says that the person has left it or has yet to reach it."""
    before = range(phrase.first, span.first)
    left = next((place for place in before if reading.key(place) in _RETIRED_WORDS), None)
    if left is not None:
        yield Stated(RETIRED, Span(left, span.last))
    elif title == RETIRED or not any(reading.key(place) in _NOT_YET for place in before):
        yield Stated(title, span)


def gendered_nouns(reading: Reading) -> list[Stated]:
    """Gendered words that name the persona, in order."""
    return [
        Stated(match.value.gender, span)
        for phrase in reading.phrases
        for match in reading.find(gender_words(), facts.GENDER, *phrase)
        for span in (Span(match.first, match.last),)
        if match.value.gender and _genders(reading, span, phrase, match.value)
    ]


def _genders(reading: Reading, span: Span, phrase: Span, word: Gendered) -> bool:
    if word.kind == "pronoun" or reading.key(span.last) == "s":
        return False
    if reading.key(span.last) == "and" and reading.gap(span.last) == "-":
        return False  # "a husband-and-wife team"
    after = past_age(reading, span.last)
    person = names_person(reading, after)
    describes = person is not None and not reading.breaks(after) and reading.key(person) != "s"
    aged = after > span.last and (after >= phrase.last or reading.breaks(after))
    describes |= aged and reading.key(after) != "s"
    if word.kind == "adjective" or reading.words(span).lower() in gender_adjectives():
        return describes or (word.kind == "noun" and _heads(reading, span, phrase))
    return describes or _heads(reading, span, phrase)


def pronouns(reading: Reading) -> list[Stated]:
    """Pronouns that can mean nobody but the persona, in order."""
    if reading.language != "english":
        return []
    found = []
    for match in reading.find(gender_words(), facts.GENDER):
        if match.value.kind != "pronoun" or _is_object(reading, match.first):
            continue
        if other_before(reading, match.first):
            continue
        found.append(Stated(match.value.gender, Span(match.first, match.last)))
    return found


def _is_object(reading: Reading, place: int) -> bool:
    """Whether the pronoun is one that the person acts on: "invites her to", "admires his"."""
    if reading.key(place - 1) in _REGARDS:
        return True
    after = place + 1
    ends = reading.breaks(after) or reading.key(after) in STOPS
    return ends and reading.key(place) == "her"


def other_before(reading: Reading, place: int) -> bool:
    """Whether one whom the pronoun at `place` may mean stands between it and the persona."""
    opening = reading.opening
    mentioned = reading.of_kind(facts.SOMEBODY | facts.NAMED | facts.GENDER)
    between = mentioned[bisect_left(mentioned, opening) : bisect_left(mentioned, place)]
    if any(_is_somebody_else(reading, one) for one in between):
        return True
    held = reading.find(titles(), facts.TITLE, opening, place)
    return any(not reading.in_phrase(match.first) for match in held)


def _is_somebody_else(reading: Reading, place: int) -> bool:
    """Whether the word at `place` names one that the phrases about the persona do not."""
    if reading.has(place, facts.NAMED) and _names_somebody(reading, place):
        return True
    if reading.in_phrase(place):
        return False
    word = gender_words().single(reading.key(place))
    return reading.has(place, facts.SOMEBODY) or (word is not None and word.kind == "noun")


def _participles(reading: Reading) -> list[Stated]:
    """ "रहने वाली", "बेचने वाली": the feminine of one who lives or works."""
    if reading.language != "hindi":
        return []
    named = [
        Stated("female", Span(place - 1, place + 1))
        for place in reading.of_kind(facts.HINDI_FEMININE)
        if reading.in_phrase(place) and reading.key(place - 1) in _DOING
    ]
    return named + [
        found for place in reading.of_kind(facts.HINDI_JO) for found in _agreeing(reading, place)
    ]


def _agreeing(reading: Reading, who: int) -> Iterator[Stated]:
    """The gender of the verb that "who" at `who` is the subject of: "जो गोवा में काम करती है"."""
    if reading.role(who) != "own" or not reading.in_phrase(who - 1):
        return
    away = facts.HINDI_WHOSE | facts.HINDI_OTHERS | facts.HINDI_THAT | facts.HINDI_JO
    for place in range(who + 1, reading.sentence_of(who).last - 1):
        word = reading.key(place)
        if reading.has(place, away) or word in ("ने", "को", "और"):
            return
        if reading.key(place + 1) in ("है", "हैं") and word not in _NO_VERBS:
            if word.endswith(("ती", "ता")) and len(word) > 3:
                yield Stated("female" if word.endswith("ती") else "male", Span(place, place + 2))
            return


def _names_somebody(reading: Reading, place: int) -> bool:
    """Whether a word with a capital is a person's name: within a sentence, and no place's."""
    if reading.sentence_of(place).first == place:
        return False
    near = reading.find(gazetteer(), facts.PLACE, max(0, place - 3), place + 4)
    return not any(match.first <= place < match.last for match in near)


def gender(reading: Reading) -> Stated | None:
    """The gender that the text states; None where it states none, or two."""
    found = reading.once(gendered_nouns)
    if {one.value for one in found} >= {"transgender"}:
        return next(one for one in found if one.value == "transgender")
    found = found or reading.once(pronouns) or _participles(reading)
    return found[0] if len({one.value for one in found}) == 1 else None


def occupation(reading: Reading) -> Stated | None:
    """The first title that the text gives the persona."""
    return next(iter(reading.once(occupations)), None)


def possessed(reading: Reading) -> list[Span]:
    """Kin that the text gives the persona: "her husband", "his two sons", "mother of three"."""
    own = {stated.span.first for stated in reading.once(pronouns)}
    found = []
    for place in reading.of_kind(facts.GENDER | facts.POSSESSIVE):
        if place in own or reading.key(place) == "their":
            last = next(
                (at for at in (place + 1, place + 2) if reading.key(at) in KIN | OTHERS), None
            )
            if last is not None and reading.key(last + 1) != "s":
                found.append(Span(place, last + 1))
    return found
