"""When failed rows mean a bad world: the one place that gives a model up."""

from __future__ import annotations

from typing import Final

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.failures import BadRowError

#: Rows that used up all attempts while nothing else went through, before the world is called bad.
_FAILED_ROWS: Final = 3
#: Requests refused before any was answered: then it is the settings, not the rows.
_REFUSED_ROWS: Final = 20


class Patience:
    """Counts what fails while nothing goes through.

    Args:
        model: The model's name.
        attempts: How often a row is tried.
    """

    def __init__(self, model: str, attempts: int) -> None:
        self._model = model
        self._attempts = attempts
        self._failed = 0
        self._refused = 0
        self._last: ModelError | None = None
        #: Why the model was given up; null while it was not.
        self.stopped: ModelError | None = None

    def stop(self, error: ModelError) -> ModelError:
        """Give the model up; the first reason stays."""
        self.stopped = self.stopped or error
        return self.stopped

    def answered(self) -> None:
        """A call went through."""
        self._failed = 0
        self._last = None

    def failed(self, error: ModelError) -> None:
        """A row used up its attempts while nothing else went through.

        Raises:
            ModelError: It was one too many.
        """
        self._failed += 1
        self._last = error
        if self._failed >= _FAILED_ROWS:
            raise self._given_up(error)

    def refused(self, error: BadRowError) -> None:
        """A row was refused before any was answered.

        Raises:
            ModelError: It was one too many.
        """
        self._refused += error.reason == "bad_request"
        if self._refused >= _REFUSED_ROWS:
            raise self.stop(
                ModelError(
                    f"{self._model} refuses every request: {error.detail}",
                    cure="Change the model's settings or the stage's sampling.",
                )
            )

    def check_whole_batch(self) -> None:
        """A small batch that failed whole, from an endpoint that never answered, is no answer.

        Raises:
            ModelError: That is so.
        """
        if self._last is not None:
            raise self._given_up(self._last)

    def _given_up(self, error: ModelError) -> ModelError:
        times = self._failed * self._attempts
        return self.stop(
            ModelError(
                f"{self._model} failed {times} times in a row: {error.message}",
                cure=f"{error.cure} Then run the same command again; what was answered is kept.",
                retry=True,
            )
        )
