"""Verdicts: thresholds, the best of each document, the cap per domain, exactly N.

Works on narrow rows only (id, keys, scores), never on text. One definition in Daft, so that it
runs the same in process and on a cluster.
"""

from __future__ import annotations

import daft
import pyarrow as pa
from daft import DataFrame, Expression, Window, col, lit
from daft.functions import count, hash, is_in, row_number, when

from indic_persona_hub.select.settings import Selection

NOT_BEST = "not_best_of_document"
BELOW_CONFIDENCE = "below_confidence"
OVER_CAP = "over_cap"
OVER_TARGET = "over_target"


def best_of_documents(standing: pa.Table, selection: Selection) -> pa.ChunkedArray:
    """Ids that no judge fails and that are among the best of their document.

    Args:
        standing: id, document_id (null for personas that come from another persona),
            confidence_score, judge (null where no judge fails).
    """
    frame = _judged(daft.from_arrow(standing), selection)
    frame = _best_of_document(frame, selection.per_document)
    return frame.where(col("reason").is_null()).select("id").to_arrow().sort_by("id")["id"]


def decide(standing: DataFrame, selection: Selection, seed: int) -> DataFrame:
    """Verdicts on all personas.

    Args:
        standing: id, document_id, confidence_score, judge, domain.
        selection: Thresholds, cap and target.
        seed: Breaks ties.

    Returns:
        `records.VERDICT`, one row a persona; the first reason that applies is the one given.
    """
    frame = _judged(standing, selection).with_column("tie", hash(col("id"), seed=seed))
    frame = _best_of_document(frame, selection.per_document)
    frame = _under_cap(frame, selection.cap)
    if selection.target is not None:
        frame = _ruled_out(frame, _best_first(Window()), selection.target, OVER_TARGET)
    kept = col("reason").is_null().alias("kept")
    return frame.select("id", kept, "reason", "confidence_score", "domain")


def statement(kept: int, selection: Selection) -> str | None:
    """What to say where the target is out of reach."""
    if selection.target is None or kept >= selection.target:
        return None
    return (
        f"The target of {selection.target} personas is out of reach:"
        f" {kept} pass every judge and fit under the cap of {selection.cap} a domain."
    )


def _judged(frame: DataFrame, selection: Selection) -> DataFrame:
    # In the 32 bits that confidence is kept in, or a score equal to the minimum is below it.
    minimum = lit(selection.minimum_confidence).cast(daft.DataType.float32())
    weak = col("confidence_score") < minimum
    judged = when(col("judge").not_null(), lit("judge:") + col("judge"))
    reason = judged.when(weak, lit(BELOW_CONFIDENCE)).otherwise(lit(None))
    return frame.with_column("reason", reason.cast(daft.DataType.string()))


def _best_of_document(frame: DataFrame, per_document: int) -> DataFrame:
    eligible = frame.where(col("reason").is_null() & col("document_id").not_null())
    window = Window().partition_by("document_id")
    window = window.order_by(["confidence_score", "id"], desc=[True, False])
    ranked = eligible.with_column("rank", row_number().over(window))
    return _with_reason(frame, ranked.where(col("rank") > lit(per_document)), NOT_BEST)


def _under_cap(frame: DataFrame, cap: int) -> DataFrame:
    """Only the over-full domains are ranked: two passes, the second over few rows."""
    sizes = (
        frame.where(col("reason").is_null())
        .groupby("domain")
        .agg(count(col("id")).alias("personas"))
    )
    full = sizes.where(col("personas") > lit(cap)).select("domain").to_pydict()["domain"]
    if not full:
        return frame
    window = _best_first(Window().partition_by("domain"))
    return _ruled_out(frame, window, cap, OVER_CAP, is_in(col("domain"), full))


def _ruled_out(
    frame: DataFrame, window: Window, limit: int, reason: str, among: Expression | None = None
) -> DataFrame:
    standing = col("reason").is_null() if among is None else col("reason").is_null() & among
    ranked = frame.where(standing).with_column("rank", row_number().over(window))
    return _with_reason(frame, ranked.where(col("rank") > lit(limit)), reason)


def _with_reason(frame: DataFrame, losers: DataFrame, reason: str) -> DataFrame:
    marked = losers.select("id", lit(reason).alias("new_reason"))
    joined = frame.join(marked, on="id", how="left")
    first = when(col("reason").not_null(), col("reason")).otherwise(col("new_reason"))
    return joined.with_column("reason", first).exclude("new_reason")


def _best_first(window: Window) -> Window:
    return window.order_by(["confidence_score", "tie", "id"], desc=[True, False, False])
