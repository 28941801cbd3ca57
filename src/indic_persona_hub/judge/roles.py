"""What a persona does and its gender, as its text states them.

An occupation counts where a title heads a phrase that says what the person is ("a night-shift
nurse", "works as a cook"), not where it names somebody else ("a carpenter's son", "helps patients
see a doctor") or what the person only hopes for. A gender counts where a gendered word names the
person, or a pronoun can mean nobody else; names and occupations state none.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from indic_persona_hub import reference
from indic_persona_hub.judge.clause_words import ARTICLES, KIN, MODIFIERS, NO_PERSONS, OTHERS, STOPS
from indic_persona_hub.judge.clauses import Reading, Span
from indic_persona_hub.reference.gazetteer import gazetteer
from indic_persona_hub.reference.lexicon import Lexicon

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
#: One person whom "he" or "she" may mean instead, beside those with a title.
_ONE_OTHER: Final = frozenset(
    word for word in KIN | OTHERS if not word.endswith("s") or word == "boss"
) - {"children", "family", "team", "crew", "staff", "law"}
_ANYONE: Final = frozenset(
    "person someone anyone everyone patient customer passenger client buyer visitor guest bride "
    "child baby kid god goddess saint poet king queen minister officer mr mrs ms sir madam guru "
    "each every".split()
)


#: Titles that another noun before them turns into another work.
_ALONE: Final = frozenset("advocate chemist therapist director executive guard manager".split())
_DOING: Final = frozenset("रहने करने बेचने पढाने चलाने सिलने बुनने बनाने जाने".split())


_REGARDS: Final = frozenset(
    "admires admire admiring respects respecting envies envying idolises idolizes praises mentors "
    "assists supports".split()
)


class Stated(NamedTuple):
    """A value and the words that state it."""

    value: str
    span: Span


class Gendered(NamedTuple):
    """What a gendered word states: `gender` is empty where it states none in this phrase."""

    gender: str
    kind: str


@cache
def titles() -> Lexicon[str]:
    """Occupation titles and their synonyms in English and Hindi, by the title that is the code."""
    rows = reference.load("occupations").to_pylist()
    return Lexicon(
        (spelled, row["title"])
        for row in rows
        for spelled in (*row["synonyms"], *row["hindi"], row["title"])
    )


@cache
def title_of(text: str) -> str | None:
    """The title (a code of the table `occupations`) that `text` as a whole names, or None."""
    return titles().whole(text)


@cache
def least_ages() -> dict[str, int]:
    """Age in years below which nobody holds a title, by title; 0 where there is none."""
    table = reference.load("occupations")
    return dict(zip(table["title"].to_pylist(), table["least_age"].to_pylist(), strict=True))


@cache
def gender_words() -> Lexicon[Gendered]:
    """Gendered nouns, adjectives and pronouns."""
    rows = sorted(reference.load("gender_words").to_pylist(), key=lambda row: row["kind"] == "noun")
    return Lexicon((row["word"], Gendered(row["gender"] or "", row["kind"])) for row in rows)


@cache
def _adjectives() -> frozenset[str]:
    rows = reference.load("gender_words").to_pylist()
    return frozenset(row["word"] for row in rows if row["kind"] == "adjective")


def names_person(reading: Reading, place: int) -> int | None:
    """Where a title or gendered noun that starts at the token `place` ends, or None."""
    window = reading.tokens[place : place + 6]
    for table in (titles(), gender_words()):
        found = table.find(window)
        if found and found[0].first == 0:
            gendered = found[0].value
            if not isinstance(gendered, Gendered) or (gendered.kind == "noun" and gendered.gender):
                return place + found[0].last
    return None


def occupations(reading: Reading) -> list[Stated]:
    """The titles that the text gives the persona, in order."""
    found = []
    for phrase in reading.phrases:
        stated = list(_titles_in(reading, phrase))
        found += stated[-1:]
    return found


def _titles_in(reading: Reading, phrase: Span) -> Iterator[Stated]:
    for match in titles().find(reading.tokens[phrase.first : phrase.last]):
        span = Span(phrase.first + match.first, phrase.first + match.last)
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
    found = titles().find(reading.tokens[place : place + 6])
    if found and found[0].first == 0:
        yield Stated(found[0].value, Span(place, place + found[0].last))


def _heads(reading: Reading, span: Span, phrase: Span) -> bool:
    """Whether the words at `span` head their phrase: nothing follows but a name."""
    if reading.language == "hindi":
        return _heads_in_hindi(reading, span)
    if span.last >= phrase.last:
        return True
    named = reading.tokens[span.last].text[0].isupper() and reading.words(span).islower()
    return named or reading.key(span.last) == "named"


def _heads_in_hindi(reading: Reading, span: Span) -> bool:
    if reading.breaks(span.last) or reading.key(span.last) in _HINDI_AFTER:
        return True
    after = [reading.key(place) for place in range(span.last, span.last + 3)]
    return after == ["के", "रूप", "में"] or after[:2] in (["का", "काम"], ["की", "नौकरी"])


def _is_surname(reading: Reading, span: Span) -> bool:
    before = reading.tokens[span.first - 1] if span.first else None
    one = span.last - span.first == 1 and reading.tokens[span.first].text[:1].isupper()
    return (
        one and before is not None and before.text[0].isupper() and not reading.breaks(span.first)
    )


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
        for match in gender_words().find(reading.tokens[phrase.first : phrase.last])
        for span in (Span(phrase.first + match.first, phrase.first + match.last),)
        if match.value.gender and _genders(reading, span, phrase, match.value)
    ]


def _genders(reading: Reading, span: Span, phrase: Span, word: Gendered) -> bool:
    if word.kind == "pronoun" or reading.key(span.last) == "s":
        return False
    describes = names_person(reading, span.last) is not None and not reading.breaks(span.last)
    if word.kind == "adjective" or reading.words(span).lower() in _adjectives():
        return describes or (word.kind == "noun" and _heads(reading, span, phrase))
    return describes or _heads(reading, span, phrase)


def pronouns(reading: Reading) -> list[Stated]:
    """Pronouns that can mean nobody but the persona, in order."""
    if reading.language != "english":
        return []
    found = []
    for match in gender_words().find(reading.tokens):
        if match.value.kind != "pronoun" or _is_object(reading, match.first):
            continue
        if _other_before(reading, match.first):
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


def _other_before(reading: Reading, place: int) -> bool:
    """Whether one whom the pronoun at `place` may mean stands between it and the persona."""
    opening = reading.opening
    for match in titles().find(reading.tokens[opening:place]):
        if not reading.in_phrase(opening + match.first):
            return True
    for one in range(opening, place):
        token = reading.tokens[one]
        if token.key in _ONE_OTHER | _ANYONE and not reading.in_phrase(one):
            return True
        if _names_somebody(reading, one):
            return True
        gendered = gender_words().find(reading.tokens[one : one + 1])
        if gendered and gendered[0].value.kind == "noun" and not reading.in_phrase(one):
            return True
    return False


def _participles(reading: Reading) -> list[Stated]:
    """ "रहने वाली", "बेचने वाली": the feminine of one who lives or works."""
    if reading.language != "hindi":
        return []
    return [
        Stated("female", Span(place - 1, place + 1))
        for place, token in enumerate(reading.tokens)
        if token.key == "वाली" and reading.in_phrase(place) and reading.key(place - 1) in _DOING
    ]


def _names_somebody(reading: Reading, place: int) -> bool:
    """Whether the token may be a person's name: a capital within a sentence, and no other name."""
    token = reading.tokens[place]
    if not token.text[0].isupper() or token.text.isupper() or token.key in NO_PERSONS:
        return False
    if reading.sentence_of(place).first == place:
        return False
    near = gazetteer().find(reading.tokens[max(0, place - 3) : place + 4])
    return not any(match.first <= min(place, 3) < match.last for match in near)


def gender(reading: Reading) -> Stated | None:
    """The gender that the text states; None where it states none, or two."""
    found = gendered_nouns(reading)
    if {one.value for one in found} >= {"transgender"}:
        return next(one for one in found if one.value == "transgender")
    found = found or pronouns(reading) or _participles(reading)
    return found[0] if len({one.value for one in found}) == 1 else None


def occupation(reading: Reading) -> Stated | None:
    """The first title that the text gives the persona."""
    return next(iter(occupations(reading)), None)


def possessed(reading: Reading) -> list[Span]:
    """Kin that the text gives the persona: "her husband", "his two sons", "mother of three"."""
    own = {stated.span.first for stated in pronouns(reading)}
    found = []
    for place in range(len(reading.tokens)):
        if place in own or reading.key(place) == "their":
            last = next(
                (at for at in (place + 1, place + 2) if reading.key(at) in KIN | OTHERS), None
            )
            if last is not None and reading.key(last + 1) != "s":
                found.append(Span(place, last + 1))
    return found
