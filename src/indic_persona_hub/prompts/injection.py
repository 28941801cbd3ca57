"""Texts that speak to the model which reads them: signs of it, and when they are enough.

One sign alone stands in honest texts: a circular says that earlier orders are void, a form asks to
write only the answer, an article names a language model. Two kinds of sign close together do not,
nor does a turn token of a chat template or an instruction that was hidden from the eye.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Final, NamedTuple

from indic_persona_hub.prompts.disguises import disguised_orders
from indic_persona_hub.prompts.hidden_texts import hidden_texts
from indic_persona_hub.prompts.shown import UNSEEN

#: Kinds of sign, with what each weighs: a text with a weight of `ENOUGH` within `REACH` characters
#: is an injection.
KINDS: Final = {
    "turn_token": 2,  # <|im_start|>, [INST], {"role": "system"}
    "ignore_previous": 2,  # the English sentence that is in every collection of attacks
    "hidden": 2,  # encoded, turned round or disguised
    "reader": 2,  # a model that reads this very text
    "override": 1,  # to drop what was ordered before
    "address": 1,  # a model is called, or told what it is
    "write_this": 1,  # what the answer is to hold
    "new_task": 1,
    "made_of_this": 1,  # what the model is to make of this very text
    "turn": 1,  # a line that begins as a turn of a chat does
    "turn_of_model": 1,  # the same of the system's or the model's turn
    "closing": 1,  # it says that the text is over
}
ENOUGH: Final = 2
REACH: Final = 400
_SHOWN_CHARACTERS: Final = 120

_TABLE: Final = "injection_words.toml"
_SLOTS: Final = (
    *("drop", "before", "orders", "answer", "write"),
    *("only", "task", "made", "you", "machine", "reader", "of", "heed"),
)
_ALONE: Final = 8  # of them, the first have patterns of their own
#: Letters of the languages that are not in Latin script; words of the others always count.
_LETTERS: Final = {
    "hin": "\u0900-\u097f", "mar": "\u0900-\u097f", "ben": "\u0980-\u09ff",
    "pan": "\u0a00-\u0a7f", "guj": "\u0a80-\u0aff", "ori": "\u0b00-\u0b7f",
    "tam": "\u0b80-\u0bff", "tel": "\u0c00-\u0c7f", "kan": "\u0c80-\u0cff",
    "mal": "\u0d00-\u0d7f", "urd": "\u0600-\u06ff",
}  # fmt: skip
#: "I shall forget your orders" is no order.
_SUBJECTS: Final = (
    "i",
    "we",
    "he",
    "she",
    "they",
    "who",
    "i shall",
    "i will",
    "we shall",
    "we will",
)
_NOT_OF_OTHERS: Final = "".join(rf"(?<!\b{one} )" for one in _SUBJECTS)
_IN_WORD: Final = r"\w\u0900-\u0963\u0966-\u0dff"  # `\w` leaves vowel signs out; dandas end words

_SENTENCE_END: Final = re.compile(r"(?<=[.!?।॥۔\n])\s*(?=\S)")
_NEXT: Final = 2  # characters between a sentence and the next
_LONGEST: Final = 300  # characters of what is looked at as one sentence

_TURN_TOKEN: Final = re.compile(
    r"<[|｜][a-z_ ▁]{2,30}[|｜]>|\[/?inst\]|<</?sys>>|</?(?:start|end)_of_turn>"
    r"|\"role\"[ \t]*:[ \t]*\"(?:system|assistant)\""
    r"|(?<!#)#{2,6}[ \t]{0,4}instruction[ \t]*:[^#]{0,300}#{2,6}[ \t]{0,4}response\b"
    r"|\"(?:personas?|domain_label)\"[ \t]*:[ \t]*[\"\[{]"  # the form of our own replies
)
_LINE: Final = r"^[ \t#*_>=\[(\"'-]*"
_COLON: Final = (
    r"(?:[ \t]+(?:message|prompt|instructions?|note|notice|override|update|alert))?"
    r"[\])\"'*_]*[ \t]*:"
)
_TURN: Final = re.compile(rf"{_LINE}(?:developer|user|human){_COLON}|[\[<]user[>\]]", re.MULTILINE)
_TURN_OF_MODEL: Final = re.compile(
    rf"{_LINE}(?:system|assistant){_COLON}"
    r"|^[ \t]*#{2,}[ \t]*(?:new )?(?:instructions?|system|response)\b"
    r"|</?(?:system|instructions?|assistant)>|\[/?(?:system|assistant)\]",
    re.MULTILINE,
)
_OF_THIS_TEXT: Final = re.compile(
    r"\b(?:read|reads|reading|process(?:es|ing)?|pars(?:es|ing)|summari[sz](?:es|ing)|describing)"
    r"\s+th(?:is|ese)\b"
)
_CLOSING: Final = re.compile(
    r"</(?:text|passage|document|context|input|data|page)>"
    r"|\bend of (?:the )?(?:document|text|passage|input|context|page|data|prompt)\b"
)
_GAP: Final = r"[\s.…,*_~|-]++"
_IGNORE_PREVIOUS: Final = re.compile(
    r"(?:^|[.!?:;\"'(*\[\]—–-]|\b(?:please|now|must|and|kindly|should|important))\s*"
    rf"(?:ignore|disregard|forget){_GAP}(?:(?:all|any|every|the|of|your|these|those){_GAP})*+"
    rf"(?:previous|prior|above|earlier|preceding|foregoing){_GAP}(?:\w+\s+){{0,2}}"
    r"(?:instructions?|prompts?|directions|directives|commands)\b",
    re.MULTILINE,
)

_SPACES: Final = re.compile(r"\s{2,}")
#: Letters that are read alike: Latin, Greek, Cyrillic, Armenian.
_ALIKE: Final = "\u0370-\u052f\u0561-\u0587\u0261"
_FOREIGN: Final = re.compile(f"[{_ALIKE}]")
_RUN: Final = re.compile(f"[a-z{_ALIKE}]+")
#: Letters of other scripts that look like Latin ones.
_LOOKALIKES: Final = str.maketrans("аеорсухіјѕԁһոɡαονρτι", "aeopcyxijsdhngaovpti")
_SPELLING: Final = str.maketrans(
    "\u2018\u2019\u0901\u0c01\u0c81", "''\u0902\u0c02\u0c82",
    "\u200c\u200d\u093c\u09bc\u0a3c\u0abc\u0b3c\u0cbc",
)  # fmt: skip


class Sign(NamedTuple):
    """One sign: its kind of `KINDS`, where it stands, and the words around it."""

    kind: str
    at: int
    words: str


def signs(text: str) -> list[Sign]:
    """Every sign in a text, by place.

    Args:
        text: As the source has it: marks that are lost when it is normalised hide texts.
    """
    found = [Sign("hidden", at, read[:_SHOWN_CHARACTERS]) for at, read in hidden_texts(text)]
    plain = folded(text)
    found += [Sign("hidden", at, read) for at, read in disguised_orders(plain)]
    found += _by_pattern(plain)
    found += _by_words(plain, [sign.at for sign in found])
    return sorted(found, key=lambda sign: sign.at)


def why_injected(text: str) -> str | None:
    """The signs by which a text is an injection, in words; null where they are not enough."""
    found = signs(text)
    for number, first in enumerate(found):
        end = bisect_right(found, first.at + REACH, key=lambda sign: sign.at)
        near = {one.kind: one for one in found[number:end]}
        if sum(KINDS[kind] for kind in near) >= ENOUGH:
            return "; ".join(f"{kind}: {one.words}" for kind, one in sorted(near.items()))
    return None


def folded(text: str) -> str:
    """One spelling for matching: no capitals, unseen characters, nuktas, joiners, wide letters, and
    no run of spaces, which would put words out of reach of each other.
    """
    plain = UNSEEN.sub("", text)
    if not text.isascii():
        plain = unicodedata.normalize("NFKC", plain).translate(_SPELLING)
    plain = _SPACES.sub(lambda run: "\n" if "\n" in run[0] else " ", plain.casefold())
    return _RUN.sub(lambda run: _latin(run[0]), plain) if _FOREIGN.search(plain) else plain


def _latin(run: str) -> str:
    # A word of other letters alone is what it is: Russian stays Russian.
    mixed = any("a" <= letter <= "z" for letter in run)
    return run.translate(_LOOKALIKES) if mixed else run


def _by_pattern(plain: str) -> Iterator[Sign]:
    for kind, pattern in (
        ("turn_token", _TURN_TOKEN),
        ("turn", _TURN),
        ("turn_of_model", _TURN_OF_MODEL),
        ("closing", _CLOSING),
        ("ignore_previous", _IGNORE_PREVIOUS),
    ):
        for found in pattern.finditer(plain):
            yield Sign(kind, found.start(), found[0].strip()[:_SHOWN_CHARACTERS])


def _by_words(plain: str, places: Sequence[int]) -> Iterator[Sign]:
    """Signs in the sentences near `places` and near the name of an order or a model."""
    languages = _languages_in(plain)
    words = _words(languages)
    named = [at for gate in _gates(languages) for at in _all_places(plain, gate)]
    ordered = -_NEXT - 1  # where the last sentence ended that drops what was ordered before
    for start, end in _sentences(plain, sorted([*places, *named])):
        sentence = plain[start:end]
        kinds = _kinds_in(sentence, words, after_override=0 <= start - ordered <= _NEXT)
        ordered = end if "override" in kinds else ordered
        for kind in kinds:
            yield Sign(kind, start, " ".join(sentence.split())[:_SHOWN_CHARACTERS])


class _Words(NamedTuple):
    """A pattern for each slot of the table that has one, and for a model that is called."""

    drop: re.Pattern[str]
    before: re.Pattern[str]
    orders: re.Pattern[str]
    answer: re.Pattern[str]
    write: re.Pattern[str]
    only: re.Pattern[str]
    task: re.Pattern[str]
    made: re.Pattern[str]
    called: re.Pattern[str]


def _kinds_in(sentence: str, words: _Words, *, after_override: bool) -> list[str]:
    overrides = all(one.search(sentence) for one in (words.orders, words.drop, words.before))
    made = words.made.search(sentence)
    speaks_of_it = overrides or made or words.only.search(sentence) or words.answer.search(sentence)
    called = words.called.search(sentence)
    kinds = {
        "override": overrides,
        "address": called,
        "reader": called and _OF_THIS_TEXT.search(sentence),
        "new_task": words.task.search(sentence),
        "made_of_this": made,
        "write_this": (speaks_of_it or after_override) and words.write.search(sentence),
    }
    return [kind for kind, found in kinds.items() if found]


def _sentences(plain: str, places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Spans of the sentences within reach of one of `places`, which ascend."""
    if not places:
        return
    ends = [0, *(found.end() for found in _SENTENCE_END.finditer(plain)), len(plain)]
    near = iter(places)
    place: int | None = next(near)
    for start, end in pairwise(ends):
        while place is not None and place + REACH < start:
            place = next(near, None)
        if place is None:
            return
        if place - REACH <= end:
            yield from ((at, min(at + _LONGEST, end)) for at in range(start, end, _LONGEST))


