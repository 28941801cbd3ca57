"""Take something down from a hub: find it and all that was made from it, and set its tombstones.

No table is edited. The tombstones of one takedown are one file, whole or not there; then the
verdicts of the slices are written anew. Where the process is killed between the two, a release
keeps out whatever has a tombstone, and the same command, or a build, writes the verdicts.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub.errors import HubError
from indic_persona_hub.records import WEIGHT
from indic_persona_hub.run.hub import Hub, locked, read_file, write_file
from indic_persona_hub.run.ledger import Done, Ledger
from indic_persona_hub.run.steps import VERDICTS
from indic_persona_hub.run.tombstones import (
    TAKEDOWNS,
    TAKEN_DOWN,
    TOMBSTONE,
    Tombstones,
    read_tombstones,
    source_id,
    text_id,
)
from indic_persona_hub.run.withheld import rounds_of, slice_numbers, withheld

Asked = Literal["persona", "source", "match"]


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
        kept: How many of the personas the verdicts keep.
        direct: The tombstones that bring all the others with them.
    """

    documents: pa.Array
    personas: pa.Table
    kept: int
    direct: Tombstones

    @property
    def derived(self) -> int:
        """Personas that follow from a persona or a document."""
        return len(self.personas) - int(self.personas["follows"].null_count)


@dataclass(frozen=True)
class TakenDown:
    """What a takedown did.

    Attributes:
        found: What it found.
        new: Tombstones that it set; none where all were there.
        ruled_out: Personas that were kept before and are not any more.
        tombstones: All of the hub, after it.
    """

    found: Found
    new: int
    ruled_out: int
    tombstones: Tombstones


def find(hub: Hub, request: Request) -> Found:
    """All that `request` names, and all that was made from it.

    Raises:
        HubError: There is nothing of it in the hub, or the request is not one.
        StorageError: A file is damaged.
    """
    numbers = slice_numbers(hub)
    direct = _direct(hub, request, numbers)
    parts = [(number, withheld(hub, direct, number)) for number in numbers]
    personas = pa.concat_tables([one.personas for _, one in parts]) if parts else None
    documents = [one.documents for _, one in parts]
    if personas is None or not (len(personas) or any(map(len, documents))):
        raise _nothing(hub, request)
    kept = sum(_kept(hub, number, one.personas["id"]) for number, one in parts)
    return Found(pa.concat_arrays(documents), personas, kept, direct)


def take_down(
    hub: Hub,
    request: Request,
    *,
    reason: str | None = None,
    agreed: Callable[[Found], bool] = lambda found: True,
) -> TakenDown | None:
    """Take down what `request` finds; what is taken down already stays so.

    Args:
        reason: Why, in the words of whoever asks; kept in the hub, never released.
        agreed: Is shown what was found before anything is done; nothing is, unless it agrees.

    Returns:
        What was done; null where it was not agreed to.

    Raises:
        HubError: There is nothing of it in the hub, or the request is not one.
        HubBusyError: A build, or another takedown, holds the hub.
        StorageError: The disk is full, or a file cannot be read or written.
    """
    with locked(hub):
        found = find(hub, request)
        if not agreed(found):
            return None
        new = _set_tombstones(hub, request, found, reason)
        tombstones = read_tombstones(hub)
        ruled_out = _rule_out(hub, tombstones)
        _drop_index(hub)
    return TakenDown(found, new, ruled_out, tombstones)


def _direct(hub: Hub, request: Request, numbers: list[int]) -> Tombstones:
    """The tombstones of the request itself."""
    if request.kind == "source":
        if not request.value.strip():
            raise HubError("The source has no name.", cure="Give its address or its name.")
        return _tombstones([("source", source_id(request.value))])
    if request.kind == "persona":
        return _persona(hub, request, numbers)
    pattern = pattern_of(request.value)
    return _tombstones([one for number in numbers for one in _matching(hub, pattern, number)])


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
                return _tombstones([("persona", wanted), ("text", text_id(text))])
    raise _nothing(hub, request)


def pattern_of(words: str) -> str:
    """A regular expression (RE2) that finds `words` as whole words, in any case and spacing.

    Raises:
        HubError: There is no letter or digit in it.
    """
    parts = unicodedata.normalize("NFC", words).split()
    if not any(one.isalnum() for one in words):
        raise HubError("There is no word to match.", cure="Give a name, a phrase or a number.")
    whole = r"[\s\x{a0}]+".join(map(re.escape, parts))
    return rf"(?i)(?:^|[^\pL\pM\pN]){whole}(?:$|[^\pL\pM\pN])"


def _matching(hub: Hub, pattern: str, number: int) -> Iterator[tuple[str, str]]:
    path = hub.table_path("documents", number)
    if path.is_file():
        rows = read_file(path, ["id", "text", "title"])
        hit = pc.or_(_says(rows["text"], pattern), _says(rows["title"], pattern))
        yield from (("document", one) for one in rows["id"].filter(hit).to_pylist())
    for _, file in rounds_of(hub, number):
        rows = read_file(file, ["id", "persona"])
        rows = rows.filter(_says(rows["persona"], pattern))
        for one, text in zip(rows["id"].to_pylist(), rows["persona"].to_pylist(), strict=True):
            yield from (("persona", one), ("text", text_id(text)))


def _says(texts: pa.ChunkedArray, pattern: str) -> pa.ChunkedArray:
    if not pattern.isascii():
        texts = pc.utf8_normalize(texts, form="NFC")
    return pc.fill_null(pc.match_substring_regex(texts, pattern), False)


def _tombstones(rows: list[tuple[str, str]]) -> Tombstones:
    columns = [pa.array([one[part] for one in rows], pa.string()) for part in (0, 1)]
    return Tombstones.of(pa.table(columns, names=["kind", "id"]))


