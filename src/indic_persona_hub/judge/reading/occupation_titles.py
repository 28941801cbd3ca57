"""Free titles of work to our titles and to codes of NCO-2015.

A title counts where it is one of ours, or that of a family of NCO-2015, in singular or plural, as a
whole; a word of rank before it and brackets behind it may be left out. What is left is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from indic_persona_hub import reference
from indic_persona_hub.judge.reading.lexicons import nco_of_titles, title_of
from indic_persona_hub.reference.lexicon import tokens

_RANKS: Final = frozenset("senior junior freelance experienced lead sr jr".split())
_LEFT_OUT: Final = re.compile(r"\s*\([^()]*\)\s*$")
_RELATED: Final = re.compile(r"\b(?:and )?(?:related|other)\b.*", re.IGNORECASE)
_PERSONS: Final = re.compile(r"(?:ers|ors|ists|ians|smiths|ters|masons|ants|cooks|chefs|guides)$")
_PLURALS: Final = (("ies", "y"), ("sses", "ss"), ("men", "man"), ("s", ""))


class Work(NamedTuple):
    """What a title of work means.

    Attributes:
        title: Of the table `occupations`, else of a family of NCO-2015; None for a wider group.
        code: NCO-2015, 1 to 4 digits, as far as it is certain.
    """

    title: str | None
    code: str | None


@cache
def work_of(text: str) -> Work | None:
    """What `text` as a whole means, None where it is unknown."""
    spellings = list(_spellings(text))
    for spelled in spellings:
        if title := title_of(spelled):
            return Work(title, code_of(title, spelled))
    for spelled in spellings:
        if code := _codes().get(_key(spelled)):
            return Work(_titles()[code] if len(code) == 4 else None, code)
    return None


@cache
def code_of(title: str, words: str) -> str | None:
    """The code of one of our titles that a text calls `words`: that of the family of NCO-2015 of
    this name where it lies within the title's own code, else the title's own.
    """
    own = nco_of_titles().get(title)
    finer = next((_codes()[key] for one in _numbers(words) if (key := _key(one)) in _codes()), None)
    return finer if own and finer and finer.startswith(own) else own


def _spellings(text: str) -> Iterator[str]:
    """Ways to write the title, the given one first."""
    yield from _numbers(text)
    plain = _LEFT_OUT.sub("", text)
    if plain != text:
        yield from _numbers(plain)
    first, _, rest = plain.partition(" ")
    if first.lower().rstrip(".") in _RANKS and rest:
        yield from _numbers(rest)


def _numbers(text: str) -> Iterator[str]:
    """The title as it is, and the singular of its last word."""
    yield text
    lowered = text.lower()
    for plural, singular in _PLURALS:
        if lowered.endswith(plural) and not lowered.endswith("ss"):
            yield text[: len(text) - len(plural)] + singular
            return


def _key(text: str) -> tuple[str, ...]:
    return tuple(token.key for token in tokens(text))


@cache
def _titles() -> dict[str, str]:
    table = reference.load("nco")
    return dict(zip(table["code"].to_pylist(), table["title"].to_pylist(), strict=True))


@cache
def _codes() -> dict[tuple[str, ...], str]:
    """Codes by the words of a title: whole titles, and the parts of those of families that name
    persons ("Carpenters and Joiners"); what would mean two codes means neither.
    """
    whole: dict[tuple[str, ...], str] = {}
    for code, title in sorted(_titles().items(), key=lambda one: -len(one[0])):
        spellings = _numbers(title) if len(code) == 4 else (title,)
        for spelled in spellings:  # of groups of one title the finest
            whole.setdefault(_key(spelled), code)
    parts: dict[tuple[str, ...], set[str]] = {}
    for code, title in _titles().items():
        for part in _parts(title) if len(code) == 4 else ():
            for spelled in _numbers(part):
                parts.setdefault(_key(spelled), set()).add(code)
    single = {key: codes.pop() for key, codes in parts.items() if len(codes) == 1}
    return single | whole


def _parts(title: str) -> Iterator[str]:
    """Parts of a title that name persons by themselves."""
    if " in " in title:
        return
    listed = [one.strip() for one in re.split(r", | and ", _RELATED.sub("", title))]
    listed = [one for one in listed if one]
    alone = not any(" " in one for one in listed)
    for part in listed if alone else listed[:1]:
        if _PERSONS.search(part.lower()):
            yield part
