"""Tombstones: what was taken down from a hub, by id, so that it never comes back.

```
takedowns/takedown-00001.parquet    TOMBSTONE, one file a takedown; a build never removes one, and
                                    one that is missing below the last is an error
```

Ids come from content, so a tombstone holds wherever the same thing is made again, in this hub or in
another one. Of four kinds:

* `persona`: the persona with this id, and whoever is derived from it;
* `document`: the document with this id, which is that of its text, and whoever is made from it;
* `text`: any persona that says these very words, whatever made it;
* `source`: an address with all below it, or the name of a source, and all that came from there.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from indic_persona_hub.errors import StorageError
from indic_persona_hub.records import REJECTED, content_id
from indic_persona_hub.run.hub import TAKEDOWNS, Hub, read_error, read_file
from indic_persona_hub.run.source_addresses import above, address_id

#: The reason of a verdict, and of a row that a stage is not given any more.
TAKEN_DOWN: Final = "taken_down"
KINDS: Final = ("document", "persona", "source", "text")

#: `asked` is what asked for it ("source https://example.org/a"); of a match the words are not kept.
#: `reason` is in the words of whoever took it down, or null. `follows` is the id of the document or
#: persona that it is made from, null where it was asked for itself.
TOMBSTONE: Final = pa.schema(
    [
        ("kind", pa.string()),
        ("id", pa.string()),
        ("asked", pa.string()),
        ("reason", pa.string()),
        ("follows", pa.string()),
        ("taken_at", pa.timestamp("s", tz="UTC")),
    ]
)

_HEAD: Final = b"kind,id\n"
_LINE: Final = re.compile(
    rf"({'|'.join(KINDS)}),([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})"
)

_NUMBERED: Final = re.compile(r"takedown-(\d+)")

Mask = NDArray[np.bool_]


def text_id(text: str) -> str:
    """The id of a persona's words, whatever their case and spaces."""
    return content_id(["text", " ".join(unicodedata.normalize("NFC", text).casefold().split())])


def _none() -> pa.Array:
    return pa.array([], pa.string())


@dataclass(frozen=True)
class Tombstones:
    """Ids that were taken down, by kind; each ascending and without repeats."""

    document: pa.Array = field(default_factory=_none)
    persona: pa.Array = field(default_factory=_none)
    source: pa.Array = field(default_factory=_none)
    text: pa.Array = field(default_factory=_none)

    @classmethod
    def of(cls, rows: pa.Table) -> Tombstones:
        """From rows with `kind` and `id`."""
        ids = {
            kind: pc.unique(rows.filter(pc.equal(rows["kind"], kind))["id"]).sort()
            for kind in KINDS
        }
        return cls(**ids)

    @classmethod
    def parse(cls, content: bytes) -> Tombstones:
        """From what `to_bytes` wrote.

        Raises:
            ValueError: It is not that, byte for byte.
        """
        lines = content.decode().splitlines()[1:]
        found = [_LINE.fullmatch(line) for line in lines]
        if not all(found):
            raise ValueError("a line of it is no kind and id")
        columns = [pa.array([one[part] for one in found if one], pa.string()) for part in (1, 2)]
        parsed = cls.of(pa.table(columns, names=["kind", "id"]))
        if parsed.to_bytes() != content:
            raise ValueError("it is not in the form in which it was written")
        return parsed

    def __bool__(self) -> bool:
        return bool(len(self))

    def __len__(self) -> int:
        return sum(self.counts.values())

    def covers(self, others: Tombstones) -> bool:
        """Whether `others` are some, and all of them are among these."""
        known = self._sets
        return bool(others) and all(ids <= known[kind] for kind, ids in others._sets.items())

    def together(self, others: Tombstones) -> Tombstones:
        """These and `others`."""
        both = {
            kind: pc.unique(pa.concat_arrays([getattr(one, kind) for one in (self, others)])).sort()
            for kind in KINDS
        }
        return Tombstones(**both)

    @property
    def released(self) -> Tombstones:
        """What a release tells: all but sources, since an address can be guessed from its id."""
        return replace(self, source=_none())

    @property
    def counts(self) -> dict[str, int]:
        """Tombstones by kind."""
        return {kind: len(getattr(self, kind)) for kind in KINDS}

    def to_bytes(self) -> bytes:
        """The one way in which they are listed: `kind,id`, ascending."""
        lines = [f"{kind},{one}\n" for kind in KINDS for one in getattr(self, kind).to_pylist()]
        return _HEAD + "".join(lines).encode()

    @cached_property
    def digest(self) -> str:
        """sha256 of `to_bytes`."""
        return sha256(self.to_bytes()).hexdigest()

    @cached_property
    def _sets(self) -> dict[str, frozenset[str]]:
        return {kind: frozenset(getattr(self, kind).to_pylist()) for kind in KINDS}

    def documents(self, rows: pa.Table) -> Mask:
        """Which documents (id, source, url) are taken down."""
        return _in(rows["id"], self.document) | self._from(rows["source"], rows["url"])

    def personas(self, rows: pa.Table) -> Mask:
        """Which personas are taken down, as far as their own row tells.

        Args:
            rows: id, document_id, parent_id, source, source_url, and `persona` where there is a
                tombstone of a text.
        """
        taken = _in(rows["id"], self.persona) | _in(rows["parent_id"], self.persona)
        taken |= _in(rows["document_id"], self.document)
        taken |= self._from(rows["source"], rows["source_url"])
        if len(self.text):
            said = self._sets["text"]
            taken |= np.array([text_id(one) in said for one in rows["persona"].to_pylist()], bool)
        return taken

    def holds(self, row: Mapping[str, Any]) -> bool:
        """What `personas` says, of one row."""
        ids = self._sets
        if {row["id"], row["parent_id"]} & ids["persona"] or row["document_id"] in ids["document"]:
            return True
        if ids["source"] and self._is_from((row["source"], row["source_url"])):
            return True
        return bool(ids["text"]) and text_id(row["persona"]) in ids["text"]

    def _from(self, names: pa.ChunkedArray, addresses: pa.ChunkedArray) -> Mask:
        """Which rows come from a source that is taken down."""
        taken = np.zeros(len(names), bool)
        for column in (names, addresses) if len(self.source) else ():
            known = pc.unique(column).drop_null()
            hit = [one for one in known.to_pylist() if self._is_from((one,))]
            taken |= _in(column, pa.array(hit, pa.string()))
        return taken

    def _is_from(self, sources: Iterable[str | None]) -> bool:
        ids = self._sets["source"]
        return any(address_id(one) in ids for given in sources if given for one in above(given))


