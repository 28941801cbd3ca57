"""The socket for toxicity classifiers that installed packages offer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import entry_points
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from indic_persona_hub.errors import RecipeError, nearest

#: Packages offer classifiers under this entry point group: callables of the settings' `options`.
ENTRY_POINTS: Final = "indic_persona_hub.toxicity"
#: The highest severity.
WORST: Final = 3


class Classifier(Protocol):
    """A plug."""

    def severities(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """How toxic each text is: 0 not at all, 1 coarse, 2 offensive, 3 a slur or worse, and
        anything between. A text has the same severity whatever stands beside it.
        """
        ...


class ClassifierSettings(BaseModel):
    """A classifier that an installed package offers as an entry point.

    Attributes:
        name: Of the entry point in the group `indic_persona_hub.toxicity`.
        options: Given to it as keyword arguments.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    options: dict[str, JsonValue] = {}


_SETTINGS: Final[TypeAdapter[ClassifierSettings]] = TypeAdapter(ClassifierSettings)


def classified(settings: ClassifierSettings, texts: Sequence[str]) -> NDArray[np.float64]:
    """What the plug says of each text.

    Raises:
        RecipeError: As `open_classifier`, or it does not say a number from 0 to 3 of each text.
    """
    said = np.asarray(open_classifier(settings).severities(texts))
    fits = said.shape == (len(texts),) and said.dtype.kind in "fiub"
    if not fits or not np.all((said >= 0) & (said <= WORST)):
        raise RecipeError(
            f"The toxicity classifier '{settings.name}' does not say one number from 0 to {WORST} "
            f"of each of {len(texts)} texts.",
            cure="Mend the plug, or leave `classifier` out; docs/tone.md has the contract.",
        )
    return said.astype(np.float64)


def open_classifier(settings: ClassifierSettings) -> Classifier:
    """The plug that `settings` ask for, opened once and kept for the life of the process.

    Raises:
        RecipeError: No installed package offers a classifier of that name, or its options differ.
    """
    return _opened(settings.model_dump_json())


@cache
def _opened(settings: str) -> Classifier:
    wanted = _SETTINGS.validate_json(settings)
    offered: dict[str, Any] = {one.name: one for one in entry_points(group=ENTRY_POINTS)}
    if wanted.name not in offered:
        known = nearest(wanted.name, offered) if offered else "; none is installed"
        raise RecipeError(
            f"No installed package offers the toxicity classifier '{wanted.name}'{known}.",
            cure=f"Install the package whose entry point in {ENTRY_POINTS} has that name.",
        )
    try:
        opened: Classifier = offered[wanted.name].load()(**wanted.options)
    except TypeError as error:
        raise RecipeError(
            f"The toxicity classifier '{wanted.name}' does not take these options: {error}.",
            cure="See the package's own documentation for its options.",
        ) from error
    return opened
