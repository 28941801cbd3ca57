"""The first call of the `small_model` preset: from documents to the people to write about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
from daft import DataType, col, lit
from daft.functions import left, unnest

from indic_persona_hub.extract.passages import passage
from indic_persona_hub.extract.sketches import Subject, subject
from indic_persona_hub.frames import by_row
from indic_persona_hub.prompts import Prompt, load
from indic_persona_hub.prompts.wanted import Wanted, wanted_of
from indic_persona_hub.stage import REASON, REASON_DETAIL, Sampling, Workbench

if TYPE_CHECKING:
    from daft import DataFrame

#: A sketch that names nobody whom one could write about.
NO_ROLE: Final = "no_role"
_SAMPLING: Final = Sampling(temperature=0.5, min_p=0.1, max_tokens=80, stop=("\n\n",))
_SHOWN_CHARACTERS: Final = 300
_TITLE_CHARACTERS: Final = 200  # of what the model reads
_PASSAGE: Final = pa.struct(
    [("passage", pa.string()), ("passage_start", pa.int32()), ("passage_end", pa.int32())]
)
_SUBJECT: Final = [(name, pa.string()) for name in Subject._fields]
_ASK: Final = pa.struct(
    [("draw", pa.int64()), *_SUBJECT, (REASON, pa.string()), (REASON_DETAIL, pa.string())]
)
_SEEN: Final = ("document_id", "document_language", "reply", REASON, REASON_DETAIL)


def sketch_prompt() -> Prompt:
    """The prompt that asks for topic, place and roles."""
    return load("text_to_persona_sketch")


def sketched(
    frame: DataFrame,
    bench: Workbench,
    *,
    prompt: Prompt,
    model: str,
    stances: Sequence[str],
    passage_tokens: int,
    asks: int,
) -> DataFrame:
    """Ask for one sketch a document and open it to `asks` rows.

    Args:
        frame: `records.DOCUMENT`; where it has a column `wanted` (`prompts.wanted.WANTED`), a
            document is opened to those people.
        passage_tokens: Bound on `estimated_tokens` of the passage that the model reads.

    Returns:
        document_id, passage, its span, sketch_key (of the sketch in the journal), draw, the fields
        of `sketches.Subject` and reason, reason_detail: null, or why this person cannot be written
        about.
    """
    passages = by_row(
        lambda document: _passage(document["text"], passage_tokens), _PASSAGE, ["text"]
    )
    wanted = [col("wanted")] if "wanted" in frame.column_names else []
    read = frame.select(
        col("id").alias("document_id"),
        col("id").alias("affinity"),
        col("language").alias("document_language"),
        left(col("title").fill_null(""), _TITLE_CHARACTERS).alias("title"),
        lit(0).cast(DataType.int64()).alias("draw"),
        *wanted,
        passages.alias("span"),
    )
    read = read.select(*read.exclude("span").column_names, unnest(col("span")))
    answered = bench.ask(read, prompt=prompt, model=model, sampling=_SAMPLING)
    chance = str(bench.seed)
    names = [*_SEEN, *(["wanted"] if wanted else [])]
    opened = by_row(lambda row: _asks_of(row, stances, asks, chance), pa.list_(_ASK), names)
    kept = ("document_id", "passage", "passage_start", "passage_end")
    return (
        answered.select(*kept, col("journal_key").alias("sketch_key"), opened.alias("ask"))
        .explode("ask")
        .select(*kept, "sketch_key", unnest(col("ask")))
    )


def _passage(text: str, max_tokens: int) -> dict[str, Any]:
    start, end = passage(text, max_tokens=max_tokens)
    return {"passage": text[start:end], "passage_start": start, "passage_end": end}


def _asks_of(
    row: dict[str, Any], stances: Sequence[str], asks: int, seed: str
) -> list[dict[str, Any]]:
    wanted = wanted_of(row)
    if wanted is not None:
        return [{"draw": one.number} | _ask(row, stances, one.number, seed, one) for one in wanted]
    return [{"draw": draw} | _ask(row, stances, draw, seed) for draw in range(asks)]


def _ask(
    row: dict[str, Any], stances: Sequence[str], draw: int, seed: str, wanted: Wanted | None = None
) -> dict[str, Any]:
    if row[REASON] is not None:
        return {REASON: row[REASON], REASON_DETAIL: row[REASON_DETAIL]}
    found = subject(
        row["reply"],
        language=row["document_language"],
        stances=stances,
        draw=draw,
        chance=f"{seed} {row['document_id']}",
        wanted=wanted,
    )
    if found is None:
        return {REASON: NO_ROLE, REASON_DETAIL: row["reply"][:_SHOWN_CHARACTERS]}
    return dict(found._asdict())