def _all_places(plain: str, gate: str) -> Iterator[int]:
    at = plain.find(gate)
    while at >= 0:
        yield at
        at = plain.find(gate, at + len(gate))


def _languages_in(plain: str) -> tuple[str, ...]:
    others = [] if plain.isascii() else [
        language for language, letters in _LETTERS.items() if re.search(f"[{letters}]", plain)
    ]  # fmt: skip
    return ("eng", "romanised", *others)


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    content = (resources.files(__package__) / _TABLE).read_text(encoding="utf-8")
    return tomllib.loads(content)


@cache
def _gates(languages: tuple[str, ...]) -> tuple[str, ...]:
    """What a sign of `_by_words` that counts has near it."""
    stems = {
        folded(word).removesuffix("*")
        for language in languages
        for slot in ("orders", "machine", "task", "made")
        for word in _table()[language].get(slot, ())
    }
    # A short Latin word stands inside many others.
    gates = {f" {one}" if one.isascii() and len(one) < 5 else one for one in stems}
    return tuple(sorted(one for one in gates if not any(o in one for o in gates - {one})))


@cache
def _words(languages: tuple[str, ...]) -> _Words:
    slots = {
        slot: sorted({word for one in languages for word in _table()[one].get(slot, ())})
        for slot in _SLOTS
    }
    patterns = {slot: _any_of(words) for slot, words in slots.items()}
    patterns["drop"] = _NOT_OF_OTHERS + patterns["drop"]
    alone = (re.compile(patterns[slot]) for slot in _SLOTS[:_ALONE])
    return _Words._make([*alone, re.compile(_called(**patterns))])


