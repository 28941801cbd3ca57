"""Which language a text is in, or that it cannot be told.

Where a script has one scheduled language the script decides; where it has several, the function
words, endings and letters of `function_words` do, and weak evidence gives `und`. Indian languages
in Latin script are called romanised and their language is not guessed.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from indic_persona_hub.ingest.function_words import (
    ARABIC,
    BENGALI,
    DEVANAGARI,
    ENDINGS,
    ENGLISH,
    ENGLISH_ENDINGS,
    LETTERS,
    ROMANISED,
)
from indic_persona_hub.ingest.language_codes import SCHEDULED, to_iso639_3
from indic_persona_hub.ingest.scripts import main_script, script_of, words
from indic_persona_hub.records import UNKNOWN_LANGUAGE

__all__ = ["SCHEDULED", "Identity", "identify", "to_iso639_3"]

ONE_LANGUAGE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Guru": "pan",
        "Gujr": "guj",
        "Orya": "ori",
        "Taml": "tam",
        "Telu": "tel",
        "Knda": "kan",
        "Mlym": "mal",
        "Olck": "sat",
        "Mtei": "mni",
    }
)
SEVERAL: Final = MappingProxyType({"Deva": DEVANAGARI, "Beng": BENGALI, "Arab": ARABIC})

_SPOKEN: Final = ENGLISH | ROMANISED

READ_CHARACTERS: Final = 8_000
LEAST_SCORE: Final = 1.0
LEAST_SHARE: Final = 0.05
LEAD: Final = 1.2
LETTER_WEIGHT: Final = 0.5
ENDING_WEIGHT: Final = 0.5
ROMANISED_SHARE: Final = 0.25  # of the function words; the rest are English
ROMANISED_WORDS: Final = 0.08  # of all words: less is a list of names
ENGLISH_SHARE: Final = 0.15  # other languages of Europe have up to a tenth of the same words
SHORT_ENGLISH_SHARE: Final = 0.1
SHORT_WORDS: Final = 20
LEAST_ENGLISH: Final = 1.5


class Identity(NamedTuple):
    """ISO 639-3 `language` (`und`: cannot be told), ISO 15924 `script`; see `records.DOCUMENT`."""

    language: str
    script: str
    romanised: bool


def identify(text: str) -> Identity:
    """Language and script of the first 8,000 characters of `text`."""
    text = unicodedata.normalize("NFC", text[:READ_CHARACTERS])
    script = main_script(text)
    if script == "Latn":
        return _latin(text)
    if script in SEVERAL:
        own = Counter(word for word in words(text) if script_of(word[0]) == script)
        return Identity(_by_words(own, text, script), script, False)
    return Identity(ONE_LANGUAGE.get(script, UNKNOWN_LANGUAGE), script, False)


def function_word_share(text: str) -> float:
    """Share of the words that are English or romanised function words."""
    found = words(text)
    return sum(word.lower() in _SPOKEN for word in found) / max(len(found), 1)


def _by_words(counts: Counter[str], text: str, script: str) -> str:
    scores = {
        language: _score(language, listed, counts, text, SEVERAL[script])
        for language, listed in SEVERAL[script].items()
    }
    best, second, *_ = sorted(scores, key=lambda one: (-scores[one], one))
    enough = max(LEAST_SCORE, LEAST_SHARE * counts.total())
    if scores[best] < enough or scores[best] < LEAD * scores[second]:
        return _by_letter(text) if script == "Beng" else UNKNOWN_LANGUAGE
    return best if best in SCHEDULED else UNKNOWN_LANGUAGE


def _by_letter(text: str) -> str:
    """Assamese or Bengali by their letters for RA; Manipuri would have shown its endings."""
    return "asm" if text.count("ৰ") > text.count("র") else "ben"


def _score(
    language: str,
    listed: frozenset[str],
    counts: Counter[str],
    text: str,
    table: Mapping[str, frozenset[str]],
) -> float:
    total = 0.0
    endings = tuple(ENDINGS.get(language, ()))
    for word, times in counts.items():
        if word in listed:
            alone = sum(word in others for others in table.values()) == 1
            total += times * (1.0 if alone else 0.5)
        elif ends(word, endings):
            total += times * ENDING_WEIGHT
    letters = sum(text.count(letter) for letter in LETTERS.get(language, ""))
    return total + letters * LETTER_WEIGHT


def ends(word: str, endings: tuple[str, ...]) -> bool:
    """Whether a word of some length has one of `endings`."""
    return len(word) > 3 and word.endswith(endings)


def _latin(text: str) -> Identity:
    found = [word.lower() for word in words(text)]
    english = Counter(word for word in found if word in ENGLISH)
    indian = Counter(word for word in found if word in ROMANISED)
    least = max(ROMANISED_SHARE * (indian.total() + english.total()), ROMANISED_WORDS * len(found))
    if len(indian) >= 2 and indian.total() >= least:
        return Identity(UNKNOWN_LANGUAGE, "Latn", True)
    endings = sum(ENDING_WEIGHT for word in found if ends(word, ENGLISH_ENDINGS))
    share = ENGLISH_SHARE if len(found) > SHORT_WORDS else SHORT_ENGLISH_SHARE
    several = len(english) + endings >= LEAST_ENGLISH
    is_english = several and english.total() + endings >= share * len(found)
    return Identity("eng" if is_english else UNKNOWN_LANGUAGE, "Latn", False)
