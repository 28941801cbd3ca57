"""Models that the package `sentence-transformers` runs in this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.errors import WeightsError
from indic_persona_hub.models.embedders.settings import SentenceTransformersSettings, identity


class SentenceTransformersEmbedder:
    """An `Embedder` over `SentenceTransformer.encode`; the package is not one of ours.

    Raises:
        WeightsError: The package is not installed, or has no such model.
    """

    def __init__(self, settings: SentenceTransformersSettings) -> None:
        self._settings = settings
        try:
            load = import_module("sentence_transformers").SentenceTransformer
        except ImportError as error:
            raise WeightsError(
                "The package sentence-transformers is not installed.",
                cure="Install it (`pip install sentence-transformers`), or name another embedder.",
            ) from error
        try:
            self._model = load(settings.model, revision=settings.revision)
        except (OSError, ValueError) as error:
            raise WeightsError(
                f"sentence-transformers cannot open '{settings.model}': {error}",
                cure="Check the name or folder, and the network where it must be fetched.",
            ) from error

    def __repr__(self) -> str:
        return f"SentenceTransformersEmbedder({self._settings.model!r})"

    @property
    def identity(self) -> Mapping[str, Any]:
        """See `Embedder`."""
        return identity(self._settings)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Embedder`."""
        vectors = self._model.encode(
            [self._settings.prefix + text for text in texts],
            batch_size=self._settings.texts_at_once,
            convert_to_numpy=True,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, np.float32)

    def close(self) -> None:
        """See `Embedder`."""
