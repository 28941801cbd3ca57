"""The rule of `verdicts.decide` a second time, in the engine, for clusters.

A test holds the two equal. Only sizes of domains, and the names of those that keep one more, ever
come to the driver.
"""

from __future__ import annotations

from functools import reduce
from operator import add

import daft
import pyarrow as pa
from daft import DataFrame, Expression, Window, col, lit
from daft.functions import count, is_in, row_number, when
from daft.functions import hash as hash_of

from indic_persona_hub.select.settings import Selection
from indic_persona_hub.select.standing import Reason
from indic_persona_hub.select.verdicts import room

_BEST_FIRST = ("confidence", "tie", "id")
#: A window over millions of tiny groups took 15 times the time and 17 times the memory of one over
#: this many cells, each with the groups of one hash.
_CELLS = 1024
_PASSES = col("reason") == lit(int(Reason.KEPT))


def decide_in_daft(frame: DataFrame, selection: Selection) -> DataFrame:
    """Verdicts on all personas; see `verdicts.decide`.

    Args:
        frame: `id` (unique, of any type that has an order) and the columns of `Standing` with the
            same meaning, none null; `domain`, `method`, `language`, `source` may be strings.

    Returns:
        `id` and `reason` (int16, as in `Reasons.codes`), in any order.
    """
    judged = frame.with_column("reason", _judged(selection)).collect()
    screened = _best_of_documents(judged, selection.per_document).collect()
    domains = screened.where(_PASSES).groupby("domain").agg(count(col("id")).alias("size"))
    sizes = domains.to_arrow()
    level, more = room(sizes["size"].to_numpy(), selection)
    too_large = sizes.filter(pa.array(sizes["size"].to_numpy() > level))
    verdicts = screened.select("id", "reason")
    if not too_large.num_rows:
        return verdicts
    sized = screened.join(daft.from_arrow(too_large), on="domain", how="left").collect()
    ranks = _PASSES & col("size").not_null()
    ranked = _with_position(sized.where(ranks)).collect()
    decided = ranked.with_column("reason", _by_position(ranked, level, more, selection.cap))
    return sized.where(~ranks).select("id", "reason").concat(decided.select("id", "reason"))


def _judged(selection: Selection) -> Expression:
    """What `failed` says, or `BELOW_CONFIDENCE`, or `KEPT`."""
    # In the 32 bits that confidence is kept in, or a score equal to the minimum is below it.
    minimum = lit(selection.minimum_confidence).cast(daft.DataType.float32())
    weak = (col("confidence") < minimum) | col("confidence").is_nan()
    code = when(col("failed") != lit(0), col("failed"))
    code = code.when(weak, lit(int(Reason.BELOW_CONFIDENCE)))
    return code.otherwise(lit(int(Reason.KEPT))).cast(daft.DataType.int16())


def _best_of_documents(frame: DataFrame, per_document: int) -> DataFrame:
    ranks = _PASSES & (col("document") >= lit(0))
    placed = _with_place(frame.where(ranks), "place", ("document",), ("confidence", "id"))
    struck = col("place") >= lit(per_document)
    reason = when(struck, lit(int(Reason.NOT_BEST_OF_DOCUMENT))).otherwise(col("reason"))
    placed = placed.with_column("reason", reason.cast(daft.DataType.int16())).exclude("place")
    return frame.where(~ranks).concat(placed)


def _with_position(frame: DataFrame) -> DataFrame:
    """`position`, from 0, of each row in its domain; see `spread`."""
    frame = _with_place(frame, "rank", ("domain", "cluster"), _BEST_FIRST)
    frame = frame.with_column("rank", when(col("cluster") >= lit(0), col("rank")).otherwise(lit(0)))
    stratum = ("domain", "method", "language", "source")
    frame = _with_place(frame, "place", stratum, ("rank", *_BEST_FIRST))
    return _with_place(frame, "position", ("domain",), ("place", *_BEST_FIRST))


def _with_place(
    frame: DataFrame, name: str, group: tuple[str, ...], order: tuple[str, ...]
) -> DataFrame:
    """`name` (int64): how many rows of its `group` stand before each row in `order`."""
    columns = [*group, *order]
    cell = reduce(add, (hash_of(col(one)) % lit(_CELLS) for one in group)) % lit(_CELLS)
    window = Window().partition_by("cell")
    window = window.order_by(columns, desc=[one == "confidence" for one in columns])
    number = row_number().over(window).cast(daft.DataType.int64())
    numbered = frame.with_column("cell", cell).with_column(name, number).collect()
    first = numbered.groupby(*group).agg(col(name).min().alias("first"))
    placed = numbered.join(first, on=list(group)).with_column(name, col(name) - col("first"))
    return placed.select(*frame.column_names, name)


def _by_position(ranked: DataFrame, level: int, more: int, cap: int) -> Expression:
    """The code of each row, where every domain keeps `level` and `more` of them one more."""
    next_in_line = ranked.where(col("position") == lit(level))
    best = next_in_line.sort(list(_BEST_FIRST), desc=[True, False, False]).limit(more)
    domains = best.select("domain").to_pydict()["domain"] if more else []
    kept = col("position") < lit(level)
    if domains:
        kept = kept | ((col("position") == lit(level)) & is_in(col("domain"), domains))
    code = when(kept, lit(int(Reason.KEPT))).when(
        col("position") < lit(cap), lit(int(Reason.OVER_TARGET))
    )
    return code.otherwise(lit(int(Reason.OVER_CAP))).cast(daft.DataType.int16())
