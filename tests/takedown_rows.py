"""What a hub says of its rows, and who belongs together, told without the code under test."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from indic_persona_hub.run.hub import Hub
from indic_persona_hub.run.takedown import Request, TakenDown, take_down


def rows_of(hub: Hub, table: str) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in hub.read(table).to_pylist()}


def kept_of(hub: Hub) -> set[str]:
    return {one for one, row in rows_of(hub, "verdicts").items() if row["kept"]}


def family(hub: Hub, origins: Iterable[str]) -> set[str]:
    """Origins (documents or personas) and everyone below them, told by walking up from each row."""
    personas, wanted = rows_of(hub, "personas"), set(origins)

    def is_below(one: str | None) -> bool:
        while one:
            row = personas.get(one)
            if one in wanted or (row and row["document_id"] in wanted):
                return True
            one = row["parent_id"] if row else None
        return False

    return {one for one in personas if is_below(one)}


def taken(hub: Hub, kind: Any, value: str) -> TakenDown:
    done = take_down(hub, Request(kind, value), reason="asked by mail")
    assert done is not None
    return done
