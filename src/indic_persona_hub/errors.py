"""The error tree: every failure of the world says what happened, its cure, and whether to retry.

A bad row is never an exception: it is a `Rejected` row (see `records`). What is raised here stops
the command, and the command line turns it into one line, its cure, and an exit code.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import ClassVar


class HubError(Exception):
    """A failure that the user can act on.

    Args:
        message: What happened, in one sentence.
        cure: What to do about it.
        retry: True where the same call may go through later.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, cure: str, retry: bool = False) -> None:
        message = _with_one_stop(message)
        super().__init__(message)
        self.message = message
        self.cure = cure
        self.retry = retry

    def __str__(self) -> str:
        return f"{self.message} {self.cure}"

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, self.cure, self.retry))


def _with_one_stop(message: str) -> str:
    """The message without the stop that it gets after words of others that end with one."""
    doubled = message.endswith(("?.", "..")) and not message.endswith("...")
    return message[:-1] if doubled else message


def _rebuild(kind: type[HubError], message: str, cure: str, retry: bool) -> HubError:
    return kind(message, cure=cure, retry=retry)


class RecipeError(HubError):
    """The recipe, or a `--set`, is not valid."""

    exit_code = 2


class SourceError(HubError):
    """A source cannot be read, or holds nothing that can be used."""

    exit_code = 3


class ModelError(HubError):
    """A model endpoint refuses, is unreachable, or its key or quota is not valid."""

    exit_code = 4


class WeightsError(ModelError):
    """Weights of a local model are missing, cannot be fetched, or fail their checksum."""


class BudgetEndedError(HubError):
    """A cap of the recipe's `limits` is reached; what was paid for is kept."""

    exit_code = 7


class StorageError(HubError):
    """The disk is full, or a file of the hub cannot be written or read."""

    exit_code = 5


class HubBusyError(HubError):
    """Another process is building this hub."""

    exit_code = 6


class ReleaseError(HubError):
    """A release cannot be made, or one on disk is not whole."""

    exit_code = 1


def nearest(word: str, known: Iterable[str]) -> str:
    """Words that point from an unknown name to the nearest known one; all names where none is."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else f"; known are {', '.join(names)}"