def _nothing(hub: Hub, request: Request) -> HubError:
    cures = {
        "persona": "`iph search` lists ids; a rejected reply has none.",
        "source": "Give an address as the documents have it (https://...), or the `name` of a"
        " source of the recipe; `iph trace HUB ID` shows both.",
        "match": "The words are sought as whole words in personas, documents and their titles.",
    }
    what = f"the {request.kind} {request.value}" if request.kind != "match" else "those words"
    return HubError(f"The hub {hub.path} has nothing of {what}.", cure=cures[request.kind])


def _kept(hub: Hub, number: int, ids: pa.ChunkedArray) -> int:
    path = hub.table_path("verdicts", number)
    if not path.is_file() or not len(ids):
        return 0
    rows = read_file(path, ["id", "kept"])
    kept = rows["id"].filter(rows["kept"])
    return int(pc.sum(pc.is_in(kept, value_set=ids.combine_chunks()), min_count=0).as_py())


def _set_tombstones(hub: Hub, request: Request, found: Found, reason: str | None) -> int:
    """Write those that are not there yet, in one file, which is whole or not there."""
    known = read_tombstones(hub)
    rows = pa.concat_tables(_rows(found))
    fresh = [
        rows.filter(
            pc.and_(
                pc.equal(rows["kind"], kind),
                pc.invert(pc.is_in(rows["id"], value_set=getattr(known, kind))),
            )
        )
        for kind in known.counts
    ]
    new = pa.concat_tables(fresh)
    if not len(new):
        return 0
    now = datetime.now(UTC).replace(microsecond=0)
    for name, value in (("asked", request.said), ("reason", reason), ("taken_at", now)):
        kind = TOMBSTONE.field(name).type
        new = new.append_column(name, pa.repeat(pa.scalar(value, kind), len(new)))
    last = max((int(file.stem.split("-")[1]) for file in hub.files(TAKEDOWNS)), default=0)
    path = hub.path / TAKEDOWNS / f"takedown-{last + 1:05d}.parquet"
    write_file(path, new.select(TOMBSTONE.names).cast(TOMBSTONE))
    return len(new)


def _rows(found: Found) -> Iterator[pa.Table]:
    """`kind`, `id`, `follows` of all that was found, each once."""
    follows = {"persona": found.personas.select(["id", "follows"])}
    follows["document"] = _alone(found.documents)
    for kind in ("source", "text"):
        follows[kind] = _alone(getattr(found.direct, kind))
    for kind, rows in follows.items():
        kinds = pa.repeat(pa.scalar(kind, pa.string()), len(rows))
        yield rows.add_column(0, "kind", kinds)


def _alone(ids: pa.Array) -> pa.Table:
    return pa.table([ids, pa.nulls(len(ids), pa.string())], names=["id", "follows"])


def _rule_out(hub: Hub, tombstones: Tombstones) -> int:
    """Give every persona that is taken down its verdict; says how many were kept before."""
    ledger = Ledger(hub.ledger_path)
    try:
        numbers = slice_numbers(hub)
        written = {number: _verdicts(hub, tombstones, number) for number in numbers}
        done = [one for one in ledger.done(VERDICTS) if one.slice_number in written]
        now = [_counted(hub, one, written[one.slice_number][0]) for one in done]
        if changed := [one for one in now if one not in done]:
            ledger.mark(changed)
        return sum(lost for _, lost in written.values())
    finally:
        ledger.close()


def _verdicts(hub: Hub, tombstones: Tombstones, number: int) -> tuple[dict[str, str], int]:
    """Write the verdicts of a slice anew, where one is not what the tombstones say.

    Returns:
        What was written, sha256 by name in the hub, and how many were kept before.
    """
    path = hub.table_path("verdicts", number)
    if not path.is_file():
        return {}, 0
    rows = read_file(path)
    gone = pc.is_in(rows["id"], value_set=tombstones.persona)
    said = pc.fill_null(pc.equal(rows["reason"], TAKEN_DOWN), False)
    if pc.all(pc.or_(pc.invert(gone), said)).as_py() in (True, None):
        return {}, 0
    lost = pc.sum(pc.and_(gone, rows["kept"])).as_py()
    columns = {
        "kept": pc.and_(rows["kept"], pc.invert(gone)),
        "reason": pc.if_else(gone, TAKEN_DOWN, rows["reason"]),
    }
    if WEIGHT in rows.column_names:
        columns[WEIGHT] = pc.if_else(gone, pa.scalar(None, pa.float32()), rows[WEIGHT])
    for name, column in columns.items():
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, rows.schema.field(place), column)
    return {str(path.relative_to(hub.path)): write_file(path, rows)}, lost


def _counted(hub: Hub, done: Done, written: dict[str, str]) -> Done:
    """The ledger's line of a slice of verdicts, counted anew."""
    path = hub.table_path("verdicts", done.slice_number)
    if not path.is_file():
        return done
    reasons = read_file(path, ["reason"])["reason"].drop_null()
    rejected = {one["values"].as_py(): one["counts"].as_py() for one in pc.value_counts(reasons)}
    kept = done.rows_in - Counter(rejected).total()
    return replace(done, rows_out=kept, rejected=rejected, files={**done.files, **written})


def _drop_index(hub: Hub) -> None:
    """Remove the search index, a cache that holds the texts: the next search makes it anew."""
    for folder in (hub.path / "index").glob("*/"):
        shutil.rmtree(folder, ignore_errors=True)


def excerpts(found: Found, most: int) -> Iterable[tuple[str, int, str]]:
    """Id, round and text of the first personas that were found."""
    rows = found.personas.slice(0, most).to_pylist()
    return ((one["id"], one["round"], one["persona"]) for one in rows)
