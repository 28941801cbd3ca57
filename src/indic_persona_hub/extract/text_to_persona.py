"""Text-to-Persona: who would read, write, like or dislike a document."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, Self

import pyarrow as pa
from daft import DataType, col, lit
from daft.functions import unnest
from pydantic import Field, model_validator

from indic_persona_hub import records
from indic_persona_hub.extract.passages import estimated_tokens, passage
from indic_persona_hub.extract.sketching import sketch_prompt, sketched
from indic_persona_hub.frames import by_row
from indic_persona_hub.prompts import Prompt, load
from indic_persona_hub.prompts.replies import (
    Answer,
    StructuredPersona,
    opening,
    read_sentence,
    read_structured,
)
from indic_persona_hub.stage import REASON, REASON_DETAIL, RowStage, Sampling, Workbench

if TYPE_CHECKING:
    from daft import DataFrame

METHOD: Final = "text_to_persona"

#: Youngest and oldest age, and how many in a hundred: India's ages, with the smallest children
#: left out and the old, whom the web hides, raised a little.
_AGES: Final = (
    ((7, 12), 10),
    ((13, 17), 11),
    ((18, 24), 15),
    ((25, 34), 18),
    ((35, 44), 15),
    ((45, 59), 16),
    ((60, 74), 11),
    ((75, 86), 4),
)
_GRANULARITIES: Final = {
    "coarse": "a kind of person in one short sentence",
    "fine": "one particular person in two or three sentences",
}
_LANGUAGES: Final = {"english": "English", "document": "the language of the passage"}
_SAMPLINGS: Final = {
    "small_model": Sampling(temperature=0.8, max_tokens=80, stop=("\n",)),
    "structured": Sampling(temperature=0.8, min_p=0.02, max_tokens=700),
}
_PASSAGE_TOKENS: Final = {"small_model": 120, "structured": 1200}
_CANDIDATES: Final = {"small_model": 3, "structured": 1}
_SHOWN_CHARACTERS: Final = 300

_ASK: Final = pa.struct(
    [
        ("draw", pa.int64()),
        ("passage", pa.string()),
        ("passage_start", pa.int32()),
        ("passage_end", pa.int32()),
        ("stance", pa.string()),
        ("opening", pa.string()),
    ]
)
#: Columns of an ask that go into the record as they are, where it has them.
_TAKEN_OVER: Final = (
    *("document_id", "passage_start", "passage_end", "stance"),
    *("journal_key", "sketch_key", REASON, REASON_DETAIL),
)
#: Columns of the record that its id is derived from, with the opening and the sampling.
_IDENTITY: Final = (
    *("persona", "synth_method", "model", "prompt_hash", "seed", "language"),
    *("document_id", "passage_start", "passage_end", "stance", "candidate"),
)
_ROW: Final = pa.struct([*records.PERSONA, (REASON, pa.string()), (REASON_DETAIL, pa.string())])


class TextToPersona(RowStage):
    """Infers personas from documents with a language model.

    Attributes:
        model: The recipe's name of the model.
        preset: `small_model` asks twice: for a sketch of the passage (topic, place, who reads,
            writes, likes, dislikes it), then for one sentence about one of them, without the
            passage; `structured` has a capable model fill a whole schema-bound reply
            (`StructuredPersona`).
        stances: How the person stands to the document; one is drawn for each ask.
        granularity: `coarse` is a kind of person (`structured` only), `fine` one particular person.
        per_document: Personas wanted of one document.
        candidates: Asks for each persona wanted; null is 3 for `small_model`, 1 for `structured`.
        language: What the persona is written in: English, or the document's own language
            (`structured` only: the small prompt asks for English).
        passage_max_tokens: Bound on `estimated_tokens` of the passage that the model reads; null is
            120 for `small_model`, 1200 for `structured`.
        sampling: How the model draws; null is the preset's own.
    """

    name: ClassVar[str] = METHOD

    model: str = "default"
    preset: Literal["small_model", "structured"] = "small_model"
    stances: tuple[Literal["read", "write", "like", "dislike"], ...] = Field(
        ("read", "write", "like", "dislike"), min_length=1
    )
    granularity: Literal["coarse", "fine"] = "fine"
    per_document: int = Field(1, ge=1, le=100)
    candidates: int | None = Field(None, ge=1, le=100)
    language: Literal["english", "document"] = "english"
    passage_max_tokens: int | None = Field(None, ge=32, le=100_000)
    sampling: Sampling | None = None

    @model_validator(mode="after")
    def _prompt_can_be_told(self) -> Self:
        for setting, unsaid in (("language", "english"), ("granularity", "fine")):
            value = getattr(self, setting)
            if value != unsaid and setting not in self.prompt.placeholders:
                raise ValueError(
                    f"preset {self.preset} knows no {setting} but {unsaid};"
                    f" {setting}: {value} needs preset: structured"
                )
        return self

    @property
    def prompt(self) -> Prompt:
        """The prompt that asks for the persona."""
        return load(f"{METHOD}_{self.preset.removesuffix('_model')}")

    def prompts(self) -> tuple[Prompt, ...]:
        """The prompt and, of `small_model`, that of the sketch: their contents count."""
        return (self.prompt, sketch_prompt()) if self.preset == "small_model" else (self.prompt,)

    @property
    def drawn_by(self) -> Sampling:
        """The sampling that is used: the recipe's, else the preset's."""
        return self.sampling or _SAMPLINGS[self.preset]

    @property
    def asks_per_document(self) -> int:
        """Model calls that one document costs."""
        return self.per_document * (self.candidates or _CANDIDATES[self.preset])

    @property
    def passage_tokens(self) -> int:
        """Bound on `estimated_tokens` of the passage."""
        return self.passage_max_tokens or _PASSAGE_TOKENS[self.preset]

    def units(self, documents: int) -> int:
        """Personas asked for from this many documents: rows in."""
        return documents * self.asks_per_document

    def calls(self, documents: int) -> int:
        """Model calls that this many documents cost."""
        return self.units(documents) + (documents if self.preset == "small_model" else 0)

    def prompt_tokens(self, documents: int) -> int:
        """Estimated prompt tokens of those calls, with full passages."""
        asked = self.units(documents) * _tokens(self.prompt)
        if self.preset == "structured":
            return asked + self.units(documents) * self.passage_tokens
        return asked + documents * (_tokens(sketch_prompt()) + self.passage_tokens)

    def apply(self, frame: DataFrame, bench: Workbench) -> DataFrame:
        """Maps `records.DOCUMENT` to one row an ask: `records.PERSONA` with a reason.

        Beside the reasons of `Workbench.ask`, `no_persona` is a reply that holds no persona, and
        `no_role` a sketch that names nobody to write about.
        """
        small = self.preset == "small_model"
        answered = self._ask_small(frame, bench) if small else self._ask_structured(frame, bench)
        model, licence = bench.model_licence(self.model)
        made = {
            "synth_method": METHOD,
            "model": model,
            "model_licence": licence,
            "prompt_hash": self.prompt.content_hash,
            "seed": bench.seed,
            "round": 0,
        }
        names = [name for name in answered.column_names if name not in ("affinity", "granularity")]
        row = by_row(lambda asked: self._row(asked, made), _ROW, names)
        return answered.select(row.alias("row")).select(unnest(col("row")))

    def _ask_small(self, frame: DataFrame, bench: Workbench) -> DataFrame:
        asks = sketched(
            frame,
            bench,
            model=self.model,
            stances=self.stances,
            passage_tokens=self.passage_tokens,
            asks=self.asks_per_document,
        ).with_columns({"persona_language": lit("eng"), "persona_script": lit("Latn")})
        asks = asks.with_column("affinity", col("document_id")).collect()
        named = asks.where(col(REASON).is_null()).exclude(REASON, REASON_DETAIL)
        answered = bench.ask(named, prompt=self.prompt, model=self.model, sampling=self.drawn_by)
        unnamed = asks.where(col(REASON).not_null()).with_columns(
            {
                "reply": lit(None).cast(DataType.string()),
                "journal_key": col("sketch_key"),
                "prompt_tokens": lit(0).cast(DataType.int64()),
                "completion_tokens": lit(0).cast(DataType.int64()),
            }
        )
        return answered.concat(unnamed.select(*answered.column_names))

    def _ask_structured(self, frame: DataFrame, bench: Workbench) -> DataFrame:
        return bench.ask(
            self._asks(frame, bench.seed),
            prompt=self.prompt,
            model=self.model,
            sampling=self.drawn_by,
            reply=StructuredPersona,
        )

    def _asks(self, frame: DataFrame, seed: int) -> DataFrame:
        """One row an ask: what the prompt is filled with, and what the persona's record needs."""
        english = self.language == "english"
        asks = by_row(
            lambda document: self._asks_of(document, seed), pa.list_(_ASK), ["id", "text"]
        )
        opened = frame.select(
            col("id").alias("document_id"),
            col("id").alias("affinity"),
            (lit("eng") if english else col("language")).alias("persona_language"),
            (lit("Latn") if english else col("script")).alias("persona_script"),
            lit(_LANGUAGES[self.language]).alias("language"),
            lit(_GRANULARITIES[self.granularity]).alias("granularity"),
            asks.alias("ask"),
        ).explode("ask")
        kept = [col(name) for name in opened.column_names if name != "ask"]
        return opened.select(*kept, unnest(col("ask")))

    def _asks_of(self, document: dict[str, Any], seed: int) -> list[dict[str, Any]]:
        text = document["text"]
        start, end = passage(text, max_tokens=self.passage_tokens)
        shared = {"passage": text[start:end], "passage_start": start, "passage_end": end}
        return [
            shared | {"draw": draw} | self._drawn(str(seed), document["id"], str(draw))
            for draw in range(self.asks_per_document)
        ]

    def _drawn(self, *chance: str) -> dict[str, str]:
        stance = self.stances[int(records.unit_interval("stance", *chance) * len(self.stances))]
        return {"stance": stance, "opening": opening(_age(*chance))}

    def _row(self, asked: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
        """The persona's record, or why there is none; keys that are left out are null."""
        answer = self._read(asked["reply"], asked["passage"])
        row = made | {name: asked[name] for name in _TAKEN_OVER if name in asked}
        row |= {"language": asked["persona_language"], "script": asked["persona_script"]}
        row |= {"candidate": asked["draw"]}
        if answer:
            row |= answer._asdict()
            row["domain_label"] = answer.domain_label or asked.get("topic")
        elif row[REASON] is None:
            row |= {REASON: "no_persona", REASON_DETAIL: asked["reply"][:_SHOWN_CHARACTERS]}
        parts = [str(row.get(name)) for name in _IDENTITY]
        parts += [str(asked.get("opening")), self.drawn_by.model_dump_json()]
        return row | {"id": records.content_id(parts, prefix=asked["document_id"])}

    def _read(self, reply: str | None, origin: str) -> Answer | None:
        if reply is None:
            return None
        structured = self.preset == "structured"
        return read_structured(reply, origin) if structured else read_sentence(reply)


def _tokens(prompt: Prompt) -> int:
    """Estimated tokens of a prompt before it is filled."""
    shots = [turn for shot in prompt.examples for turn in shot]
    return sum(map(estimated_tokens, (prompt.system, *shots, prompt.user)))


def _age(*chance: str) -> int:
    """An age in years, by seeded chance."""
    upto = list(accumulate(share for _, share in _AGES))
    point = records.unit_interval("age", *chance) * upto[-1]
    place = min(bisect_right(upto, point), len(_AGES) - 1)
    (low, high), share = _AGES[place]
    return min(high, low + int((point - upto[place] + share) / share * (high - low + 1)))
