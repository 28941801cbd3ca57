"""One persona, from the sentence it came from to the verdict on it."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub import records
from indic_persona_hub.errors import HubError
from indic_persona_hub.models.journal import JournalReader
from indic_persona_hub.run.hub import Hub, open_hub, read_file


def show(path: Path, persona_id: str) -> dict[str, Any]:
    """The record of one persona of a hub or a release: every column that is known.

    Raises:
        HubError: There is no such persona there.
    """
    wanted = _checked(persona_id)
    if (path / "manifest.json").is_file():
        return _released(path, wanted)
    return _Tracer(open_hub(path)).record(wanted)


def trace(path: Path, persona_id: str) -> dict[str, Any]:
    """Everything that is known of one persona of a hub.

    Returns:
        `record`, `document` (with the passage that the model read; null where the persona comes
        from another), `prompt` (the messages as sent), `reply` (raw), `sketch` (prompt and reply
        of the call that read the passage, where that was another), `evidence` by judge, `verdict`,
        `parents` (nearest first) and `children`.

    Raises:
        HubError: There is no such persona there, or `path` is a release, which holds no evidence.
    """
    wanted = _checked(persona_id)
    if (path / "manifest.json").is_file():
        raise HubError(
            f"{path} is a release: it holds the personas, not how they came about.",
            cure="Give the hub that it was made from; `iph show` prints a released persona.",
        )
    return _Tracer(open_hub(path)).trace(wanted)


def _checked(persona_id: str) -> str:
    try:
        return str(uuid.UUID(persona_id))
    except ValueError as error:
        raise HubError(
            f"'{persona_id}' is not a persona id.",
            cure="Ids are UUIDs, as `iph search` prints them.",
        ) from error


def _absent(persona_id: str, path: Path) -> HubError:
    return HubError(
        f"There is no persona {persona_id} in {path}.",
        cure="`iph search` lists ids; a rejected reply has none.",
    )


def _released(path: Path, persona_id: str) -> dict[str, Any]:
    mark = f'"{persona_id}"'
    for file in sorted((path / "detailed").glob("*.jsonl")):
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                if mark in line and (found := json.loads(line))["id"] == persona_id:
                    return dict(found)
    raise _absent(persona_id, path)


class _Tracer:
    """Looks rows up in the slice that their id names; lineage never leaves it."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._slices = len(list((hub.path / "personas").glob("slice-*-round-0.parquet")))

    def record(self, persona_id: str) -> dict[str, Any]:
        persona = self._persona(persona_id)
        verdict = self._row("verdicts", persona_id) or {}
        attributes = self._row("evidence/attributes", persona_id) or {}
        named = {name: attributes.get(name) for name in records.ATTRIBUTES}
        known = {name: one for name, one in named.items() if one and one["value"] is not None}
        return persona | verdict | {"attributes": known}

    def trace(self, persona_id: str) -> dict[str, Any]:
        persona = self._persona(persona_id)
        prompt, reply = self._call(persona["journal_key"])
        sketch_prompt, sketch_reply = self._call(persona["sketch_key"])
        return {
            "record": self.record(persona_id),
            "document": self._document(persona),
            "prompt": prompt,
            "reply": reply,
            "sketch": {"prompt": sketch_prompt, "reply": sketch_reply} if sketch_prompt else None,
            "evidence": self._evidence(persona_id),
            "verdict": self._row("verdicts", persona_id),
            "parents": self._parents(persona),
            "children": self._children(persona_id),
        }

    def _row(self, table: str, row_id: str) -> dict[str, Any] | None:
        number = records.slice_of(row_id, self._slices)
        for file in sorted((self._hub.path / table).glob(f"slice-{number:03d}*.parquet")):
            rows = read_file(file)
            found = rows.filter(pc.equal(rows["id"], row_id))
            if found.num_rows:
                return dict(found.to_pylist()[0])
        return None

    def _persona(self, persona_id: str) -> dict[str, Any]:
        row = self._row("personas", persona_id) if self._slices else None
        if row is None:
            raise _absent(persona_id, self._hub.path)
        return row

    def _document(self, persona: dict[str, Any]) -> dict[str, Any] | None:
        document_id = persona["document_id"]
        row = self._row("documents", document_id) if document_id else None
        if row is None:
            return None
        span = (persona["passage_start"], persona["passage_end"])
        return row | {"span": list(span), "passage": row["text"][slice(*span)]}

    def _call(self, key: str | None) -> tuple[list[dict[str, str]] | None, dict[str, Any] | None]:
        if key is None:
            return None, None
        with JournalReader(self._hub.journal_path) as journal:
            entry = journal.request_of(key)
        if entry is None:
            return None, None
        prompt = [message._asdict() for message in entry.request.messages]
        return prompt, None if entry.reply is None else vars(entry.reply)

    def _evidence(self, persona_id: str) -> dict[str, Any]:
        folders = sorted(path for path in (self._hub.path / "evidence").iterdir() if path.is_dir())
        rows = {one.name: self._row(f"evidence/{one.name}", persona_id) for one in folders}
        return {name: _without_id(row) for name, row in rows.items() if row is not None}

    def _parents(self, persona: dict[str, Any]) -> list[dict[str, Any]]:
        parents = []
        while persona["parent_id"]:
            relation = persona["relation"]
            persona = self._persona(persona["parent_id"])
            parents.append(_brief(persona) | {"relation_to_child": relation})
        return parents

    def _children(self, persona_id: str) -> list[dict[str, Any]]:
        number = records.slice_of(persona_id, self._slices)
        files = sorted((self._hub.path / "personas").glob(f"slice-{number:03d}-*.parquet"))
        rows = pa.concat_tables([read_file(file) for file in files])
        children = rows.filter(pc.equal(rows["parent_id"], persona_id)).to_pylist()
        return [_brief(child) | {"relation": child["relation"]} for child in children]


def _brief(persona: dict[str, Any]) -> dict[str, Any]:
    return {name: persona[name] for name in ("id", "persona", "round")}


def _without_id(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "id"}
