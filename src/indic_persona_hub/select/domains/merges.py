"""Buckets that other buckets attract: the rules of the taxonomy that see all labels.

Each rule maps buckets to buckets that are there, and looks at names and counts of personas only, so
the order of labels changes nothing, and a bucket's name added as a label moves nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from indic_persona_hub.select.domains.forms import compared, in_order, spelled
from indic_persona_hub.select.domains.keywords import form_of, found_in
from indic_persona_hub.select.domains.labels import UNLABELLED
from indic_persona_hub.select.domains.tree import OTHER, place_of
from indic_persona_hub.select.domains.typos import typing_errors

Sizes = Mapping[str, int]
#: The buckets that a rule moves, and where to.
Moves = dict[str, str]

#: Labels of more words are sentences, and a sentence has no head word at its end.
_MOST_WORDS: Final = 6
_SMALL: Final = frozenset(
    "a an and as at by for from in into of on or the to vs with without".split()
)
#: What turns the words after it around.
_TURNING: Final = frozenset(
    "anti non pre post pseudo counter un self ex co de inter intra multi sub".split()
)
#: What makes a field of its own of the words after it.
_NARROWING: Final = frozenset(
    "ancient medieval modern colonial postcolonial contemporary early classical folk tribal".split()
)
#: Heads that say nothing without the words before them.
_EMPTY_HEADS: Final = frozenset(
    "accessories activity administration adviser advisor advocacy affairs agency analysis"
    " analytics application applications area areas artisan artist artists aspirant assistance"
    " association author authority awareness board business candidate care center centre ceo"
    " chairman chief citizen class club coach collection collector collectors communication"
    " community company consultancy consultant consulting contractor control coordinator"
    " course culture customer dealer delivery department design development director editor"
    " education engineering enterprise enthusiast equipment ethics event events exam executive"
    " expert fan field founder goods group groups head history host hosts industry information"
    " infrastructure initiative innovation institute institution instructor instruments"
    " interest issues knowledge labor labour law leader leadership learning life literature"
    " lover machine maintenance major maker making man management manager managers"
    " manufacturer market member method methods mission model movement network officer"
    " operations operator organisation organization organizer outreach owner painter"
    " participant people patient performer person personnel plan planning player policy practice"
    " practices preparation preservation president process processing producer production"
    " products profession professional professor program programme project projects promotion"
    " protection provider quality rehabilitation relations relief reporter representative"
    " research resident resource resources retailer rights safety sales salesperson scholar"
    " school science sciences scientist secretary sector security seller service services"
    " singer society solutions specialist staff staffer standards strategy student students"
    " studies study supervisor supplier supply support supporter system systems teacher"
    " teaching team technician technologies technology theory therapy thought trade trader"
    " trainer training treatment user vendor veteran volunteer woman work worker workers"
    " writing".split()
)


def merged(sizes: Sizes) -> tuple[Moves, dict[str, str]]:
    """Where every bucket that moves goes in the end, and by which rule last."""
    moves: Moves = {}
    rules: dict[str, str] = {}
    now: Counter[str] = Counter(sizes)
    for name, rule in RULES:
        step = rule(now)
        for bucket in sizes:
            target = step.get(moves.get(bucket, bucket))
            if target is not None:
                moves[bucket], rules[bucket] = target, name
        for bucket, target in step.items():
            now[target] += now.pop(bucket)
    return moves, rules


def _largest_of(form: Callable[[str], str | None]) -> Callable[[Sizes], Moves]:
    def rule(sizes: Sizes) -> Moves:
        groups: dict[str, list[str]] = {}
        for bucket in sizes:
            key = form(bucket) if bucket != UNLABELLED else None
            if key is not None:
                groups.setdefault(key, []).append(bucket)
        moves: Moves = {}
        for group in groups.values():
            if len(group) > 1:
                first = min(group, key=lambda one: (-sizes[one], len(one), one))
                moves |= {one: first for one in group if one != first}
        return moves

    return rule


def _joined(bucket: str) -> str | None:
    # Digits and small words mean other things apart: `class 1 2`, `the rapist`.
    words = bucket.split()
    if not _SMALL.isdisjoint(words) or any(letter.isdigit() for letter in bucket):
        return None
    return compared("".join(spelled(bucket).split()))


def _head_words(sizes: Sizes) -> Moves:
    heads = ((bucket, _head(bucket, sizes)) for bucket in sizes if bucket != UNLABELLED)
    return {bucket: head for bucket, head in heads if head != bucket}


def _head(bucket: str, sizes: Sizes) -> str:
    """The longest shorter ending of three words or more that is a bucket at least as large."""
    words = bucket.split()
    if not 3 <= len(words) <= _MOST_WORDS:
        return bucket
    for start in range(1, len(words)):
        before, ending = words[:start], " ".join(words[start:])
        if before[-1] in _SMALL or words[start] in _SMALL or "of" in words or "and" in before:
            break
        large = sizes.get(ending, -1) >= sizes[bucket]
        if large and _NARROWING.isdisjoint(before) and _may_go(words, start, sizes):
            return _head(ending, sizes)
    return bucket


def _may_go(words: list[str], start: int, sizes: Sizes) -> bool:
    """Whether the words before `start` may go.

    Not where the cut parts a compound (`computer science | education`), empties the label
    (`export business | owner`), takes it to another area of the tree, or leaves one word of a
    label that has another topic (`music | promoter`).
    """
    last, ending = words[start - 1], " ".join(words[start:])
    if last in _TURNING or ending in _EMPTY_HEADS:
        return False
    if sizes.get(f"{last} {words[start]}", 0) > sizes[ending]:
        return False
    area = place_of(ending).area
    if area != place_of(" ".join(words)).area:
        return False
    return " " in ending or (area != OTHER and not found_in(form_of(" ".join(words[:start]))))


#: In order: name and what it moves.
RULES: Final[tuple[tuple[str, Callable[[Sizes], Moves]], ...]] = (
    ("spelling", _largest_of(spelled)),
    ("plural", _largest_of(compared)),
    ("joined", _largest_of(_joined)),
    ("word_order", _largest_of(in_order)),
    ("slip", typing_errors),
    ("head_word", _head_words),
)
