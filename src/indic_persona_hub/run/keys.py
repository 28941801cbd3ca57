"""Scratch arrays of a hub: narrow columns by slice, one .npy file each, made anew when gone.

They carry no row that the tables do not have; a build that ends removes them.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.errors import StorageError
from indic_persona_hub.run.hub import Hub, storage_error, temporary_of

KEYS: Final = "keys"


class KeyStore:
    """The arrays of one judge over all slices; see `stage.Keyed`."""

    def __init__(self, hub: Hub, table: str, rows_by_slice: Sequence[int]) -> None:
        self._hub = hub
        self._table = table
        self._rows = tuple(rows_by_slice)

    @property
    def rows_by_slice(self) -> Sequence[int]:
        """Rows of each slice."""
        return self._rows

    def part(self, name: str, slice_number: int) -> NDArray[Any]:
        """One array of one slice, read anew from the disk."""
        return read_array(self._hub, self._table, name, slice_number)


def read_array(hub: Hub, table: str, name: str, slice_number: int) -> NDArray[Any]:
    """One array of one slice.

    Raises:
        StorageError: The file is damaged or gone.
    """
    path = _path(hub, table, name, slice_number)
    try:
        array: NDArray[Any] = np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise StorageError(
            f"{path} cannot be read: {error}.",
            cure=f"Delete {hub.path / KEYS} and run the same command again: it is made anew.",
        ) from error
    return array


def write_arrays(
    hub: Hub, table: str, slice_number: int, arrays: Mapping[str, NDArray[Any]]
) -> dict[str, str]:
    """Write the arrays of one slice, each whole or not at all.

    Returns:
        The files' names in the hub, as keys.

    Raises:
        StorageError: The disk is full or the folder cannot be written.
    """
    files = {}
    for name, array in arrays.items():
        path = _path(hub, table, name, slice_number)
        temporary = temporary_of(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as sink:
                np.save(sink, array, allow_pickle=False)
            temporary.replace(path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise storage_error(path, error) from error
        files[str(path.relative_to(hub.path))] = ""
    return files


def drop_arrays(hub: Hub) -> None:
    """Remove all of them."""
    shutil.rmtree(hub.path / KEYS, ignore_errors=True)


def _path(hub: Hub, table: str, name: str, slice_number: int) -> Path:
    return hub.path / KEYS / table / f"{name}-{slice_number:03d}.npy"
