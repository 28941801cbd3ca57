"""Language and script of a batch of texts: what `language.identify` says, many times as fast.

What a text is told by are sums over its chunks, so each different chunk is looked at once. Texts
that sums leave open (few function words, or long ones) go to `identify` itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from indic_persona_hub.ingest import language as rules
from indic_persona_hub.ingest.function_words import (
    ENDINGS,
    ENGLISH,
    ENGLISH_ENDINGS,
    LETTERS,
    ROMANISED,
)
from indic_persona_hub.ingest.language import Identity, identify
from indic_persona_hub.ingest.language_codes import SCHEDULED
from indic_persona_hub.ingest.scripts import (
    INDIAN,
    INDIAN_SHARE,
    NO_SCRIPT,
    SCRIPTS,
    script_of,
    words,
)
from indic_persona_hub.records import UNKNOWN_LANGUAGE
from indic_persona_hub.reference.characters import CharacterFacts, Characters
from indic_persona_hub.reference.chunks import Items, Remembered, Texts

_COLUMN: Final = {script: column for column, script in enumerate(SCRIPTS)}
_SCRIPT: Final = CharacterFacts(lambda one: _COLUMN[script] if (script := script_of(one)) else -1)
_INDIAN: Final = np.array([script in INDIAN for script in SCRIPTS])
#: Languages of the scripts that have several, in alphabetical order: a row of points holds them.
_LANGUAGES: Final = {script: sorted(table) for script, table in rules.SEVERAL.items()}


def identify_all(texts: Sequence[str] | pa.Array) -> list[Identity]:
    """`identify` of each of the `texts`, none of them null."""
    array = texts if isinstance(texts, pa.Array) else pa.array(texts, pa.large_string())
    if not len(array):
        return []
    batch = Texts(array)
    plain = [unicodedata.normalize("NFC", chunk) for chunk in batch.chunks]
    characters = Characters.of(plain)
    scripts = _main_scripts(batch, characters)
    found: list[Identity | None] = [None] * len(batch)
    for script, code in _alone().items():
        _settle(found, np.flatnonzero(scripts == _COLUMN[script]), Identity(code, script, False))
    _settle(found, np.flatnonzero(scripts < 0), Identity(UNKNOWN_LANGUAGE, NO_SCRIPT, False))
    _tell_latin(found, batch, scripts == _COLUMN["Latn"])
    for script in rules.SEVERAL:
        if (rows := scripts == _COLUMN[script]).any():
            _tell_by_words(found, batch, characters, script, rows)
    long = batch.totals(characters.sizes + 1) - 1 > rules.READ_CHARACTERS
    return [
        identity if identity and not is_long else identify(batch.strings[row])
        for row, (identity, is_long) in enumerate(zip(found, long.tolist(), strict=True))
    ]


def _alone() -> dict[str, str]:
    """Scripts that say by themselves which language it is, or that it cannot be told."""
    alone = [one for one in SCRIPTS if one not in rules.SEVERAL and one != "Latn"]
    return {script: rules.ONE_LANGUAGE.get(script, UNKNOWN_LANGUAGE) for script in alone}


def _settle(found: list[Identity | None], rows: NDArray[Any], identity: Identity) -> None:
    for row in rows.tolist():
        found[row] = identity


def _main_scripts(batch: Texts, characters: Characters) -> NDArray[np.int64]:
    """The column of each text's script; -1 where it has no letters. See `scripts.main_script`."""
    facts = _SCRIPT.of(characters.points)
    counted = characters.counted(facts + 1, len(SCRIPTS) + 1)[:, 1:]
    counts = batch.totals(counted.astype(np.int32))
    total = counts.sum(axis=1)
    indian = np.argmax(np.where(_INDIAN, counts, -1), axis=1)
    of_indian = np.take_along_axis(counts, indian[:, None], axis=1)[:, 0]
    wins = (of_indian > 0) & (of_indian >= INDIAN_SHARE * total)
    return np.where(total == 0, -1, np.where(wins, indian, np.argmax(counts, axis=1)))