def _called(*, you: str, machine: str, reader: str, of: str, heed: str, **_: str) -> str:
    """A model that is told what it is, is called to attention, or is named to be spoken to."""
    # "Dear Assistant Commissioner", "as an AI/ML engineer".
    machine = rf"(?:{machine}(?![/&-]|\s+{of}))"
    any_machine = f"(?:{machine}|{reader})"
    between = r"(?:[\s,:;–—-]+[^\s.!?।]+){0,3}?[\s,:;–—-]+"
    return (
        rf"{you}{between}{machine}"
        rf"|{heed}{between}{any_machine}|{any_machine}{between}{heed}"
        # "Assistant: R. Kumar" is a line of a directory.
        rf"|^\W*(?!assistants?\s*:){any_machine}(?:\s+\w+)?\s*[,:!]"
    )


def _any_of(words: Iterable[str]) -> str:
    stems = (re.escape(folded(word).removesuffix("*")) for word in words)
    tails = (rf"[{_IN_WORD}]*" if word.endswith("*") else "" for word in words)
    patterns = (stem.replace(r"\ ", r"\s+") + tail for stem, tail in zip(stems, tails, strict=True))
    longest_first = "|".join(sorted(patterns, key=len, reverse=True))
    return rf"(?:(?<![{_IN_WORD}])(?:{longest_first})(?![{_IN_WORD}]))"
