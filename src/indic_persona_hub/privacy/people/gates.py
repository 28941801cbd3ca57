"""Which texts of a batch can hold a name of which shape: told from their words, not by patterns."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.privacy.people.shapes import CHUNKS
from indic_persona_hub.reference.chunks import Texts

_OPENING: Final = 7  # chunks; one may be an empty one before the first word

Flags = NDArray[np.bool_]


class Gates(NamedTuple):
    """What each text holds.

    Attributes:
        honorific: "Dr" and the like.
        named: "named", "called" and a capitalised word after such.
        given: A given name on the list, also in capitals.
        lower: A given name and a surname on the lists, in small letters.
        courtesy: A surname on the list and "ji" and the like.
        initials: An initial before a capitalised word.
        surname: A surname on the list after a capitalised word.
        kin: "mother" and the like before a capitalised word.
        role: A public role and two capitalised words side by side.
        role_word: A public role and a capitalised word.
        beside: "to" and the like before a capitalised word, and two such side by side.
        party: A party and two capitalised words side by side.
        subject: A first word with a capital that is no article, and soon a comma or a verb.
    """

    honorific: Flags
    named: Flags
    given: Flags
    lower: Flags
    courtesy: Flags
    initials: Flags
    surname: Flags
    kin: Flags
    role: Flags
    role_word: Flags
    beside: Flags
    party: Flags
    subject: Flags


def gates_of(texts: Texts) -> Gates:
    """The gates of each text."""
    batch = _Batch(texts)
    initials = batch.initials() | batch.pair("initial", "capital")
    full = batch.pair("capital", "capital") | initials
    return Gates(
        batch.some("honorific"),
        batch.some("named") & batch.pair("introduces", "capital"),
        batch.some("given"),
        batch.pair("given_lower", "surname_lower"),
        batch.some("courtesy") | batch.pair("surname", "courtesy_word"),
        initials,
        batch.pair("capital", "surname"),
        batch.pair("kin", "capital"),
        batch.some("role") & full,
        batch.some("role") & batch.some("capital"),
        batch.pair("beside", "capital") & full,
        batch.some("party") & full,
        batch.subject(),
    )


class _Batch:
    """Flags of the different chunks, brought to the texts."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._flags = {name: texts.matching(pattern) for name, pattern in CHUNKS.items()}
        sizes = np.diff(texts.starts)
        self._text = np.repeat(np.arange(len(texts)), sizes)
        self._together = self._text[1:] == self._text[:-1]

    def _held(self, places: Flags) -> Flags:
        held = np.zeros(len(self._texts), np.bool_)
        held[self._text[: len(places)][places]] = True
        return held

    def some(self, name: str) -> Flags:
        """Texts with a chunk of the kind `name`."""
        return self._held(self._flags[name][self._texts.codes])

    def pair(self, one: str, other: str) -> Flags:
        """Texts with a chunk of the kind `one` and one of the kind `other` right after it."""
        codes = self._texts.codes
        return self._held(
            self._flags[one][codes[:-1]] & self._flags[other][codes[1:]] & self._together
        )

    def initials(self) -> Flags:
        """Texts with an initial and a name in one chunk, such as "K.Ragesh"."""
        return self._held(self._texts.matching(r"^\W*(?:[A-Z]\.)+[A-Z]\w")[self._texts.codes])

    def subject(self) -> Flags:
        """Texts that begin with a capitalised word that is no article, and soon have a comma, an
        age in brackets or a verb.
        """
        codes, starts = self._texts.codes, self._texts.starts
        if not len(codes):
            return np.zeros(len(self._texts), np.bool_)
        place = np.arange(len(codes)) - starts[self._text]
        turn = self._texts.matching(r",$|^\(\d\d|^[a-z]+[sdw]$")[codes]
        soon = self._held(turn & (place <= _OPENING))
        opening = self._flags["capital"] & ~self._flags["article"]
        first = codes[np.minimum(starts[:-1], len(codes) - 1)]
        begins: Flags = soon & (opening | self._texts.matching("^$"))[first]
        return begins
