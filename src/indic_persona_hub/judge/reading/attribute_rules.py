"""Attributes that a text itself states, by rules."""

from __future__ import annotations

from typing import NamedTuple

from indic_persona_hub.judge.reading.ages import age_band
from indic_persona_hub.judge.reading.clauses import Reading, Span
from indic_persona_hub.judge.reading.places import home, mentions
from indic_persona_hub.judge.reading.residence import residence
from indic_persona_hub.judge.reading.roles import gender, occupation


class Value(NamedTuple):
    """An attribute with its evidence; see `records.ATTRIBUTE`."""

    value: str
    words: str
    origin: str


def by_rules_in(reading: Reading) -> dict[str, Value]:
    """The attributes that the text states, by name; see `records.ATTRIBUTES`."""
    places = reading.once(mentions)
    state, district = home(places)
    spans: dict[str, tuple[str, Span] | None] = {
        "state": state,
        "district": district,
        "residence": residence(reading, places),
        "age_band": age_band(reading),
        "gender": gender(reading),
        "occupation": occupation(reading),
    }
    return {name: _ruled(reading, *one) for name, one in spans.items() if one is not None}


def _ruled(reading: Reading, value: str, span: Span) -> Value:
    return Value(value, reading.words(span), "rule")
