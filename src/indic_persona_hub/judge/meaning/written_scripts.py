"""The script that most words of a text are written in, as a number."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

#: Script numbers are below this; 0 is no script, or one that is not told apart here.
SCRIPTS: Final = 32
_LATIN, _ARABIC = 1, 2
_LAST_LATIN: Final = 0x24F
#: By block of 128 code points: Arabic, Meetei Mayek, Ol Chiki; the Brahmic ones are their blocks.
_BLOCKS: Final = {
    **dict.fromkeys(range(0x600 >> 7, 0x900 >> 7), _ARABIC),
    0xABC0 >> 7: 3,
    0x1C50 >> 7: 4,
    **{block: block for block in range(0x900 >> 7, 0xD80 >> 7)},
}


def script_of_word(word: str) -> int:
    """The number of the script of the first letter of `word`; 0 where it has none."""
    point = next((ord(letter) for letter in word if letter.isalpha()), 0)
    if 0 < point <= _LAST_LATIN:
        return _LATIN
    return _BLOCKS.get(point >> 7, 0)


def main_scripts(texts: pa.ChunkedArray) -> NDArray[np.uint8]:
    """The script of most words of each text; the lowest number among equals."""
    split = pc.utf8_split_whitespace(texts.combine_chunks())
    tokens = split.flatten().dictionary_encode()
    known = [script_of_word(token) for token in tokens.dictionary.to_pylist()]
    lengths = np.asarray(pc.list_value_length(split), np.int64)
    row = np.repeat(np.arange(len(texts)), lengths)
    return commonest(row, np.array(known, np.int64)[np.asarray(tokens.indices)], len(texts))


def commonest(row: NDArray[Any], script: NDArray[Any], rows: int) -> NDArray[np.uint8]:
    """The commonest script but 0 of the words of each row; 0 where there is none."""
    counts = np.bincount(row * SCRIPTS + script, minlength=rows * SCRIPTS).reshape(rows, SCRIPTS)
    counts[:, 0] = 0
    return np.asarray(counts.argmax(axis=1), np.uint8)
