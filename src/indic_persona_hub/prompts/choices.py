"""Several replies to one ask (`Sampling.choices`): a row each, and none that only repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import daft
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub.stage import REASON, REASON_DETAIL

if TYPE_CHECKING:
    from daft import DataFrame

#: A choice that the endpoint did not give.
NO_CHOICE: Final = "no_choice"
#: A choice that says what an earlier one of its ask says: it adds nothing.
SAME: Final = "same_as_another_choice"
_SHOWN_CHARACTERS: Final = 300


def each_choice(answered: DataFrame, choices: int) -> DataFrame:
    """What `Workbench.ask` returned, with as many rows an ask as choices were asked for.

    A choice that is not there gets a row with the reason `no_choice`; where the call gave no reply
    at all, with the reason of the row that there is.
    """
    if choices == 1:
        return answered
    table = answered.to_arrow()
    first = np.flatnonzero(table["choice"].to_numpy() == 0)
    given = np.diff(np.append(first, table.num_rows))
    number = np.tile(np.arange(choices), len(first))
    missing = number >= np.repeat(given, choices)
    if not missing.any():
        return answered
    rows = table.take(pa.array(np.repeat(first, choices) + np.where(missing, 0, number)))
    lost = pa.array(missing)
    silent = pc.and_(pc.equal(rows["prompt_tokens"], 0), pc.is_valid(rows[REASON]))
    left_out = pc.and_not(lost, silent)
    detail = [f"the endpoint gave {one} of {choices}" for one in np.repeat(given, choices)]
    changes = {
        "choice": pa.array(number, pa.int32()),
        "reply": pc.if_else(lost, None, rows["reply"]),
        "repaired": pc.and_not(rows["repaired"], lost),
        "prompt_tokens": pc.if_else(lost, 0, rows["prompt_tokens"]),
        "completion_tokens": pc.if_else(lost, 0, rows["completion_tokens"]),
        REASON: pc.if_else(left_out, NO_CHOICE, rows[REASON]),
        REASON_DETAIL: pc.if_else(left_out, pa.array(detail), rows[REASON_DETAIL]),
    }
    return daft.from_arrow(_changed(rows, changes))


def none_twice(made: DataFrame, origin: str, choices: int) -> DataFrame:
    """Personas with a reason, of which each that an earlier choice of its ask gave is rejected.

    Args:
        made: Personas, those of a lower choice first; `candidate` counts choices within asks.
        origin: The column that says what was asked about: `document_id` or `parent_id`.
        choices: Choices of each ask.
    """
    if choices == 1:
        return made
    table = made.to_arrow()
    seen: set[tuple[str, int, str]] = set()
    twice = []
    names = (origin, "candidate", "persona")
    for about, candidate, persona in zip(*(table[name].to_pylist() for name in names), strict=True):
        said = (about, candidate // choices, persona)
        twice.append(persona is not None and said in seen)
        seen.add(said)
    lost = pa.array(twice, pa.bool_())
    shown = pc.utf8_slice_codeunits(table["persona"], 0, _SHOWN_CHARACTERS)
    changes = {
        REASON: pc.if_else(lost, SAME, table[REASON]),
        REASON_DETAIL: pc.if_else(lost, shown, table[REASON_DETAIL]),
    }
    for name in ("persona", "domain_label", "stated"):
        changes[name] = pc.if_else(lost, pa.scalar(None, table[name].type), table[name])
    return daft.from_arrow(_changed(table, changes))


def _changed(table: pa.Table, columns: dict[str, pa.Array]) -> pa.Table:
    for name, column in columns.items():
        field = table.schema.field(name)
        table = table.set_column(table.schema.get_field_index(name), field, column.cast(field.type))
    return table
