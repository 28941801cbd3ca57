"""Exact duplicates: the same words, whatever their case, spaces and punctuation."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, ClassVar, Final

import daft
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from daft import DataFrame, DataType, Series, col

from indic_persona_hub.judge.lsh import first_rows
from indic_persona_hub.judge.words import words_of
from indic_persona_hub.stage import SetJudge, Workbench

_KEY_BYTES: Final = 16


class ExactDuplicates(SetJudge):
    """Keep the most confident of the personas with the same words in the same order.

    The key is 128 bits of blake2b over the words in NFC and casefolded, without joiners and
    punctuation. `value` is 1 for a persona that repeats a better one, else 0; `score` is
    1 - `value`; `fails` where it is 1. Own column: `survivor`, the id of the one to keep, which is
    the persona's own id where there is no other. Ties go to the lowest id.
    """

    name: ClassVar[str] = "exact_duplicates"

    def apply(self, frame: DataFrame, bench: Workbench) -> DataFrame:
        """Maps (id, persona, confidence_score) to evidence and `survivor`, ids ascending."""
        keyed = frame.select("id", "confidence_score", _key(col("persona")).alias("key"))
        ranked = ranked_rows(keyed.to_arrow())
        survivor = first_rows(ranked["key"].combine_chunks().dictionary_encode().indices.to_numpy())
        repeated = survivor != np.arange(len(survivor))
        return evidence_frame(
            ranked["id"],
            value=repeated.astype(np.float32),
            fails=repeated,
            survivor=survivor,
        )


@daft.func.batch(return_dtype=DataType.binary())
def _key(personas: Series) -> Any:
    return pa.array([_digest(one) for one in personas.to_pylist()], pa.binary())


def _digest(persona: str) -> bytes:
    return blake2b(" ".join(words_of(persona)).encode(), digest_size=_KEY_BYTES).digest()


def ranked_rows(table: pa.Table) -> pa.Table:
    """`table` with the rows to keep first: highest `confidence_score`, then lowest `id`."""
    known = pc.fill_null(table["confidence_score"], 0.0)
    table = table.set_column(
        table.column_names.index("confidence_score"), "confidence_score", known
    )
    return table.sort_by([("confidence_score", "descending"), ("id", "ascending")])


def evidence_frame(
    ids: pa.ChunkedArray, *, value: Any, fails: Any, survivor: Any, **own: pa.Array
) -> DataFrame:
    """`records.EVIDENCE`, `survivor` (an index into `ids`, stored as that id) and `own` columns."""
    survivor_ids = ids.take(pa.array(survivor))
    columns = {
        "id": ids,
        "value": pa.array(value, pa.float32()),
        "score": pa.array(1 - value, pa.float32()),
        "fails": pa.array(fails, pa.bool_()),
        "detail": pc.if_else(pa.array(fails, pa.bool_()), survivor_ids, ""),
        "survivor": survivor_ids,
        **own,
    }
    return daft.from_arrow(pa.table(columns).sort_by("id"))
