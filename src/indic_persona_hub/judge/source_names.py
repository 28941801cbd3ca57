"""Names of the source, or of the parent, that reappear in a persona."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from indic_persona_hub.judge.india_centric import is_of_india
from indic_persona_hub.judge.words import written_words
from indic_persona_hub.privacy.people import Gazetteer
from indic_persona_hub.privacy.people.detector import as_texts, shaped
from indic_persona_hub.privacy.people.given_names import SURNAMES
from indic_persona_hub.privacy.people.words import BODIES, NO_NAMES

_SURNAMES: Final = frozenset(SURNAMES)
#: A capitalised word that does not open a sentence.
_CAPITALISED: Final = re.compile(r"(?<=[a-z0-9,;:(\"'“‘’-] )[A-Z][a-z]{2,}")
_LEAST: Final = 3  # letters

#: A capitalised word in the middle that does or owns something.
_ACTING: Final = re.compile(
    r"(?<=[a-z,] )[A-Z][a-z]{2,}(?=['’]s | (?:also |never |always |often )?(?:is|was|has|[a-z]+s)"
    r" (?:to|the|her|his|an?|not|that) | and (?:her|his) )"
)


def reappearing(
    personas: Sequence[str], origins: Sequence[str | None], listed: Gazetteer | None
) -> list[list[str]]:
    """Words of each persona that are names in its origin: of a character that acts in both, or of
    whoever the origin names as a person does ("Dr Mehta", "MP Prem Guddu"), or of a listed person
    whom the origin means. Surnames alone, places and bodies are left out.
    """
    found = [_characters(*row) for row in zip(personas, origins, strict=True)]
    rows = [row for row, (persona, origin) in enumerate(zip(personas, origins, strict=True))
            if origin and _shares_names(persona, origin)]  # fmt: skip
    names = _names_of([origins[row] or "" for row in rows], listed)
    for row, told in zip(rows, names, strict=True):
        found[row] += [word for word in _told_again(personas[row], told) if word not in found[row]]
    return found


def _shares_names(persona: str, origin: str) -> bool:
    if not persona.isascii() and any(letter > "\u0600" and letter.isalpha() for letter in persona):
        return True
    return any(word in origin for word in _CAPITALISED.findall(persona))


def _names_of(origins: list[str], listed: Gazetteer | None) -> list[set[str]]:
    """The words of the names in each origin."""
    texts = as_texts(origins)
    found = []
    mentions = listed.mentions(texts) if listed else [[] for _ in origins]
    for origin, spans, people in zip(origins, shaped(texts), mentions, strict=True):
        ends = [*spans, *((one.start, one.end) for one in people if one.meant)]
        words = (word for start, end in ends for word in written_words(origin[start:end]))
        found.append(set(filter(_is_own, words)))
    return found


def _is_own(word: str) -> bool:
    return not (
        len(word) < _LEAST
        or word in _SURNAMES
        or word in NO_NAMES
        or word in BODIES
        or is_of_india(word)
    )


def _told_again(persona: str, names: set[str]) -> Iterable[str]:
    if not names:
        return []
    words = written_words(persona)
    held = [word for word in words if word in names]
    opening = words[:1]
    return dict.fromkeys(word for word in held if not word.isascii() or word not in opening)


def _characters(persona: str, origin: str | None) -> list[str]:
    """Names that act in `persona` and that `origin` tells of twice, and never as of a place."""
    if not origin:
        return []
    return [
        name
        for name in _ACTING.findall(persona)
        if origin.count(name) > 1
        and not is_of_india(name)
        and not re.search(rf"\b(?:in|at|near|from|of|to|for|the) {name}\b", origin)
    ]
