"""What a label is by itself, whatever other labels there are: the first rules of the taxonomy."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple

from indic_persona_hub.reference.lexicon import key
from indic_persona_hub.select.domains.forms import compared
from indic_persona_hub.select.domains.keywords import is_topic
from indic_persona_hub.select.domains.tables import pairs

UNLABELLED: Final = "unlabelled"
#: Characters of a bucket's name; a longer label is cut at its last whole word.
LONGEST: Final = 100

_LISTS = re.compile(r"[,;&،、]")
_NOT_WORDS = re.compile(r"[^a-z0-9+#']+")
#: What tells of a person and not of a field: an Indian historian need not study Indian history.
_OF_PEOPLE = frozenset(
    "indian retired aspiring young senior junior chief assistant associate women woman female male"
    " men man old elderly small marginal landless poor tribal dalit adivasi migrant hindu muslim"
    " sikh christian jain buddhist tamil telugu bengali marathi gujarati punjabi malayali kannada"
    " odia kashmiri american british local rural village urban independent freelance amateur"
    " french german spanish japanese chinese russian korean arabic italian nepali persian"
    " professional former famous successful disabled blind lead head budding emerging"
    " foreign research staff principal visiting guest student intern trainee patient and of in for"
    " the".split()
)
_NOT_OLOGISTS = frozenset(["apologist"])


class Named(NamedTuple):
    """The bucket that a label names by itself, and the last rule that changed the label."""

    bucket: str
    rule: str


def named(label: str) -> Named:
    """The bucket that `label` names.

    Rules, in order: `case` and `separators`, `clipped`, `script` or `romanised`, `typo`,
    `occupation`, `synonym`. A bucket's name given as a label is itself.
    """
    bucket, rule = tidy(label)
    if not bucket:
        return Named(UNLABELLED, "separators")
    if len(bucket) > LONGEST:
        return Named(_clipped(bucket), "clipped")
    english = in_english(bucket)
    if english is not None:
        bucket, rule = english, "romanised" if bucket.isascii() else "script"
    for name, change in _CHANGES:
        changed = change(bucket)
        if changed != bucket:
            bucket, rule = changed, name
    return Named(bucket, rule)


def tidy(label: str) -> tuple[str, str]:
    """Caseless, composed, words parted by one space; "" where no letter and no digit is left.

    A comma, a semicolon and an ampersand are an `and`.
    """
    if label.isascii():
        folded = label.lower().strip()
        spaced = _NOT_WORDS.sub(" ", _LISTS.sub(" and ", folded))
    else:
        # The canonical caseless form: folding alone may take a letter and its mark apart.
        folded = unicodedata.normalize("NFD", label).casefold()
        folded = unicodedata.normalize("NFC", folded).strip()
        listed = _LISTS.sub(" and ", folded.replace("\u2019", "'"))
        spaced = "".join(one if _is_word(one) else " " for one in listed)
    words = [one.strip("'").lstrip("#'") for one in spaced.split()]
    bucket = " ".join(_without_idle_and([word for word in words if word]))
    if not any(unicodedata.category(one)[0] in "LN" for one in bucket):
        return "", "separators"
    return bucket, "none" if bucket == label else "case" if bucket == folded else "separators"


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" or character in "\u200c\u200d+#'"


def _without_idle_and(words: list[str]) -> list[str]:
    if "and" not in words:
        return words
    kept: list[str] = []
    for word in words:
        if word != "and" or (kept and kept[-1] != "and"):
            kept.append(word)
    if kept and kept[-1] == "and":
        kept.pop()
    return kept or ["and"]


def _clipped(bucket: str) -> str:
    cut = bucket[: LONGEST + 1].rpartition(" ")[0] or bucket[:LONGEST]
    return tidy(cut)[0] or UNLABELLED


def in_english(bucket: str) -> str | None:
    """What a common label of an Indian language, or its romanised form, is in English."""
    return _languages().get(bucket if bucket.isascii() else key(bucket))


@cache
def _languages() -> dict[str, str]:
    return {key(label): english for label, english in pairs("words").items()}


def _corrected(bucket: str) -> str:
    typos = pairs("typos")
    words = bucket.split()
    if typos.keys().isdisjoint(words):
        return bucket
    return " ".join(typos.get(word, word) for word in words)


def _field_of(bucket: str) -> str:
    *before, last = bucket.split()
    field = _field_of_occupation(last)
    if field is None or not _OF_PEOPLE.isdisjoint(before):
        return bucket
    whole = " ".join([*before, *field.split()])
    return whole if is_topic(whole) or is_topic(" ".join(before)) else bucket


def _field_of_occupation(word: str) -> str | None:
    fields = pairs("occupations")
    for one in (word, word.removesuffix("s")):
        if one in fields:
            return fields[one]
        if len(one) > 7 and one.endswith("ologist") and one not in _NOT_OLOGISTS:
            return one[:-3] + "y"
    return None


def _same_in_meaning(bucket: str) -> str:
    return _synonyms().get(compared(bucket), bucket)


@cache
def _synonyms() -> dict[str, str]:
    found = {compared(domain): domain for domain in pairs("synonyms").values()}
    return found | {compared(label): domain for label, domain in pairs("synonyms").items()}


_CHANGES: Final = (
    ("typo", _corrected),
    ("synonym", _same_in_meaning),
    ("occupation", _field_of),
    ("synonym", _same_in_meaning),
)
