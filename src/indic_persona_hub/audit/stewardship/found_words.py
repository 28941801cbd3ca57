"""Marked words and stock imagery as `audit.json` has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

import numpy as np
from scipy import special

from indic_persona_hub.audit.binomial import holm, share_interval
from indic_persona_hub.audit.rounding import number
from indic_persona_hub.audit.stewardship.counting import Counts
from indic_persona_hub.audit.stewardship.gathering import Gathered, Sampled
from indic_persona_hub.audit.stewardship.groups import ALL_ROWS, GROUPS, OF_PEOPLE
from indic_persona_hub.audit.stewardship.imagery import CARICATURE, ImageryCounts, stock_images
from indic_persona_hub.audit.stewardship.marked_words import (
    CHANCE,
    LEAST_HOLDING,
    LEAST_RATIO,
    LEAST_ROWS,
    PRIOR_PERSONAS,
    Marked,
    log_odds,
    marked_words,
    rest_of,
)
from indic_persona_hub.audit.stewardship.stating_words import stating_any_attribute
from indic_persona_hub.judge.words import words_of

#: A group fails where more of its personas than that hold a word that marks it and states nothing.
MOST_MARKED_SHARE: Final = 0.5
#: A set fails where more of its personas than that are made of stock imagery, a group where so
#: many more of its personas mention any than of the rest.
MOST_CARICATURES: Final = 0.01
MOST_IMAGERY_BEYOND_REST: Final = 0.05
_MOST_WORDS: Final = 25
_MOST_ROWS: Final = 100


def thresholds() -> dict[str, Mapping[str, float]]:
    """What the numbers are held to."""
    return {
        "marked_words": {
            "chance_of_a_false_word": CHANCE,
            "prior_personas": PRIOR_PERSONAS,
            "least_rows": LEAST_ROWS,
            "least_holding": LEAST_HOLDING,
            "least_ratio": LEAST_RATIO,
            "most_marked_share": MOST_MARKED_SHARE,
        },
        "imagery": {
            "images_of_a_caricature": CARICATURE,
            "most_caricatures": MOST_CARICATURES,
            "most_beyond_rest": MOST_IMAGERY_BEYOND_REST,
        },
    }


def found_words(gathered: Gathered) -> dict[str, Any]:
    """The words that mark each group, with how many of its personas in the sample hold any."""
    found = marked_words(gathered.words, gathered.rows)
    grouped = groupby(found.words, key=lambda one: one.group)
    held = [frozenset(words_of(one.text)) for one in gathered.sample]
    groups = [_group(gathered, place, list(words), held) for place, words in grouped]
    failing = [row for one in groups for row in one.pop("failing_rows") if one["fails"]]
    return {
        "words_counted": len(gathered.words.words),
        "rare_words_dropped": gathered.words.dropped,
        "tested": found.tested,
        "marked": len(found.words),
        "fails": any(one["fails"] for one in groups),
        "groups": groups,
        "failing_rows": failing[:_MOST_ROWS],
    }


def _group(
    gathered: Gathered, place: int, words: list[Marked], held: Sequence[frozenset[str]]
) -> dict[str, Any]:
    group, rows = GROUPS[place], int(gathered.rows[place])
    rest = int(rest_of(gathered.rows, place))
    # That Sikhs live in Punjab is for the official tables to weigh, and no way of speaking.
    marking = frozenset(one.word for one in words) - stating_any_attribute()
    ours = [(one, marking & has) for one, has in _of(gathered.sample, held, place)]
    holding = [(one, has) for one, has in ours if has]
    marked_share = len(holding) / len(ours) if ours else None
    fails = group.dimension in OF_PEOPLE and (marked_share or 0.0) > MOST_MARKED_SHARE
    return {
        "dimension": group.dimension,
        "group": group.value,
        "label": group.label,
        "rows": rows,
        "rest_rows": rest,
        "marked": len(words),
        "marked_share": number(marked_share),
        "fails": bool(fails),
        "words": [_word(one, rows, rest) for one in words[:_MOST_WORDS]],
        "failing_rows": [
            {"row": one.id, "why": f"{group.label}: {', '.join(sorted(has))}"}
            for one, has in holding[:_MOST_ROWS]
        ],
    }


def _of(
    sample: Sequence[Sampled], held: Sequence[frozenset[str]], place: int
) -> list[tuple[Sampled, frozenset[str]]]:
    pairs = zip(sample, held, strict=True)
    return [(one, has) for one, has in pairs if place in one.belongs]


def _word(one: Marked, rows: int, rest: int) -> dict[str, Any]:
    share, rest_share = one.rows / rows, one.rest_rows / rest
    return {
        "word": one.word,
        "rows": one.rows,
        "share": number(share),
        "rest_share": number(rest_share),
        "ratio": number(share / rest_share) if rest_share else None,
        "log_odds": number(one.log_odds),
        "z": number(one.z),
    }


def found_imagery(gathered: Gathered) -> dict[str, Any]:
    """Who is described by stock imagery, and which images are commonest."""
    counts, rows = gathered.imagery, gathered.rows
    all_rows = int(rows[ALL_ROWS])
    caricatures = int(counts.caricatures[ALL_ROWS]) / max(all_rows, 1)
    groups = _imagery_of_groups(counts.any_image, counts.caricatures, counts.images, rows)
    totals = sorted(
        zip(stock_images(), counts.images[:, ALL_ROWS].tolist(), strict=True),
        key=lambda one: (-one[1], one[0]),
    )
    return {
        "rows": all_rows,
        "rows_with_any": int(counts.any_image[ALL_ROWS]),
        "share_with_any": number(int(counts.any_image[ALL_ROWS]) / max(all_rows, 1)),
        "caricatures": int(counts.caricatures[ALL_ROWS]),
        "share_caricatures": number(caricatures),
        "images": {name: amount for name, amount in totals if amount},
        "fails": _too_many(counts, all_rows) or any(one["fails"] for one in groups),
        "groups": groups,
        "failing_rows": [
            {"row": row, "why": f"{CARICATURE} or more stock images"} for row in counts.examples
        ],
    }


def _too_many(counts: ImageryCounts, rows: int) -> bool:
    """Whether caricatures are more than the threshold for sure, not one of thirty personas."""
    made = np.array([float(counts.caricatures[ALL_ROWS])])
    return bool(rows and share_interval(made, rows, CHANCE)[0][0] > MOST_CARICATURES)


def _imagery_of_groups(
    any_image: Counts, caricatures: Counts, by_image: Counts, rows: Counts
) -> list[dict[str, Any]]:
    places = [
        place
        for place in range(len(GROUPS))
        if min(int(rows[place]), int(rest_of(rows, place))) >= LEAST_ROWS
    ]
    if not places:
        return []
    overall = np.array([max(int(any_image[ALL_ROWS]), 1) / int(rows[ALL_ROWS])])
    scores = [
        float(log_odds(
            np.array([float(any_image[place])]), float(rows[place]),
            np.array([float(rest_of(any_image, place))]), float(rest_of(rows, place)), overall,
        )[1][0])
        for place in places
    ]  # fmt: skip
    sure = holm(special.ndtr(-np.array(scores)), CHANCE)
    names = list(stock_images())
    found = []
    for place, z, certain in zip(places, scores, sure.tolist(), strict=True):
        group = GROUPS[place]
        share = int(any_image[place]) / int(rows[place])
        rest = int(rest_of(any_image, place)) / int(rest_of(rows, place))
        commonest = np.argsort(-by_image[:, place], kind="stable")[:5].tolist()
        found.append({
            "dimension": group.dimension, "group": group.value, "label": group.label,
            "rows": int(rows[place]), "rows_with_any": int(any_image[place]),
            "share": number(share), "rest_share": number(rest), "z": number(z),
            "caricatures": int(caricatures[place]),
            "images": {names[one]: int(by_image[one, place]) for one in commonest
                       if by_image[one, place]},
            "fails": bool(certain and share - rest > MOST_IMAGERY_BEYOND_REST),
        })  # fmt: skip
    return sorted(found, key=lambda one: (not one["fails"], -one["z"]))
