"""What prompts say of the person to be written about."""

from __future__ import annotations

import re
from typing import Final

from indic_persona_hub.records import unit_interval

_FEMALE: Final = re.compile(
    r"\b(?:\w*(?:woman|women|girl|mother|daughter|sister|wife|maid)|widow|aunt|dai|nun)\b"
)
_MALE: Final = re.compile(
    r"\b(?:\w*(?:(?<!wo)(?<!hu)man|boy|father|brother|husband)|(?:grand)?son|widower|uncle|priest|imam)\b"
)
#: Where the words that say who a persona is end and what they do begins.
_WHO: Final = re.compile(
    r"^(?:an? )?(?:\d{1,3}-year-old )?(?P<who>.+?)"
    r"(?=,| (?:in|near|from|at|of|on|who|whose|has|is|was|with|works|lives|walks|runs|keeps)\b)",
    re.I,
)
_AGED: Final = re.compile(r"^(?:an? )?(?:\d{1,3}-year-old )?", re.I)
_MOST_WORDS: Final = 6


def gender(role: str, age: int, chance: str) -> str:
    """woman, man, girl or boy: what the role says, else either by seeded chance.

    Left to itself, a small model writes of men.
    """
    female = bool(_FEMALE.search(role)) or (
        not _MALE.search(role) and unit_interval("gender", chance) < 0.5
    )
    if age < 18:
        return "girl" if female else "boy"
    return "woman" if female else "man"


def may_be(role: str, sex: str) -> bool:
    """Whether somebody of this sex ("female", "male") can have the role, as far as its words say:
    "the wife or husband of a clerk" can be of either.
    """
    female, male = bool(_FEMALE.search(role)), bool(_MALE.search(role))
    said_other = (male, female)[sex == "male"]
    return not said_other or (female and male)


def brief(persona: str) -> str:
    """Who a persona is, in at most six words: "mango grower"."""
    found = _WHO.match(persona)
    words = (found["who"] if found else _AGED.sub("", persona)).split()
    return " ".join(words[:_MOST_WORDS]).rstrip(".,;")


def with_article(who: str) -> str:
    """`who` with its indefinite article, where it has none."""
    if who.split(" ", 1)[0].lower() in ("a", "an", "the"):
        return who
    return f"{'an' if who[:1].lower() in 'aeio' else 'a'} {who}"
