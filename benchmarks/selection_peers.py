"""Capped selection as one would write it in other libraries. Each gives the rows that are kept.

`polars_same_rule` spreads over strata and clusters as we do and must keep the same rows. The plain
caps do less: the most confident of each domain stay.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from selection_rows import read_ids, read_standing

from indic_persona_hub.select.settings import Selection


def polars_same_rule(folder: Path, selection: Selection) -> NDArray[np.int64]:
    import polars as pl

    def number(*columns: str) -> pl.Expr:
        return pl.int_range(pl.len()).over(*columns)

    frame = _passing_in_polars(folder, selection).sort(
        "confidence", "tie", "row", descending=[True, False, False]
    )
    rank = pl.when(pl.col("cluster") >= 0).then(number("domain", "cluster")).otherwise(0)
    frame = frame.with_columns(rank=rank).sort("rank", maintain_order=True)
    frame = frame.with_columns(place=number("domain", "method", "language", "source"))
    frame = frame.sort("place", "confidence", "tie", "row", descending=[False, True, False, False])
    return frame.filter(number("domain") < selection.cap)["row"].sort().to_numpy()


def polars_plain_cap(folder: Path, selection: Selection) -> NDArray[np.int64]:
    import polars as pl

    best = pl.col("confidence").rank("ordinal", descending=True).over("domain")
    frame = _passing_in_polars(folder, selection).filter(best <= selection.cap)
    return frame["row"].sort().to_numpy()


def _passing_in_polars(folder: Path, selection: Selection):
    import polars as pl

    frame = pl.DataFrame(read_standing(folder)._asdict()).with_row_index("row")
    minimum = np.float32(selection.minimum_confidence)
    frame = frame.filter(pl.col("failed") == 0, pl.col("confidence") >= minimum)
    rank = pl.col("confidence").rank("ordinal", descending=True).over("document")
    return frame.filter((pl.col("document") < 0) | (rank <= selection.per_document))


def pandas_plain_cap(folder: Path, selection: Selection) -> NDArray[np.int64]:
    import pandas as pd

    frame = pd.DataFrame(read_standing(folder)._asdict(), copy=False)
    minimum = np.float32(selection.minimum_confidence)
    frame = frame[(frame["failed"] == 0) & (frame["confidence"] >= minimum)]
    rank = frame.groupby("document")["confidence"].rank("first", ascending=False)
    frame = frame[(frame["document"] < 0) | (rank <= selection.per_document)]
    best = frame.groupby("domain")["confidence"].rank("first", ascending=False)
    return np.sort(frame.index.to_numpy()[best <= selection.cap])


def in_daft(folder: Path, selection: Selection) -> NDArray[np.int64]:
    """Our own rule in the engine that clusters use, in process."""
    import daft
    import pyarrow as pa

    from indic_persona_hub.select.in_daft import decide_in_daft

    columns = {"id": np.arange(len(read_ids(folder))), **read_standing(folder)._asdict()}
    made = decide_in_daft(daft.from_arrow(pa.table(columns)), selection)
    kept = made.where(daft.col("reason") == daft.lit(0)).select("id").to_arrow()
    return np.sort(kept["id"].to_numpy())
