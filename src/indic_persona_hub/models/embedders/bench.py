"""The embedders of a recipe, opened when first used and kept for the life of the process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from indic_persona_hub.errors import RecipeError, nearest
from indic_persona_hub.models.embedders.settings import EmbedderSettings, open_embedder
from indic_persona_hub.models.embedders.socket import Embedder

_SETTINGS: TypeAdapter[EmbedderSettings] = TypeAdapter(EmbedderSettings)


class RecipeEmbedders:
    """What set judges use beside their texts; see `stage.EmbeddingBench`.

    Args:
        embedders: Settings by the name that judges use.
    """

    def __init__(self, embedders: Mapping[str, EmbedderSettings]) -> None:
        self._embedders = embedders

    def embed(self, texts: Sequence[str], *, embedder: str) -> NDArray[np.float32]:
        """One vector of length 1 for each text: (texts, dimensions).

        Raises:
            RecipeError: The recipe has no embedder of that name.
            ModelError: An endpoint refuses, is unreachable, or its key is not valid.
            WeightsError: Weights or the package that runs them are missing.
        """
        if embedder not in self._embedders:
            raise RecipeError(
                f"There is no embedder '{embedder}'{nearest(embedder, self._embedders)}.",
                cure="Name it under `embedders` in the recipe.",
            )
        return _opened(self._embedders[embedder].model_dump_json()).embed(texts)


@cache
def _opened(settings: str) -> Embedder:
    """Weights are loaded once a process, not once a slice."""
    return open_embedder(_SETTINGS.validate_json(settings))
