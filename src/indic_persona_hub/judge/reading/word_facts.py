"""What a word by itself can be to the rules: a verb, kin, the first word of a place's name.

Facts are bits of one number, so that numpy tells them of all words of a batch at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import count
from typing import Final, NamedTuple

from indic_persona_hub.judge.reading import clause_words as words
from indic_persona_hub.judge.reading import number_words as numbers
from indic_persona_hub.judge.reading.lexicons import (
    community_words,
    disability_words,
    education_words,
    gender_words,
    language_words,
    religion_words,
    residence_words,
    stage_words,
    titles,
)
from indic_persona_hub.reference.gazetteer import gazetteer, inflected
from indic_persona_hub.reference.lexicon import key

_bits: Final[Iterator[int]] = (1 << bit for bit in count())

WHO, WHOSE, OTHERWISE, POSSESSIVE, ARTICLE, COPULA, STOP = (next(_bits) for _ in range(7))
KIN, OTHERS, PARTICIPLE, VERB, ING, THIRD_PERSON, AFTER_VERB = (next(_bits) for _ in range(7))
NOUN, OWN_THING, RESUMES, WITH, OF, USED, TO = (next(_bits) for _ in range(7))
AS, AND, WORKS, S, CAPITAL, INITIAL = (next(_bits) for _ in range(6))
LATIN, DEVANAGARI, HINDI_ONLY = (next(_bits) for _ in range(3))
HINDI_WHOSE, HINDI_AGE, HINDI_THAT, HINDI_WHO = (next(_bits) for _ in range(4))
HINDI_POSSESSIVE, HINDI_OTHERS, HINDI_JO, HINDI_FEMININE = (next(_bits) for _ in range(4))
#: The first word of an entry of a lexicon.
PLACE, TITLE, GENDER, RESIDENCE, STAGE = (next(_bits) for _ in range(5))
LANGUAGE, RELIGION, COMMUNITY, EDUCATION, DISABILITY = (next(_bits) for _ in range(5))
NUMBER, DIGITS, GRADE, INFLECTED = (next(_bits) for _ in range(4))
#: Somebody whom "he" or "she" may mean: kin, anyone, a name with a capital.
SOMEBODY, NAMED = (next(_bits) for _ in range(2))
LATE_LEARNING, PREPARING = (next(_bits) for _ in range(2))

_INITIAL: Final = re.compile(r"^(?:dr|mr|mrs|ms|smt|shri|st|no|b|m|ph|[a-z])$")
_ONE_OTHER: Final = frozenset(
    word for word in words.KIN | words.OTHERS if not word.endswith("s") or word == "boss"
) - {"children", "family", "team", "crew", "staff", "law"}
_ANYONE: Final = frozenset(
    "person someone anyone everyone patient customer passenger client buyer visitor guest bride "
    "child baby kid god goddess saint poet king queen minister officer mr mrs ms sir madam guru "
    "each every".split()
)
#: Words that explain a pupil of any age.
_LATE_LEARNING: Final = frozenset(
    "literacy adult night open evening saksharta saakshar nios dropout साक्षरता प्रौढ".split()
)
_GRADES: Final = (
    *numbers.CLASS, numbers.HINDI_CLASS, *numbers.ORDINALS, *numbers.HINDI_ORDINALS,
)  # fmt: skip


class WordFacts(NamedTuple):
    """A word as it is compared, and its bits."""

    key: str
    bits: int


@cache
def _listed() -> dict[str, int]:
    """The bits that a key has from lists of words."""
    lists: dict[int, Iterable[str]] = {
        WHO: words.WHO,
        WHOSE: ("whose",),
        OTHERWISE: words.THAT | words.WISHES,
        POSSESSIVE: words.POSSESSIVES,
        ARTICLE: words.ARTICLES,
        COPULA: words.COPULAS,
        STOP: words.STOPS,
        KIN: words.KIN,
        OTHERS: words.OTHERS,
        PARTICIPLE: words.PARTICIPLES,
        VERB: words.VERBS | words.MODALS,
        AFTER_VERB: words.AFTER_VERB,
        OWN_THING: words.OWN_THINGS,
        RESUMES: ("and", "but"),
        WITH: ("with", "and", "beside", "alongside"),
        OF: ("of",),
        USED: ("used",),
        TO: ("to",),
        AS: ("as",),
        AND: ("and",),
        WORKS: words.WORKS,
        S: ("s",),
        HINDI_ONLY: words.HINDI_ONLY,
        HINDI_WHOSE: words.HINDI_WHOSE,
        HINDI_AGE: words.HINDI_AGE,
        HINDI_THAT: words.HINDI_THAT,
        HINDI_WHO: words.HINDI_WHO,
        HINDI_POSSESSIVE: words.HINDI_POSSESSIVES,
        HINDI_OTHERS: words.HINDI_OTHERS,
        HINDI_JO: ("जो",),
        HINDI_FEMININE: ("वाली",),
        PLACE: gazetteer().first_words,
        TITLE: titles().first_words,
        GENDER: gender_words().first_words,
        RESIDENCE: residence_words().first_words,
        STAGE: stage_words().first_words,
        LANGUAGE: language_words().first_words,
        RELIGION: religion_words().first_words,
        COMMUNITY: community_words().first_words,
        EDUCATION: education_words().first_words,
        DISABILITY: disability_words().first_words,
        NUMBER: (*numbers.TENS, *numbers.ONES),
        GRADE: _GRADES,
        SOMEBODY: _ONE_OTHER | _ANYONE,
        LATE_LEARNING: _LATE_LEARNING,
        PREPARING: ("preparing", "prepares"),
    }
    bits: dict[str, int] = {}
    for bit, listed in lists.items():
        for word in listed:
            bits[word] = bits.get(word, 0) | bit
    return bits


def facts_of(text: str) -> WordFacts:
    """Key and bits of the word that is written `text`."""
    word = key(text)
    bits = _listed().get(word, 0)
    if word[0] < "\u0250":
        bits |= LATIN | (INITIAL if _INITIAL.match(word) else 0)
    elif "\u0900" <= word[0] <= "\u097f":
        bits |= DEVANAGARI
    if word.isalpha() and word not in words.NO_NOUNS:
        bits |= NOUN
    if text[0].isupper():
        named = not text.isupper() and word not in words.NO_PERSONS
        bits |= CAPITAL | (NAMED if named else 0)
    if word.isdigit():
        short = word.isdecimal() and len(word) <= 3
        bits |= DIGITS | (NUMBER if short else 0)
    bits |= _english_form(word, text)
    return WordFacts(word, bits | (0 if word.isascii() or not inflected(word) else INFLECTED))


def _english_form(word: str, text: str) -> int:
    """Whether the ending is one of a verb."""
    if word.endswith("ing"):
        return 0 if word in words.ING_NOUNS else ING
    third = word.endswith("s") and not word.endswith("ss") and text.islower()
    return THIRD_PERSON if third else 0