def read_tombstones(hub: Hub) -> Tombstones:
    """All that was ever taken down from `hub`.

    Raises:
        StorageError: A file is damaged or missing, or the folder cannot be read.
    """
    files = hub.files(TAKEDOWNS)
    numbers = _numbers(files)
    if missing := set(range(1, max(numbers, default=0))) - numbers:
        raise StorageError(
            f"{_numbered(hub, min(missing))} is missing, and later ones are there.",
            cure="Restore it from a copy; if that takedown is to be undone, give the last file its"
            " name.",
        )
    states = ((file, _state(file)) for file in files)
    return _read(tuple((file, state.st_size, state.st_mtime_ns) for file, state in states))


def next_file(hub: Hub) -> Path:
    """Where the tombstones of the next takedown lie."""
    return _numbered(hub, max(_numbers(hub.files(TAKEDOWNS)), default=0) + 1)


def _numbered(hub: Hub, number: int) -> Path:
    return hub.path / TAKEDOWNS / f"takedown-{number:05d}.parquet"


def _numbers(files: Iterable[Path]) -> set[int]:
    """Of those of this hub; a file that was copied from another hub may have any other name."""
    found = (_NUMBERED.fullmatch(file.stem) for file in files)
    return {int(one[1]) for one in found if one}


def _state(file: Path) -> os.stat_result:
    try:
        return file.stat()
    except OSError as error:
        raise read_error(file, error) from error


@lru_cache(maxsize=2)
def _read(files: tuple[tuple[Path, int, int], ...]) -> Tombstones:
    """Those of some files, which were of such a size and time: slice after slice asks for them."""
    tables = [read_file(file, ["kind", "id"]) for file, *_ in files]
    return Tombstones.of(
        pa.concat_tables([TOMBSTONE.empty_table().select(["kind", "id"]), *tables])
    )


def rejected_as_taken_down(stage: str, rows: pa.ChunkedArray) -> pa.Table:
    """`records.REJECTED` for `rows` (ids or places), without the text as a payload."""
    nothing = pa.nulls(len(rows), pa.string())
    named = [pa.repeat(pa.scalar(one, pa.string()), len(rows)) for one in (stage, TAKEN_DOWN)]
    columns = [named[0], rows.cast(pa.string()), named[1], nothing, nothing]
    return pa.table(columns, schema=REJECTED)


def is_tombstones(path_in_hub: str) -> bool:
    """Whether a file, by its name in the hub, is one that a build must leave alone."""
    return path_in_hub.startswith(f"{TAKEDOWNS}/")


def _in(column: pa.ChunkedArray, ids: pa.Array) -> Mask:
    if not len(ids):
        return np.zeros(len(column), bool)
    return np.asarray(pc.is_in(column.cast(pa.string()), value_set=ids).to_numpy(), bool)
