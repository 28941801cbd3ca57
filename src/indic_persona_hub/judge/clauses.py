"""Which words of a persona speak of the persona, and which of somebody or something else.

A persona opens with what the person is ("A 34-year-old nurse in Gaya, ..."), goes on with what the
person does ("who walks to ..."), and mentions others on the way ("her brother in Surat"). Each word
gets one of three roles; the noun phrases that name the person are marked. English and Hindi are
read; of other languages only the first sentence counts, as one opening.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from indic_persona_hub.judge import clause_words as words
from indic_persona_hub.reference.lexicon import Token, tokens

Role = Literal["opening", "own", "other"]
Language = Literal["english", "hindi", "other"]

_SENTENCE_END = re.compile(r"[!?।॥؟۔\n]|[.;:](?=[\s\"”’)])")
_PHRASE_END = re.compile(r"[,!?।॥؟۔()\[\]\"“”\n—،]|[.;:](?=\s)| [–-] ")
_INITIAL = re.compile(r"^(?:dr|mr|mrs|ms|smt|shri|st|no|b|m|ph|[a-z])$")


class Span(NamedTuple):
    """Tokens `first` to `last` (not included)."""

    first: int
    last: int


@dataclass(frozen=True)
class Reading:
    """A persona's text as the rules read it.

    Attributes:
        text: The text.
        tokens: Its words.
        language: Which rules read it.
        sentences: Where each sentence lies.
        roles: One role a token: `opening` (what the person is), `own` (what the person does),
            `other` (somebody or something else).
    """

    text: str
    tokens: tuple[Token, ...]
    language: Language
    sentences: tuple[Span, ...]
    roles: tuple[Role, ...]

    def words(self, span: Span) -> str:
        """The text's own words of `span`."""
        return self.text[self.tokens[span.first].start : self.tokens[span.last - 1].end]

    def key(self, place: int) -> str:
        """The key of the token at `place`, empty beyond the text."""
        return self.tokens[place].key if 0 <= place < len(self.tokens) else ""

    def breaks(self, place: int) -> bool:
        """Whether punctuation, or the text's end, stands before the token at `place`."""
        if place >= len(self.tokens):
            return True
        return bool(_PHRASE_END.search(self.tokens[place].gap))

    def sentence_of(self, place: int) -> Span:
        """The sentence that holds the token at `place`."""
        return next(one for one in self.sentences if one.first <= place < one.last)

    @cached_property
    def phrases(self) -> tuple[Span, ...]:
        """The noun phrases that say what the person is."""
        if self.language == "hindi":
            return tuple(_hindi_phrases(self))
        return tuple(_english_phrases(self))

    @property
    def opening(self) -> int:
        """Where the first phrase that says what the person is ends, 0 where there is none."""
        return self.phrases[0].last if self.phrases else 0

    def in_phrase(self, place: int) -> bool:
        """Whether the token at `place` stands in a phrase that says what the person is."""
        return any(phrase.first <= place < phrase.last for phrase in self.phrases)


@lru_cache(maxsize=64)
def read(text: str) -> Reading:
    """Read `text` once for all attributes."""
    found = tokens(text)
    language = _language(found)
    sentences = tuple(_sentences(found))
    roles: list[Role] = []
    for number, sentence in enumerate(sentences):
        span = found[sentence.first : sentence.last]
        roles += (_hindi_roles if language == "hindi" else _english_roles)(span, number == 0)
    return Reading(text, found, language, sentences, tuple(roles))


def _language(found: tuple[Token, ...]) -> Language:
    latin = sum(token.key[0] < "\u0250" for token in found)
    devanagari = sum("\u0900" <= token.key[0] <= "\u097f" for token in found)
    if latin * 2 >= len(found):
        return "english"
    hindi = any(token.key in words.HINDI_ONLY for token in found)
    return "hindi" if hindi and devanagari * 2 > len(found) else "other"


def _sentences(found: tuple[Token, ...]) -> Iterable[Span]:
    first = 0
    for place, token in enumerate(found):
        if place > first and _SENTENCE_END.search(token.gap):
            abbreviated = token.gap.startswith(".") and _INITIAL.match(found[place - 1].key)
            if not abbreviated:
                yield Span(first, place)
                first = place
    if found:
        yield Span(first, len(found))


def _english_roles(found: tuple[Token, ...], is_first: bool) -> list[Role]:
    """Roles of one sentence, from left to right."""
    roles: list[Role] = []
    role: Role = "opening" if is_first else "own"
    relatives = 0
    for place, token in enumerate(found):
        if token.key in words.WHO:
            role = _after_who(role, relatives, found, place)
            relatives += 1
        else:
            role = _next_role(role, found, place)
        roles.append(role)
    return roles


def _after_who(role: Role, relatives: int, found: tuple[Token, ...], place: int) -> Role:
    key = found[place].key
    after = found[place + 1].key if place + 1 < len(found) else ""
    if key == "whose":
        return "own" if after in words.OWN_THINGS and role != "other" else "other"
    before = found[place - 1].key if place else ""
    resumes = before in ("and", "but") if relatives else "," in found[place].gap
    return "own" if resumes or role == "opening" else "other"


