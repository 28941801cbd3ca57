"""One value an attribute: columns of a set first, then the text's own words, then the model's.

A column is what the set itself says of its row, so it wins; where the text says otherwise, that is
kept beside it as contradicted. A cell that means no value of ours is kept as unrecognised, and the
text's own word stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

from indic_persona_hub.judge.reading.attribute_rules import Value
from indic_persona_hub.judge.reading.columns import (
    ATTRIBUTE_OF,
    code_of_cell,
    is_abroad,
    is_silent,
    occupation_code_of_cell,
    state_of_cells,
)
from indic_persona_hub.judge.reading.reliability import BY_COLUMN, BY_MODEL
from indic_persona_hub.judge.reading.stated_values import as_written, normalised, state_of_district
from indic_persona_hub.records import ATTRIBUTES

#: What nobody has who lives in another country.
_IN_INDIA: Final = frozenset(("country", "state", "district"))
Known = TypeVar("Known")
Stated = Mapping[str, str | None]


class Settled(NamedTuple):
    """What is known of one persona.

    Attributes:
        found: Values by attribute; names that are not stated are left out.
        unrecognised: Columns and cells that mean no value of ours.
        contradicted: Attribute, value and words of the text where a column says otherwise.
    """

    found: Mapping[str, Value]
    unrecognised: Sequence[tuple[str, str]] = ()
    contradicted: Sequence[tuple[str, str, str]] = ()


def settled(
    ruled: Mapping[str, Value], stated: Sequence[Stated], texts: tuple[str, str]
) -> Settled:
    """What is known from the rules' values, a set's columns and a model's claims.

    Args:
        ruled: What the text itself states.
        stated: As `records.STATED`: claims of a model, or cells of columns.
        texts: The persona's text and the text in which a model's words may stand beside it.
    """
    cells = {one["name"]: one["value"] for one in stated if one["words"] is None}
    told = Settled(ruled)
    if known := {name: cell for name, cell in cells.items() if name in ATTRIBUTE_OF and cell}:
        told = _with_columns(ruled, {str(name): str(cell) for name, cell in known.items()})
    claims = [one for one in stated if one["words"] is not None]
    return told._replace(found=_with_claims(told.found, claims, texts)) if claims else told


def _with_columns(ruled: Mapping[str, Value], cells: Mapping[str, str]) -> Settled:
    columns: dict[str, Value] = {}
    unrecognised: list[tuple[str, str]] = []
    placed = [name for name in ("country", "state") if name in cells]
    if abroad := [name for name in placed if is_abroad(name, cells[name])]:
        unrecognised += [(name, cells[name]) for name in abroad]
        ruled, cells = _without_place(ruled), _without_place(cells)
    cells = {name: cell for name, cell in cells.items() if not is_silent(cell)}
    cells.pop("country", None)
    state = state_of_cells(cells)
    for name, cell in cells.items():
        if name == "state":
            value = state
        elif name == "district" and state is None and "state" in cells:
            value = None  # it may lie anywhere: "Salem" beside "OR"
        else:
            value = code_of_cell(name, cell, state if name == "district" else None)
        code = occupation_code_of_cell(cell) if name == "occupation" else None
        for attribute, one in ((ATTRIBUTE_OF[name], value), ("occupation_code", code)):
            if one is not None:
                columns[attribute] = Value(one, cell, "column", BY_COLUMN)
        if value is None and code is None:
            unrecognised.append((name, cell))
    return _merged(ruled, _with_state(columns), unrecognised)


def _without_place(known: Mapping[str, Known]) -> dict[str, Known]:
    return {name: one for name, one in known.items() if name not in _IN_INDIA}


def _with_state(found: dict[str, Value]) -> dict[str, Value]:
    """A district states its state too."""
    if "district" in found and "state" not in found:
        district = found["district"]
        found["state"] = district._replace(value=state_of_district(district.value))
    return found


def _merged(
    ruled: Mapping[str, Value], columns: Mapping[str, Value], unrecognised: list[tuple[str, str]]
) -> Settled:
    other = [name for name, one in columns.items() if name in ruled and _differ(name, one, ruled)]
    dropped = {
        *columns,
        *(("occupation", "occupation_code") if "occupation_code" in columns else ()),
    }
    state = columns.get("state")
    away = "district" in ruled and state_of_district(ruled["district"].value)
    if state is not None and away and away != state.value:
        dropped.add("district")  # the text's district lies in another state
    found = {name: one for name, one in ruled.items() if name not in dropped} | dict(columns)
    words = [(name, ruled[name].value, ruled[name].words) for name in ATTRIBUTES if name in other]
    return Settled(found, unrecognised, words)


def _differ(name: str, column: Value, ruled: Mapping[str, Value]) -> bool:
    """Whether the text's value cannot be true beside the column's."""
    said = ruled[name].value
    if name == "occupation_code":
        return not (said.startswith(column.value) or column.value.startswith(said))
    return name != "occupation" and said != column.value


def _with_claims(
    found: Mapping[str, Value], claims: Iterable[Stated], texts: tuple[str, str]
) -> Mapping[str, Value]:
    """The values found, and those that a model states beside them with words of a text."""
    told = dict(found)
    for name in ATTRIBUTES:
        for one in claims:
            if one["name"] == name and name not in told:
                value = _by_model(name, one, told, texts)
                if value is not None:
                    told[name] = value
    return _with_state(told)


def _by_model(
    name: str, one: Stated, found: Mapping[str, Value], texts: tuple[str, str]
) -> Value | None:
    """The model's value as a code, if its words stand in a text and do not speak against it."""
    words = next((words for text in texts if (words := as_written(one["words"] or "", text))), None)
    if words is None:
        return None
    state = found["state"].value if "state" in found else None
    value = normalised(name, one["value"] or "", words, state)
    return None if value is None else Value(value, words, "model", BY_MODEL)
