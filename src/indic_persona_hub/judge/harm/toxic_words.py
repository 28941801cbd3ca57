"""Toxic words: our own table, a user's list, and how they are found in a text.

Names are never toxic words. A word that is also a name ("Chutia", "Lund") counts only where it is
not capitalised; the name of a community or an animal, and words that are mostly harmless, only
right beside a word of abuse ("saale chamar"); and phrases in which a toxic word is none ("Lund
University", "mentally retarded") are entries of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final, Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field

from indic_persona_hub import reference
from indic_persona_hub.judge.harm.disguises import Disguises, repeats
from indic_persona_hub.judge.words import WORDS_OF, words_of
from indic_persona_hub.reference.lexicon import Lexicon, Match, Token, joins, key, tokens

Kind = Literal["caste", "religion", "gender", "region", "disability", "abuse", "obscene"]
Sense = Literal["always", "lower", "framed", "frame", "never"]

KINDS: Final[tuple[str, ...]] = get_args(Kind)


#: No part of a disguise, at the ends of a chunk.
_ENDS: Final = ".,;:!?()\"'-"


class ToxicWord(BaseModel):
    """A word or phrase.

    Attributes:
        word: As it is written; upper and lower case, nuktas and joiners count for nothing.
        kind: What it insults: a slur on caste, religion, gender (sexuality with it), region
            (origin and colour with it) or disability; or `abuse`, or `obscene`.
        severity: 1 coarse, 2 offensive, 3 a slur or gravely obscene.
        sense: `always` counts; `lower` counts unless capitalised, since it is a name as well;
            `framed` counts only right beside another one or a `frame`; `frame` never counts by
            itself; `never` is a phrase in which a toxic word is none.
        language: ISO 639-3; an English frame stands before the word, a Hindi one on either side.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    word: str = Field(min_length=1)
    kind: Kind | None = "abuse"
    severity: int = Field(2, ge=0, le=3)
    sense: Sense = "always"
    language: str = "eng"


class Found(NamedTuple):
    """A toxic word in a text.

    Attributes:
        text: As it is written there, a disguise undone.
        kind, severity: See `ToxicWord`.
    """

    text: str
    kind: str
    severity: int


def shipped_words() -> Iterator[ToxicWord]:
    """The words of our own table."""
    for row in reference.load("toxic_words").to_pylist():
        for word in (row["word"], *row["variants"]):
            yield ToxicWord(
                word=word,
                kind=row["kind"],
                severity=row["severity"],
                sense=row["sense"],
                language=row["language"],
            )


class ToxicWords:
    """Finds `words` in texts; of two with the same words the later one stays."""

    def __init__(self, words: Iterable[ToxicWord]) -> None:
        self._words = {one.word: one for one in words}
        self._lexicon = Lexicon(self._words.items())
        self._triggers = _triggers(self._words.values())

    @cached_property
    def _disguises(self) -> Disguises:
        whole = [one for one in self._words.values() if one.sense in ("always", "lower")]
        mildest_first = sorted(whole, key=lambda one: (one.severity, one.word))
        romanised = [one for one in mildest_first if _is_romanised(one)]
        return Disguises(
            (one.word for one in mildest_first if len(tokens(one.word)) == 1),
            (one.word for one in romanised if one.sense == "always" or " " not in one.word),
        )

    def plain(self, chunk: str) -> str:
        """`chunk` with its disguises undone."""
        return self._disguises.undone(chunk)

    def may_start(self, chunk: str) -> bool:
        """False where no text can hold a toxic word because of `chunk`."""
        bare = chunk.strip(_ENDS)
        if bare.isascii() and bare.isalpha() and not repeats(bare):
            lower = bare.lower()
            return lower in self._triggers or self._disguises.respelt(lower) is not None
        return any(key(word) in self._triggers for word in WORDS_OF[self.plain(chunk)])

    def find(self, text: str) -> list[Found]:
        """All toxic words of `text`, in order."""
        text = self._disguises.gathered(text)
        written = tokens(" ".join(map(self.plain, text.split(" "))))
        matches = self._lexicon.find(written)
        sure = [one for one in matches if _is_sure(one, written)]
        anchors = [*sure, *(one for one in matches if one.value.sense == "frame")]
        beside = [
            one
            for one in matches
            if one.value.sense in ("framed", "lower")
            and one not in sure
            and any(_frames(anchor, one, written) for anchor in anchors)
        ]
        found = sorted([*sure, *beside], key=lambda one: one.first)
        return [
            Found(_text(one, written), one.value.kind or "abuse", one.value.severity)
            for one in found
        ]


def _is_romanised(word: ToxicWord) -> bool:
    return word.language == "hin" and word.word.isascii()


def _triggers(words: Iterable[ToxicWord]) -> set[str]:
    """Keys of which a text holds one wherever it holds a toxic word: of a phrase, one of its words
    that is a trigger by itself, else its longest.
    """
    whole = [one for one in words if one.sense in ("always", "lower", "frame")]
    keys = [[key(word) for word in words_of(one.word)] for one in whole]
    found = {each[0] for each in keys if len(each) == 1}
    return found | {max(each, key=len) for each in keys if each and found.isdisjoint(each)}


def _is_sure(match: Match[ToxicWord], written: Sequence[Token]) -> bool:
    if match.value.sense == "lower":
        return not written[match.first].text[0].isupper()
    return match.value.sense == "always"


def _frames(anchor: Match[ToxicWord], match: Match[ToxicWord], written: Sequence[Token]) -> bool:
    """Whether `anchor` stands right beside `match`, on a side where it speaks of it."""
    if anchor.last == match.first:
        return joins(written[match.first].gap)
    after = anchor.first == match.last and joins(written[anchor.first].gap)
    return after and not (anchor.value.sense == "frame" and anchor.value.language == "eng")


def _text(match: Match[ToxicWord], written: Sequence[Token]) -> str:
    return " ".join(token.text for token in written[match.first : match.last])