def _next_role(role: Role, found: tuple[Token, ...], place: int) -> Role:
    key = found[place].key
    before = found[place - 1].key if place else ""
    after = found[place + 1].key if place + 1 < len(found) else ""
    gone = key == "used" and after == "to"
    if _is_kin_of(found, place) or gone or key in words.WISHES or key in words.THAT:
        return "other"
    if (
        before in words.POSSESSIVES
        and _names_other(found, place)
        and not _is_with(found, place - 1)
    ):
        return "other"
    if role == "opening" and place and _is_verb(found, place) and key not in words.COPULAS:
        return "own"
    if role == "opening" and key in words.COPULAS and after not in words.ARTICLES:
        return "own"
    return role


def _names_other(found: tuple[Token, ...], place: int) -> bool:
    """ "her two sons"; not "her uncle's stall", which is where she is herself."""
    return any(
        found[at].key in words.OTHERS and (at + 1 == len(found) or found[at + 1].key != "s")
        for at in range(place, min(place + 3, len(found)))
    )


def _is_with(found: tuple[Token, ...], place: int) -> bool:
    return place > 0 and found[place - 1].key in ("with", "and", "beside", "alongside")


def _is_kin_of(found: tuple[Token, ...], place: int) -> bool:
    """ "daughter of a carpenter", but not "mother of two"."""
    if found[place].key != "of" or not place or found[place - 1].key not in words.KIN:
        return False
    after = found[place + 1] if place + 1 < len(found) else None
    return after is not None and (
        after.key in words.ARTICLES or after.key in words.POSSESSIVES or after.text[0].isupper()
    )


def _is_verb(found: tuple[Token, ...], place: int) -> bool:
    key = found[place].key
    if key in words.VERBS or key in words.MODALS:
        return True
    if key.endswith("ing") and key not in words.ING_NOUNS:
        return _follows_noun(found, place)
    after = found[place + 1].key if place + 1 < len(found) else ""
    third_person = key.endswith("s") and not key.endswith("ss") and found[place].text.islower()
    return third_person and after in words.AFTER_VERB and _follows_noun(found, place)


def _follows_noun(found: tuple[Token, ...], place: int) -> bool:
    before = found[place - 1].key if place else ""
    compound = found[place].gap in ("-", "\u2011")
    return before.isalpha() and before not in words.NO_NOUNS and not compound


def stops(reading: Reading, place: int) -> bool:
    """Whether a noun phrase ends before the token at `place`."""
    if place >= len(reading.tokens) or reading.breaks(place):
        return True
    key = reading.key(place)
    if key in words.PARTICIPLES:
        return _follows_noun(reading.tokens, place)
    return key in words.STOPS or key in words.COPULAS or _is_verb(reading.tokens, place)


def _phrase_from(reading: Reading, first: int) -> Span:
    last = first + 1
    while last < len(reading.tokens) and not stops(reading, last):
        last += 1
    return Span(first, last)


def _english_phrases(reading: Reading) -> Iterable[Span]:
    end = 0
    for place, role in enumerate(reading.roles):
        if place < end or role == "other":
            continue
        if _starts_phrase(reading, place, end):
            phrase = _phrase_from(reading, place)
            end = phrase.last
            yield phrase


def _starts_phrase(reading: Reading, place: int, end: int) -> bool:
    if place == 0:
        return True
    before, key = reading.key(place - 1), reading.key(place)
    if key in words.POSSESSIVES or key in words.STOPS:
        return False
    if before == "and" and place - 2 == end - 1:
        return not _is_verb(reading.tokens, place)
    if reading.breaks(place):
        return reading.roles[place] == "opening" and key in words.ARTICLES
    if before == "as":
        return any(reading.key(place - back) in words.WORKS for back in (2, 3, 4))
    return before in words.COPULAS and key in words.ARTICLES and _is_subject(reading, place - 1)


def _is_subject(reading: Reading, copula: int) -> bool:
    """Whether what stands before "is" is the person: a name or pronoun, or "who"."""
    first = reading.sentence_of(copula).first
    before = reading.tokens[first:copula]
    if before and before[-1].key == "who":
        return True
    named = all(token.text[0].isupper() or token.key.isdigit() for token in before)
    return bool(before) and named and before[0].key not in words.ARTICLES | words.POSSESSIVES


def _hindi_roles(found: tuple[Token, ...], is_first: bool) -> list[Role]:
    roles: list[Role] = []
    role: Role = "opening" if is_first else "own"
    for place, token in enumerate(found):
        before = found[place - 1].key if place else ""
        after = found[place + 1].key if place + 1 < len(found) else ""
        if token.key in words.HINDI_WHOSE and after in words.HINDI_AGE:
            role = "own" if role != "other" else "other"
        elif token.key in words.HINDI_WHOSE or token.key in words.HINDI_THAT:
            role = "other"
        elif token.key in words.HINDI_WHO:
            role = "own" if role != "other" else "other"
        elif before in words.HINDI_POSSESSIVES and token.key in words.HINDI_OTHERS:
            role = "other"
        roles.append(role)
    return roles


def _hindi_phrases(reading: Reading) -> Iterable[Span]:
    """The opening up to its first "who", and short clauses "who ... is"."""
    last = next((place for place, role in enumerate(reading.roles) if role != "opening"), None)
    if reading.tokens:
        yield Span(0, len(reading.tokens) if last is None else last)
    for place, token in enumerate(reading.tokens):
        if token.key == "जो" and reading.roles[place] == "own":
            ends = (at for at in range(place + 2, place + 8) if reading.key(at) in ("है", "हैं"))
            if (end := next(ends, None)) is not None:
                yield Span(place + 1, end)
