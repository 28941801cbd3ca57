"""How attribute values are made coarser, step by step, until enough personas share them.

A step says of an attribute what each value becomes; None leaves it out. Attributes that a step does
not name stay as they are stated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from indic_persona_hub import records

#: Wider bands of age, in years; each holds whole bands of `records.AGE_BANDS`.
WIDE_BANDS: Final = {
    "0-5": "0-17",
    "6-12": "0-17",
    "13-17": "0-17",
    "18-24": "18-34",
    "25-34": "18-34",
    "35-44": "35-59",
    "45-59": "35-59",
    "60-74": "60+",
    "75+": "60+",
}

#: Attributes of which every value is sensitive, and those of which some are.
SENSITIVE: Final = ("religion", "community", "disability")
SENSITIVE_VALUES: Final = {"gender": ("transgender",)}

Coarser = Callable[[str], str | None]


class Step(NamedTuple):
    """`words` say on the card what becomes of the values."""

    words: str
    of: Mapping[str, Coarser]


def _nothing(value: str) -> str | None:
    return None


def _division(code: str) -> str:
    return code[0]


def _unless_sensitive(value: str) -> str | None:
    return None if value in SENSITIVE_VALUES["gender"] else value


_PLACE: Final[Mapping[str, Coarser]] = {
    "district": _nothing,
    "occupation": _nothing,
    "occupation_code": _division,
}
_PERSON: Final[Mapping[str, Coarser]] = {
    **_PLACE,
    "age_band": WIDE_BANDS.get,
    "mother_tongue": _nothing,
    "education": _nothing,
}
_LITTLE: Final[Mapping[str, Coarser]] = {
    **_PERSON,
    "residence": _nothing,
    "occupation_code": _nothing,
}
_WITHOUT: Final[Mapping[str, Coarser]] = {
    **dict.fromkeys(SENSITIVE, _nothing),
    "gender": _unless_sensitive,
}
_EVERYTHING: Final[Mapping[str, Coarser]] = dict.fromkeys(records.ATTRIBUTES, _nothing)

_STEPS: Final = (
    Step("as stated", {}),
    Step("district and occupation left out, occupation code to its division", _PLACE),
    Step("also age in four bands, mother tongue and education left out", _PERSON),
    Step("also residence and occupation code left out", _LITTLE),
)
_STEPS_WITHOUT: Final = tuple(
    Step(f"sensitive values left out; {step.words}", {**step.of, **_WITHOUT}) for step in _STEPS
)


def steps(over: str) -> tuple[Step, ...]:
    """The steps in the order in which they are tried; the last is for whom no other one hides.

    Args:
        over: As `Anonymity.over`. Of `sensitive`, a row without sensitive values is not in question
            and keeps what it states; of `all`, nothing stays in the end.
    """
    if over == "sensitive":
        return (*_STEPS, Step("sensitive values left out, the others as stated", _WITHOUT))
    return (*_STEPS, *_STEPS_WITHOUT, Step("all attributes left out", _EVERYTHING))
