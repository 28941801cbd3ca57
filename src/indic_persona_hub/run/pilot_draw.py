"""Which documents a pilot asks about."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import numpy as np
import pyarrow as pa

from indic_persona_hub.records import unit_interval
from indic_persona_hub.run.recipe import Recipe
from indic_persona_hub.run.source_sample import Numbers, Sample


def draw(recipe: Recipe, sample: Sample, tokens: Numbers, families: int) -> Iterator[int]:
    """Places of the sample's documents, in the order in which a pilot takes them.

    Args:
        tokens: Of each document's first prompt.
        families: At most so many can be taken.
    """
    pool = np.array(_begun_with(recipe, sample, families))
    drawn = spread(sample.documents.take(pa.array(pool)), tokens[pool], recipe.seed)
    return (int(pool[at]) for at in drawn)


def _begun_with(recipe: Recipe, sample: Sample, families: int) -> list[int]:
    """Places of the documents to draw from: where the build may stop early, at `limits.accepted`,
    those that it begins with.
    """
    ids = sample.documents["id"].to_pylist()
    places = list(range(len(ids)))
    if recipe.limits.accepted is None or not sample.exact:
        return places
    seed = str(recipe.seed)
    return sorted(places, key=lambda at: unit_interval("share", seed, ids[at]))[:families]


def spread(documents: pa.Table, tokens: Numbers, seed: int) -> Iterator[int]:
    """Places of `documents`, each once, so that those first drawn are spread evenly over all.

    They are laid on a line, side by side by source and then by the tokens of their first prompt,
    each as wide as its `weight`; the line is read at the points of van der Corput's sequence (1935)
    from a seeded start. So each draw stands for as many documents as any other.
    """
    sources, ids = documents["source"].to_pylist(), documents["id"].to_pylist()
    chance = [unit_interval("pilot", str(seed), one) for one in ids]
    line = sorted(range(len(ids)), key=lambda at: (sources[at] or "", tokens[at], chance[at]))
    ends = np.cumsum(documents["weight"].to_numpy()[line])
    start = unit_interval("pilot", str(seed))
    left = dict.fromkeys(range(len(line)))
    for number in count():
        if not left:
            return
        point = (start + _van_der_corput(number)) % 1
        at = min(int(np.searchsorted(ends, point * ends[-1], side="right")), len(line) - 1)
        while at not in left:
            at = (at + 1) % len(line)
        del left[at]
        yield line[at]


def _van_der_corput(number: int) -> float:
    """The number's binary digits, mirrored behind the point."""
    return int(f"{number:b}"[::-1], 2) / float(1 << number.bit_length())
