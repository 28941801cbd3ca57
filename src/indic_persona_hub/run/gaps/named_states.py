"""Which state a document is about, as far as its first lines name one."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from indic_persona_hub import reference
from indic_persona_hub.reference.dimensions import DIMENSIONS

#: Characters that are looked at: a text that is about a state names it early.
_LOOKED_AT: Final = 2_000


def named_states(texts: pa.ChunkedArray) -> NDArray[np.int16]:
    """Code, in the dimension `state`, of the first state that each text names; -1 where none."""
    names, pattern = _names()
    start = pc.utf8_slice_codeunits(texts, 0, _LOOKED_AT)
    found = pc.struct_field(pc.extract_regex(start, pattern), "state")
    whole = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
    encoded = whole.dictionary_encode()
    codes = np.array([*(names[name] for name in encoded.dictionary.to_pylist()), -1], np.int16)
    rows = encoded.indices.fill_null(len(codes) - 1).to_numpy(zero_copy_only=False)
    return np.asarray(codes[rows], np.int16)


@cache
def _names() -> tuple[dict[str, int], str]:
    """Codes by name of a state or of a city that has no namesake, and a pattern of RE2 for all."""
    place = {code: at for at, code in enumerate(DIMENSIONS["state"].values)}
    named = {row["name"]: place[row["code"]] for row in reference.load("states").to_pylist()}
    for row in reference.load("state_variants").to_pylist():
        if row["kind"] != "short":
            named.setdefault(row["variant"], place[row["code"]])
    for row in reference.load("cities").to_pylist():
        for name in (row["name"], *row["variants"]) if row["unique"] else ():
            named.setdefault(name, place[row["state"]])
    longest = sorted(named, key=lambda name: (-len(name), name))
    names = "|".join(map(re.escape, longest))
    return named, rf"(?:^|[^\p{{L}}\p{{M}}])(?P<state>{names})(?:$|[^\p{{L}}\p{{M}}])"
