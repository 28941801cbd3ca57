"""The tree over the buckets: every bucket in one area, every area in one field, by keywords.

Of several keywords in a bucket's name one that counts alone goes before one that does not, then the
one with most words wins, then the last, where English has its head word.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from indic_persona_hub.select.domains.keywords import Place, form_of, found_in, whole
from indic_persona_hub.select.domains.labels import UNLABELLED, in_english
from indic_persona_hub.select.domains.tables import rows

#: Field and area of the buckets that no keyword places.
OTHER: Final = "other"

_NOWHERE: Final = Place(OTHER, OTHER, "")


@lru_cache(maxsize=1 << 17)
def place_of(bucket: str) -> Place:
    """Field, area and keyword of a bucket; `OTHER` where no keyword is found in it."""
    if bucket == UNLABELLED:
        return _NOWHERE
    words = form_of(_translated(bucket))
    named = whole(words)
    if named is not None:
        return named
    best = max(found_in(words), default=None, key=lambda one: one[:3])
    return best.place if best else _NOWHERE


def areas() -> dict[str, str]:
    """Field by area, in the order of the table."""
    return {area: field for field, area, _ in rows("areas")}


def _translated(bucket: str) -> str:
    """Words of Indian scripts in English, where the table has them one by one."""
    if bucket.isascii():
        return bucket
    return " ".join(in_english(word) or word for word in bucket.split())
