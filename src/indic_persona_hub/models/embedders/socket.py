"""The socket for embedders: what a plug takes and gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class Embedder(Protocol):
    """A plug. `testing.embedders.check_embedder` holds it to what is said here."""

    @property
    def identity(self) -> Mapping[str, Any]:
        """All that can change a vector, as JSON values: for fingerprints. No key, no address."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One vector of length 1 for each text, in their order: (texts, dimensions).

        A text has the same vector whatever stands beside it; any text has one, an empty one too.

        Raises:
            errors.ModelError: An endpoint refuses, is unreachable, or its key is not valid.
            errors.WeightsError: Weights or the package that runs them are missing.
        """
        ...

    def close(self) -> None:
        """Let go of everything. Closing twice is no error."""
        ...
