"""The stage that takes personas in that others made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pyarrow as pa

from indic_persona_hub.ingest.documents import settled
from indic_persona_hub.ingest.identities import identify_all
from indic_persona_hub.stage import REASON, REASON_DETAIL, RowStage, Workbench

if TYPE_CHECKING:
    from daft import DataFrame

_IDENTITY = pa.struct([("language", pa.string()), ("script", pa.string())])
_KEPT = (
    "id", "persona", "domain_label", "synth_method", "model", "source", "source_id",
    "source_licence", "source_url", "stated", REASON, REASON_DETAIL,
)  # fmt: skip


class Adopt(RowStage):
    """Rows of a persona set become personas: texts untouched, language and script told.

    A stated language counts where the script of the text bears it out. Cells of columns that state
    an attribute go along as they are.
    """

    name: ClassVar[str] = "adopt"
    revision: ClassVar[int] = 2

    def apply(self, frame: DataFrame, bench: Workbench) -> DataFrame:
        """Maps `ingest.pool_rows.POOL` to the columns of `records.PERSONA` that are known, with
        `reason`, `reason_detail`, row by row.
        """
        from daft import DataType, Series, col, func, lit

        @func.batch(return_dtype=DataType.from_arrow_type(_IDENTITY))
        def identity(texts: Series, stated: Series) -> Any:
            found = identify_all(texts.to_arrow())
            rows = zip(stated.to_pylist(), found, strict=True)
            return pa.array([settled(*row)[:2] for row in rows], type=_IDENTITY)

        found = frame.with_column("identity", identity(col("persona"), col("stated_language")))
        return found.select(
            *map(col, _KEPT),
            col("identity").get("language").alias("language"),
            col("identity").get("script").alias("script"),
            lit("unknown").alias("model_licence"),
            lit(0).cast("int32").alias("round"),
            col("place").alias("source_row"),
        )
