"""What a takedown asks for, and all that a hub has of it: rows, descendants, copies."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub.errors import HubError
from indic_persona_hub.records import content_id
from indic_persona_hub.run.hub import Hub, read_file
from indic_persona_hub.run.said_words import pattern_of, says
from indic_persona_hub.run.source_addresses import source_ids
from indic_persona_hub.run.tombstones import Tombstones, read_tombstones, text_id
from indic_persona_hub.run.withheld import NOBODY, rounds_of, slice_numbers, withheld

Asked = Literal["persona", "source", "match"]
#: Set judges that tell who says the same.
_DUPLICATES: Final = ("exact_duplicates", "near_duplicates")
_GROUPED: Final = pa.schema([("id", pa.string()), ("cluster", pa.string())])
_NONE: Final = pa.array([], pa.string())


class Request(NamedTuple):
    """What is to be taken down.

    Attributes:
        kind: A persona by its id; all of a source by its address or name; all that say some words.
        value: The id, the address or name, or the words.
    """

    kind: Asked
    value: str

    @property
    def said(self) -> str:
        """What a tombstone says of it: the words of a match may be what must be forgotten."""
        return self.kind if self.kind == "match" else f"{self.kind} {self.value}"


@dataclass(frozen=True)
class Found:
    """What a request finds in a hub.

    Attributes:
        documents: Ids of the documents.
        personas: `id`, `follows` (what it was made from, null where it was asked for itself),
            `round` and `persona` (the text).
        rejected: Ids of the documents that pages would be which ingest rejected, and which have the
            words: no table holds them, and their tombstones keep them out of later builds.
        kept: How many of the personas the verdicts keep.
        copies: Ids of kept personas that say the same, or nearly, as one of the personas, and are
            none of them: the verdicts keep them still.
        direct: The tombstones that bring all the others with them.
    """

    documents: pa.Array
    personas: pa.Table
    rejected: pa.Array
    kept: int
    copies: pa.Array
    direct: Tombstones

    def __bool__(self) -> bool:
        return bool(len(self.documents) + len(self.personas) + len(self.rejected))

    @property
    def derived(self) -> int:
        """Personas that follow from a persona or a document."""
        return len(self.personas) - int(self.personas["follows"].null_count)


def find(hub: Hub, request: Request) -> Found:
    """All that `request` names, and all that was made from it.

    Of a source there may be nothing yet: it can be barred before it is seen.

    Raises:
        HubError: There is nothing of it in the hub and it is no source, or the request is not one.
        StorageError: A file is damaged.
    """
    known, numbers = read_tombstones(hub), slice_numbers(hub)
    direct = _direct(hub, request, numbers)
    parts = [withheld(hub, direct, number) for number in numbers]
    personas = pa.concat_tables([NOBODY, *(one.personas for one in parts)])
    documents = pa.concat_arrays([_NONE, *(one.documents for one in parts)])
    ids = personas["id"].combine_chunks()
    found = Found(
        documents=documents,
        personas=personas,
        rejected=direct.document.filter(pc.invert(pc.is_in(direct.document, documents))),
        kept=sum(len(_kept(hub, number, ids)) for number in numbers),
        copies=_copies_of(hub, numbers, ids),
        direct=direct,
    )
    if not found and request.kind != "source" and not known.covers(direct):
        raise _nothing(hub, request)
    return found


def _direct(hub: Hub, request: Request, numbers: list[int]) -> Tombstones:
    """The tombstones of the request itself."""
    if request.kind == "source":
        if not request.value.strip():
            raise HubError("The source has no name.", cure="Give its address or its name.")
        return _tombstones([("source", one) for one in source_ids(request.value)])
    if request.kind == "persona":
        return _persona(hub, request, numbers)
    pattern = pattern_of(request.value)
    rows = [one for number in numbers for one in _matching(hub, pattern, number)]
    return _tombstones([*rows, *_rejected(hub, pattern)])


def _persona(hub: Hub, request: Request, numbers: list[int]) -> Tombstones:
    try:
        wanted = str(uuid.UUID(request.value))
    except ValueError as error:
        raise HubError(
            f"'{request.value}' is not a persona id.",
            cure="Ids are UUIDs, as `iph search` prints them.",
        ) from error
    for number in numbers:
        for _, path in rounds_of(hub, number):
            rows = read_file(path, ["id"])
            place = pc.index(rows["id"], wanted).as_py()
            if place >= 0:
                text = read_file(path, ["persona"])["persona"][place].as_py()
                said = [("text", text_id(text))] if text else []  # none where it was erased
                return _tombstones([("persona", wanted), *said])
    return _tombstones([("persona", wanted)])


def _matching(hub: Hub, pattern: str, number: int) -> Iterator[tuple[str, str]]:
    path = hub.table_path("documents", number)
    if path.is_file():
        rows = read_file(path, ["id", "text", "title"])
        hit = pc.or_(says(rows["text"], pattern), says(rows["title"], pattern))
        yield from (("document", one) for one in rows["id"].filter(hit).to_pylist())
    for _, file in rounds_of(hub, number):
        rows = read_file(file, ["id", "persona"])
        rows = rows.filter(says(rows["persona"], pattern))
        for one, text in zip(rows["id"].to_pylist(), rows["persona"].to_pylist(), strict=True):
            yield from (("persona", one), ("text", text_id(text)))


def _rejected(hub: Hub, pattern: str) -> Iterator[tuple[str, str]]:
    """The documents that rejected pages would be: the id of a document is that of its text. A row
    that could not be read as a page has no text yet.
    """
    for path in hub.files("rejected/ingest"):
        rows = read_file(path, ["stage", "payload"])
        pages = rows.filter(pc.equal(rows["stage"], "ingest"))["payload"]
        for text in pages.filter(says(pages, pattern)).to_pylist():
            yield ("document", content_id([text]))


def _tombstones(rows: list[tuple[str, str]]) -> Tombstones:
    columns = [pa.array([one[part] for one in rows], pa.string()) for part in (0, 1)]
    return Tombstones.of(pa.table(columns, names=["kind", "id"]))


def _nothing(hub: Hub, request: Request) -> HubError:
    cures = {
        "persona": "`iph search` lists ids; a rejected reply has none.",
        "match": "The words were sought as whole words in personas, documents, their titles and the"
        " pages that ingest rejected. Words are kept nowhere: run it again after a build that"
        " brought new pages.",
    }
    what = "those words" if request.kind == "match" else f"the {request.kind} {request.value}"
    return HubError(f"The hub {hub.path} has nothing of {what}.", cure=cures[request.kind])


def _copies_of(hub: Hub, numbers: list[int], ids: pa.Array) -> pa.Array:
    """Kept personas that a set judge found to be duplicates of one of `ids`; see `Found.copies`."""
    evidence = [
        [read_file(path, ["id", "cluster"]) for path in _grouped(hub, number)] for number in numbers
    ]
    rows = pa.concat_tables([_GROUPED.empty_table(), *(one for some in evidence for one in some)])
    mine = pc.is_in(rows["id"], value_set=ids)
    alike = pc.is_in(rows["cluster"], value_set=pc.unique(rows["cluster"].filter(mine)))
    found = pc.unique(rows["id"].filter(pc.and_(alike, pc.invert(mine))))
    return pa.concat_arrays([_NONE, *(_kept(hub, number, found) for number in numbers)])


def _grouped(hub: Hub, number: int) -> list[Path]:
    paths = [hub.table_path(f"evidence/{judge}", number) for judge in _DUPLICATES]
    return [path for path in paths if path.is_file()]


def _kept(hub: Hub, number: int, ids: pa.Array) -> pa.Array:
    """Which of `ids` the verdicts of a slice keep."""
    path = hub.table_path("verdicts", number)
    if not path.is_file() or not len(ids):
        return _NONE
    rows = read_file(path, ["id", "kept"])
    kept = rows["id"].filter(rows["kept"])
    return kept.filter(pc.is_in(kept, value_set=ids)).combine_chunks()
