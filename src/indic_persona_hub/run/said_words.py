"""Words that somebody asks for, found in texts as whole words, however they are written there."""

from __future__ import annotations

import re
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub.errors import HubError

_MOST_CHARACTERS: Final = 1_000
#: Joiners, soft hyphens, marks of direction: nobody sees them.
_UNSEEN: Final = (
    r"[\x{ad}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2064}\x{2066}-\x{2069}\x{feff}]"
)
_WRITTEN_ALIKE: Final = (
    (_UNSEEN, ""),
    (r"[\x{2018}\x{2019}\x{2bc}]", "'"),
    (r"[\x{2010}-\x{2015}]", "-"),
    (r"\pZ", " "),
)


def pattern_of(words: str) -> str:
    """A regular expression (RE2) that finds `words` as whole words, in any case and spacing.

    Raises:
        HubError: There is no letter or digit in it, or it is longer than 1,000 characters.
    """
    if not any(one.isalnum() for one in words):
        raise HubError("There is no word to match.", cure="Give a name, a phrase or a number.")
    if len(words) > _MOST_CHARACTERS:
        raise HubError(
            f"{len(words):,} characters are too many to match.",
            cure="Give a name, or a sentence of the text that no other text has.",
        )
    # What came from a terminal in another encoding has halves of surrogate pairs, as no text has.
    known = pa.array([words.encode("utf-8", "replace").decode()], pa.string())
    parts = _as_written_alike(known)[0].as_py().split()
    whole = r"\s+".join(map(re.escape, parts))
    return rf"(?i)(?:^|[^\pL\pM\pN]){whole}(?:$|[^\pL\pM\pN])"


def says(texts: pa.ChunkedArray, pattern: str) -> pa.ChunkedArray:
    """Which of `texts` the pattern of `pattern_of` finds; none that is null."""
    found = [_chunk_says(chunk, pattern) for chunk in texts.chunks]
    return pa.chunked_array(found, pa.bool_())


def _chunk_says(texts: pa.Array, pattern: str) -> pa.Array:
    hit = pc.fill_null(pc.match_substring_regex(texts, pattern), False)
    odd = pc.fill_null(pc.invert(pc.string_is_ascii(texts)), False)
    plain = _as_written_alike(texts.filter(odd))
    return pc.replace_with_mask(hit, odd, pc.match_substring_regex(plain, pattern))


def _as_written_alike(texts: pa.Array) -> pa.Array:
    texts = pc.utf8_normalize(texts, form="NFKC")
    for pattern, mark in _WRITTEN_ALIKE:
        texts = pc.replace_substring_regex(texts, pattern, mark)
    return texts
