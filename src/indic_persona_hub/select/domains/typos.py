"""Typing errors: a rare label one slip away from a far commoner one.

A slip is two neighbouring letters changed about, a letter doubled or not doubled, a letter left
out, or one vowel for another. It is looked for inside long words only, never at a word's ends, and
never in a word that a table of the taxonomy knows: there one letter makes another word (`gender`
and `tender`, `marine` and `marina`, `law` and `lawn`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from indic_persona_hub.select.domains.forms import singular, spelled_word
from indic_persona_hub.select.domains.tables import pairs, rows

#: A target has this many times the personas of the label, and its word of the word.
FAR_COMMONER: Final = 50
_SHORTEST: Final = 7
#: For a letter left out and for another vowel: shorter words have too many neighbours.
_SHORTEST_WITH_ALL_LETTERS: Final = 9
_VOWELS: Final = "aeiou"


def typing_errors(sizes: Mapping[str, int]) -> dict[str, str]:
    """Bucket to the bucket that was meant."""
    counts = _word_counts(sizes)
    shorter = _one_letter_out(counts)
    meant = {word: _meant(word, counts, shorter) for word in counts if _may_be_wrong(word)}
    meant = {word: likely for word, likely in meant.items() if likely}
    moves = {}
    for bucket in sizes:
        if not meant.keys().isdisjoint(bucket.split()):
            target = _bucket_meant(bucket, meant, sizes)
            if target is not None:
                moves[bucket] = target
    return {bucket: _last(target, moves) for bucket, target in moves.items()}


def _last(target: str, moves: Mapping[str, str]) -> str:
    while target in moves:
        target = moves[target]
    return target


def _word_counts(sizes: Mapping[str, int]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for bucket, size in sizes.items():
        for word in bucket.split():
            counts[word] = counts.get(word, 0) + size
    return counts


def _may_be_wrong(word: str) -> bool:
    if len(word) < _SHORTEST or not (word.isascii() and word.isalpha()):
        return False
    return singular(spelled_word(word)) not in _known()


@cache
def _known() -> frozenset[str]:
    texts = [text for name in ("synonyms", "occupations", "words", "lookalikes", "spellings")
             for row in rows(name) for text in row]  # fmt: skip
    texts += [keywords for *_, keywords in rows("areas")]
    texts += pairs("typos").values()
    words = " ".join(texts).replace(";", " ").replace("*", " ").split()
    return frozenset(singular(spelled_word(word)) for word in words)


def _one_letter_out(counts: Mapping[str, int]) -> dict[str, list[str]]:
    """Common words by what is left of them when one inner letter is left out."""
    found: dict[str, list[str]] = {}
    for word, count in counts.items():
        common = count >= FAR_COMMONER and word.isascii() and word.isalpha()
        if common and len(word) >= _SHORTEST_WITH_ALL_LETTERS:
            for place in range(1, len(word) - 1):
                found.setdefault(word[:place] + word[place + 1 :], []).append(word)
    return found


def _meant(word: str, counts: Mapping[str, int], shorter: Mapping[str, list[str]]) -> list[str]:
    likely = {one for one in _slips(word) if one in counts} | set(shorter.get(word, ()))
    enough = FAR_COMMONER * max(1, counts[word])
    return sorted(one for one in likely if counts[one] >= enough)


def _slips(word: str) -> Iterator[str]:
    for place in range(1, len(word) - 1):
        left, letter, right = word[:place], word[place], word[place + 1 :]
        if len(right) > 1 and letter != right[0]:
            yield left + right[0] + letter + right[1:]
        if letter == left[-1]:
            yield left + right
        yield left + letter + letter + right
        if letter in _VOWELS and len(word) >= _SHORTEST_WITH_ALL_LETTERS:
            yield from (left + vowel + right for vowel in _VOWELS if vowel != letter)


def _bucket_meant(
    bucket: str, meant: Mapping[str, list[str]], sizes: Mapping[str, int]
) -> str | None:
    """The far larger bucket that differs in one word, where there is exactly one."""
    words = bucket.split()
    enough = FAR_COMMONER * max(1, sizes[bucket])
    found = {
        target
        for place, word in enumerate(words)
        for likely in meant.get(word, ())
        if sizes.get(target := " ".join([*words[:place], likely, *words[place + 1 :]]), 0) >= enough
    }
    return found.pop() if len(found) == 1 else None
