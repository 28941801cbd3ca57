"""The attributes of a persona set that others made, read from its texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast

import daft
import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub.audit.coding.parts import Part, joined, named, part_of
from indic_persona_hub.audit.stewardship.gathering import Gathered, gather
from indic_persona_hub.audit.stewardship.lists import Lists
from indic_persona_hub.ingest.persona_sets import PersonaSource, PoolUnit, pool_units, read_pool
from indic_persona_hub.judge.attributes import Attributes
from indic_persona_hub.records import STATED
from indic_persona_hub.run.curation import persona_source
from indic_persona_hub.stage import REASON, Workbench

_WITHOUT_TEXT: Final = pa.array(["missing_text", "empty_text"], pa.string())


def set_units(path: Path, fields: Mapping[str, str]) -> list[tuple[PersonaSource, PoolUnit, bool]]:
    """The set in stretches of rows, each with whether it has texts; see `persona_source`.

    Raises:
        RecipeError: There is no such field.
        SourceError: Nothing is there, or no column holds a text or states an attribute.
    """
    source = persona_source(path, fields, needs_text=False)
    stated = [theirs for ours, theirs in source.fields.items() if ours != "persona"]
    has_text = "persona" in fields or source.fields["persona"] not in stated
    return [(source, unit, has_text) for unit in pool_units(source)]


def part_of_unit(
    source: PersonaSource, unit: PoolUnit, has_text: bool, lists: Lists | None
) -> Part:
    """Codes of one stretch; rows that cannot be used are counted by their reason.

    Args:
        lists: What is looked for in the texts; None: nothing is gathered from them.

    Raises:
        SourceError: The file is damaged.
    """
    parts, rejected = list[Part](), Counter[str]()
    gathered = None if lists is None else Gathered.nothing(lists)
    for table in read_pool(source, unit):
        table = _with_rows_of_columns(table, has_text=has_text)
        rejected.update(reason for reason in table[REASON].to_pylist() if reason is not None)
        usable = table.filter(pc.is_null(table[REASON]))
        if usable.num_rows:
            found = attributes_of_texts(usable)
            parts.append(part_of(named(found), found.num_rows))
            if gathered is not None and lists is not None:
                ids = pc.coalesce(usable["source_id"], usable["place"]).to_pylist()
                gather(gathered, usable["persona"].to_pylist(), ids, named(found), lists)
    whole = joined(parts)
    whole.rejected = rejected
    whole.gathered = None if gathered is None else gathered.small()
    return whole


def _with_rows_of_columns(table: pa.Table, *, has_text: bool) -> pa.Table:
    """`table` without a reason where a row has no text, and columns that state something of it."""
    told = pc.fill_null(pc.greater(pc.list_value_length(table["stated"]), 0), False)
    saved = pc.and_(pc.is_in(table[REASON], value_set=_WITHOUT_TEXT), told)
    if not has_text:
        saved = pc.or_(saved, pc.is_null(table[REASON]))
    reasons = pc.if_else(saved, pa.scalar(None, pa.string()), table[REASON])
    texts = pc.if_else(saved, pa.scalar("", table["persona"].type), table["persona"])
    names = table.column_names
    table = table.set_column(names.index(REASON), REASON, reasons)
    return table.set_column(names.index("persona"), "persona", texts)


def attributes_of_texts(personas: pa.Table) -> pa.Table:
    """`records.ATTRIBUTE_EVIDENCE` of a table with `id`, `persona` and perhaps `stated`."""
    rows = personas.num_rows
    stated = personas["stated"] if "stated" in personas.column_names else pa.nulls(rows, STATED)
    frame = daft.from_arrow(
        pa.table(
            {
                "id": personas["id"],
                "persona": personas["persona"],
                "stated": stated,
                "origin_text": pa.nulls(rows, pa.string()),
            }
        )
    )
    bench = cast(Workbench, None)  # the stage asks no model
    return Attributes().apply(frame, bench).to_arrow()
