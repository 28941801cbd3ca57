"""The form in which two English labels are compared: one spelling, one number, one order.

A form is a key and never a name: `theatre arts` and `theater art` share one, and the bucket is
called what most of its personas are called.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from indic_persona_hub.select.domains.tables import pairs

#: Where the two numbers mean different things, or where the last letter is no plural.
_ONE_NUMBER = frozenset(
    "news sports arts series species always jeans pants shorts glasses spectacles goods customs"
    " securities futures humanities sweets arms works woods greens spirits means savings blues"
    " classics marines stocks premises grounds remains pulses rights numbers graces plains falls"
    " springs ends odds letters manners minutes leaves lens mars canvas asbestos textiles gas"
    " times states heads forces relations communications operations affairs utilities authorities"
    " united paris".split()
)
_PLURALS_IN_ICS = frozenset("clinics topics fabrics critics comics mosaics epics picnics".split())
_PLURALS_IN_US_OR_IS = frozenset(
    "gurus hindus menus emus sadhus taxis rishis adivasis saris dhobis yogis swamis safaris sufis"
    " parsis pujaris patwaris mandis punjabis bengalis gujaratis nepalis marathis".split()
)
_IRREGULAR = {"women": "woman", "men": "man", "children": "child", "lenses": "lens"}
#: Words in -ise that no one spells with a z.
_NEVER_IZE = re.compile(
    "advertis|exercis|supervis|compromis|surpris|enterpris|entrepris|franchis|merchandis|improvis"
    "|televis|revis|devis|disguis|expertis|promis|premis|precis|concis|paradis|treatis|circumcis"
    "|excis|incis|prais|appris|arisin|risin|likewis|otherwis|nois|pois|cruis|bruis"
)
_ISE = re.compile(r"(?<=.{4})is(e|es|ed|er|ers|ing|ation|ations|ational)$")
_SMALL = frozenset("the a an".split())
_PLACES = {"indian": "india", "bharatiya": "india"}


def compared(label: str) -> str:
    """`label` with every word in one spelling and in the singular."""
    return " ".join(map(_compared_word, label.split()))


def spelled(label: str) -> str:
    """`label` with every word in one spelling: British and American meet, so do romanisations."""
    return " ".join(map(spelled_word, label.split()))


@lru_cache(maxsize=1 << 17)
def _compared_word(word: str) -> str:
    return singular(spelled_word(word))


@lru_cache(maxsize=1 << 17)
def spelled_word(word: str) -> str:
    """The one spelling in which a word is compared."""
    exact, stems = _spellings()
    if word in exact:
        return exact[word]
    for length in range(len(word), 3, -1):
        stem = stems.get(word[:length])
        if stem is not None:
            return stem + word[length:]
    return word if "is" not in word or _NEVER_IZE.search(word) else _ISE.sub(r"iz\1", word)


@cache
def _spellings() -> tuple[dict[str, str], dict[str, str]]:
    exact, stems = {}, {}
    for written, form in pairs("spellings").items():
        if written.endswith("*"):
            stems[written[:-1]] = form[:-1]
        else:
            exact[written] = form
    return exact, stems


def singular(word: str) -> str:
    """The form that a word shares with its plural; for `movie` and `movies` it is `movy`."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.isascii() or word in _ONE_NUMBER:
        return word
    if word.endswith("s") and not _is_no_plural(word):
        word = word[:-1]
    if word.endswith("ie"):
        return word[:-2] + "y"
    return word[:-1] if word.endswith(("che", "she", "xe", "sse", "oe", "use")) else word


def _is_no_plural(word: str) -> bool:
    if word.endswith("ics"):
        return word not in _PLURALS_IN_ICS
    if word.endswith(("us", "is")):
        return word not in _PLURALS_IN_US_OR_IS
    return word.endswith("ss")


def in_order(label: str) -> str | None:
    """The form that labels share whose words differ in order and in small words only.

    `history of india`, `india history` and `indian history` share one, and so do
    `arts and culture` and `culture and arts`. Words are never moved otherwise: `art school` is
    not `school art`. Null for one word alone.
    """
    words = [word.removesuffix("'s") for word in label.split()]
    words = [one for one in map(_compared_word, words) if one not in _SMALL]
    if len(words) < 2:
        return None
    if "and" in words:
        parts = " ".join(words).split(" and ")
        return " and ".join(sorted(_place_first(part.split()) for part in parts))
    return _place_first(head_last(words))


def head_last(words: list[str]) -> list[str]:
    """`history of india` as `india history`: what stands after an `of` goes before it."""
    parts: list[list[str]] = [[]]
    for word in words:
        if word == "of" and parts[-1]:
            parts.append([])
        else:
            parts[-1].append(word)
    if not parts[-1]:
        return words
    return [word for part in reversed(parts) for word in part]


def _place_first(words: list[str]) -> str:
    if len(words) > 1:
        words = [_PLACES.get(word, word) for word in words]
        words = sorted(words, key=lambda word: word != "india")
    return " ".join(words)