def _latin_words(chunk: str) -> tuple[int, int, int, tuple[str, ...]]:
    """Words, English ones, words with an English ending; the romanised ones themselves."""
    found = [word.lower() for word in words(unicodedata.normalize("NFC", chunk))]
    return (
        len(found),
        sum(word in ENGLISH for word in found),
        sum(rules.ends(word, ENGLISH_ENDINGS) for word in found),
        tuple(word for word in found if word in ROMANISED),
    )


_LATIN_WORDS: Final = Remembered(_latin_words)


def _tell_latin(found: list[Identity | None], batch: Texts, rows: NDArray[np.bool_]) -> None:
    """Romanised, English or nothing; see `language.identify`."""
    counted = batch.each(_LATIN_WORDS)
    total, english, ended = batch.totals(np.array([one[:3] for one in counted], np.int32)).T
    indian = batch.spread(Items.of([one[3] for one in counted]))
    romanised = indian.sizes
    endings = ended * rules.ENDING_WEIGHT
    least = np.maximum(rules.ROMANISED_SHARE * (romanised + english), rules.ROMANISED_WORDS * total)
    is_romanised = (indian.once().sizes >= 2) & (romanised >= least)
    share = np.where(total > rules.SHORT_WORDS, rules.ENGLISH_SHARE, rules.SHORT_ENGLISH_SHARE)
    enough = english + endings >= share * total
    sure = ((english > 0) + endings) >= rules.LEAST_ENGLISH
    open_ = enough & ~sure & (english + endings >= rules.LEAST_ENGLISH)
    is_english = np.where(is_romanised, 0, np.where(open_, -1, enough & sure))
    unknown = Identity(UNKNOWN_LANGUAGE, "Latn", False)
    _settle(found, np.flatnonzero(rows & is_romanised), unknown._replace(romanised=True))
    _settle(found, np.flatnonzero(rows & ~is_romanised & (is_english == 0)), unknown)
    _settle(found, np.flatnonzero(rows & (is_english == 1)), Identity("eng", "Latn", False))


def _points_of(script: str) -> Remembered[tuple[int, ...]]:
    """Twice the points that a chunk's words give each of `_LANGUAGES`, and how many words it has
    in `script`.
    """
    table = rules.SEVERAL[script]
    languages = [(table[one], tuple(ENDINGS.get(one, ()))) for one in _LANGUAGES[script]]

    def points(chunk: str) -> tuple[int, ...]:
        plain = unicodedata.normalize("NFC", chunk)
        found = [word for word in words(plain) if script_of(word[0]) == script]
        given = [0] * len(languages)
        for word in found:
            alone = sum(word in listed for listed, _ in languages) == 1
            for column, (listed, endings) in enumerate(languages):
                if word in listed:
                    given[column] += 2 if alone else 1
                elif rules.ends(word, endings):
                    given[column] += 1
        return (*given, len(found))

    return Remembered(points)


_POINTS: Final = {script: _points_of(script) for script in rules.SEVERAL}


def _tell_by_words(
    found: list[Identity | None],
    batch: Texts,
    characters: Characters,
    script: str,
    rows: NDArray[np.bool_],
) -> None:
    """The language whose words, endings and letters stand out; see `language.identify`."""
    points = np.array(batch.each(_POINTS[script]), np.int32)
    for column, language in enumerate(_LANGUAGES[script]):
        letters = [ord(letter) for letter in LETTERS.get(language, "")]
        spoken = np.isin(characters.points, letters) if letters else None
        if spoken is not None:
            points[:, column] += np.bincount(characters.chunk[spoken], minlength=len(points))
    totals = batch.totals(points)
    scores, size = totals[:, :-1] / 2, totals[:, -1]
    second, best = np.partition(scores, -2, axis=1)[:, -2:].T
    weak = (best < np.maximum(rules.LEAST_SCORE, rules.LEAST_SHARE * size)) | (
        best < rules.LEAD * second
    )
    winners = np.argmax(scores, axis=1)
    for column, language in enumerate(_LANGUAGES[script]):
        code = language if language in SCHEDULED else UNKNOWN_LANGUAGE
        won = np.flatnonzero(rows & ~weak & (winners == column))
        _settle(found, won, Identity(code, script, False))
    if script != "Beng":
        _settle(found, np.flatnonzero(rows & weak), Identity(UNKNOWN_LANGUAGE, script, False))
