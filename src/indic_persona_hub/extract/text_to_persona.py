"""Text-to-Persona: who would read, write, like or dislike a document."""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, Self

import pyarrow as pa
from daft import DataType, col, lit
from daft.functions import unnest
from pydantic import BaseModel, Field, model_validator

from indic_persona_hub import records
from indic_persona_hub.extract.asks import Asks
from indic_persona_hub.extract.passages import estimated_tokens
from indic_persona_hub.extract.sketching import sketch_prompt, sketched
from indic_persona_hub.frames import by_row
from indic_persona_hub.prompts import Prompt, load
from indic_persona_hub.prompts.choices import each_choice, none_twice
from indic_persona_hub.prompts.replies import (
    Answer,
    StructuredPersona,
    StructuredPersonas,
    read_each,
)
from indic_persona_hub.prompts.sampling import with_own
from indic_persona_hub.stage import REASON, REASON_DETAIL, RowStage, Sampling, Workbench

if TYPE_CHECKING:
    from daft import DataFrame

METHOD: Final = "text_to_persona"

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
#: Tokens of a reply that holds one persona, where nothing was measured yet; and of a person's line
#: in a prompt that asks for several.
_REPLY_TOKENS: Final = {"small_model": 45, "structured": 260}
_LINE_TOKENS: Final = 22
_MOST_TOKENS: Final = 8192  # of a reply, as `Sampling` allows

#: Columns of an ask that the record has no use for.
_ONLY_ASKED: Final = frozenset(
    "affinity granularity people document_language document_script".split()
)
#: Columns of an ask that go into the record as they are, where it has them.
_TAKEN_OVER: Final = (
    *("document_id", "passage_start", "passage_end", "stance"),
    *("journal_key", "sketch_key", "repaired", REASON, REASON_DETAIL),
)
#: Columns of the record that its id is derived from, with the opening and the sampling; how many
#: choices were drawn is told by the candidate.
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
        candidates: Asks for each persona wanted; null is 3 for `small_model`, and for `structured`
            1, or as many as fill its calls.
        personas_per_call: Personas that one call is asked for, which reads the passage once
            (`structured` only); `per_document` times `candidates` must be a multiple of it.
        language: What the persona is written in: English, or the document's own language
            (`structured` only: the small prompt asks for English).
        passage_max_tokens: Bound on `estimated_tokens` of the passage that the model reads; null is
            120 for `small_model`, 1200 for `structured`.
        sampling: How the model draws; what it leaves out is the preset's own. `max_tokens` are for
            one persona; each of its `choices` is a candidate of its own, for which no prompt is
            read again.
    """

    name: ClassVar[str] = METHOD
    revision: ClassVar[int] = 3

    model: str = "default"
    preset: Literal["small_model", "structured"] = "small_model"
    stances: tuple[Literal["read", "write", "like", "dislike"], ...] = Field(
        ("read", "write", "like", "dislike"), min_length=1
    )
    granularity: Literal["coarse", "fine"] = "fine"
    per_document: int = Field(1, ge=1, le=100)
    candidates: int | None = Field(None, ge=1, le=100)
    personas_per_call: int = Field(1, ge=1, le=16)
    language: Literal["english", "document"] = "english"
    passage_max_tokens: int | None = Field(None, ge=32, le=100_000)
    sampling: Sampling | None = None

    @model_validator(mode="before")
    @classmethod
    def _rest_is_of_the_preset(cls, settings: Any) -> Any:
        return with_own(settings, _SAMPLINGS, "small_model")

    @model_validator(mode="after")
    def _calls_are_full(self) -> Self:
        if self.personas_per_call > 1 and self.preset != "structured":
            raise ValueError("personas_per_call needs preset: structured")
        if self.asks_per_document % self.personas_per_call:
            raise ValueError(
                f"per_document {self.per_document} x candidates {self.candidates} is no multiple of"
                f" personas_per_call {self.personas_per_call}; set candidates: {self._full_calls}"
            )
        return self

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
        several = "_several" if self.personas_per_call > 1 else ""
        return load(f"{METHOD}_{self.preset.removesuffix('_model')}{several}")

    @property
    def sketch_prompt(self) -> Prompt:
        """The prompt of `small_model` that asks for a sketch of the passage."""
        return sketch_prompt()

    @property
    def wanted_prompt(self) -> Prompt:
        """The prompt that asks for somebody who is wanted: a small model must be told the words
        that say who and where, or it leaves them out.
        """
        small = self.preset == "small_model"
        return load(f"{METHOD}_small_wanted") if small else self.prompt

    def prompts(self) -> tuple[Prompt, ...]:
        """The prompt and, of `small_model`, that of the sketch: their contents count."""
        return (self.prompt, self.sketch_prompt) if self.preset == "small_model" else (self.prompt,)

    @property
    def drawn_by(self) -> Sampling:
        """The sampling that is used: the recipe's or the preset's, for all personas of a call."""
        sampling = self.sampling or _SAMPLINGS[self.preset]
        if self.personas_per_call == 1:
            return sampling
        most = min(_MOST_TOKENS, sampling.max_tokens * self.personas_per_call)
        return sampling.model_copy(update={"max_tokens": most})

    @property
    def _form(self) -> type[BaseModel] | None:
        """What a reply must fit; null is one sentence."""
        if self.preset == "small_model":
            return None
        return StructuredPersona if self.personas_per_call == 1 else StructuredPersonas

    @property
    def _full_calls(self) -> int:
        """The fewest candidates whose calls are all full."""
        return self.personas_per_call // gcd(self.personas_per_call, self.per_document)

    @property
    def asks_per_document(self) -> int:
        """Personas that one document's calls are asked for, in each of their choices."""
        least = _CANDIDATES[self.preset] if self.personas_per_call == 1 else self._full_calls
        return self.per_document * (self.candidates or least)

    def with_more_candidates(self, more: int) -> Self:
        """The same stage with so many more asks for each persona wanted, or as many as fill so many
        more calls; the others stay as they are."""
        if not more:
            return self
        candidates = self.asks_per_document // self.per_document + more * self._full_calls
        return self.model_copy(update={"candidates": candidates})

    @property
    def passage_tokens(self) -> int:
        """Bound on `estimated_tokens` of the passage."""
        return self.passage_max_tokens or _PASSAGE_TOKENS[self.preset]

    def units(self, documents: int) -> int:
        """Personas asked for from this many documents, each choice for itself: rows in."""
        return documents * self.asks_per_document * self.drawn_by.choices

    def calls(self, documents: int) -> int:
        """Model calls that this many documents cost."""
        sketches = documents if self.preset == "small_model" else 0
        return sketches + documents * -(-self.asks_per_document // self.personas_per_call)

    def prompt_tokens(self, documents: int) -> int:
        """Estimated prompt tokens of those calls, with full passages."""
        if self.preset == "small_model":
            sketch = _tokens(self.sketch_prompt) + self.passage_tokens
            return documents * (sketch + self.asks_per_document * _tokens(self.prompt))
        lines = self.asks_per_document * _LINE_TOKENS if self.personas_per_call > 1 else 0
        each = _tokens(self.prompt) + self.passage_tokens
        return self.calls(documents) * each + documents * lines

    def completion_tokens(self, documents: int) -> int:
        """Estimated tokens of their replies, where nothing was measured yet."""
        sketches = documents if self.preset == "small_model" else 0
        return (self.units(documents) + sketches) * _REPLY_TOKENS[self.preset]

    def apply(self, frame: DataFrame, bench: Workbench) -> DataFrame:
        """Maps `records.DOCUMENT` to one row an ask and choice: `records.PERSONA` with a reason.
        Where there is a column `wanted` (`prompts.wanted.WANTED`), each document is asked for just
        those people.

        Beside the reasons of `Workbench.ask`, `no_persona` is a reply that holds no persona or too
        few, `no_role` a sketch that names nobody to write about; and see `prompts.choices`.
        """
        prompt = self.wanted_prompt if "wanted" in frame.column_names else self.prompt
        asking = self._ask_small if self.preset == "small_model" else self._ask_structured
        answered = asking(frame, bench, prompt)
        answered = each_choice(answered, self.drawn_by.choices)
        model, licence = bench.model_licence(self.model)
        made = {
            "synth_method": METHOD,
            "model": model,
            "model_licence": licence,
            "prompt_hash": prompt.content_hash,
            "seed": bench.seed,
            "round": 0,
        }
        names = [name for name in answered.column_names if name not in _ONLY_ASKED]
        rows = by_row(lambda asked: self._rows(asked, made), pa.list_(_ROW), names)
        opened = answered.select(rows.alias("row")).explode("row").select(unnest(col("row")))
        return none_twice(opened, "document_id", self.drawn_by.choices)

    def _ask_small(self, frame: DataFrame, bench: Workbench, prompt: Prompt) -> DataFrame:
        asks = sketched(
            frame,
            bench,
            prompt=self.sketch_prompt,
            model=self.model,
            stances=self.stances,
            passage_tokens=self.passage_tokens,
            asks=self.asks_per_document,
        ).with_columns({"persona_language": lit("eng"), "reply_script": lit("Latn")})
        asks = asks.with_column("affinity", col("document_id")).collect()
        named = asks.where(col(REASON).is_null()).exclude(REASON, REASON_DETAIL)
        answered = bench.ask(named, prompt=prompt, model=self.model, sampling=self.drawn_by)
        unnamed = asks.where(col(REASON).not_null()).with_columns(
            {
                "reply": lit(None).cast(DataType.string()),
                "choice": lit(0).cast(DataType.int32()),
                "repaired": lit(False),
                "journal_key": col("sketch_key"),
                "prompt_tokens": lit(0).cast(DataType.int64()),
                "completion_tokens": lit(0).cast(DataType.int64()),
            }
        )
        return answered.concat(unnamed.select(*answered.column_names))

    def _ask_structured(self, frame: DataFrame, bench: Workbench, prompt: Prompt) -> DataFrame:
        english = self.language == "english"
        asks = Asks(
            seed=bench.seed,
            stances=self.stances,
            passage_tokens=self.passage_tokens,
            persons=self.asks_per_document,
            per_call=self.personas_per_call,
        )
        told = {
            "affinity": col("document_id"),
            "persona_language": lit("eng") if english else col("document_language"),
            "reply_script": lit("Latn") if english else col("document_script"),
            "language": lit(_LANGUAGES[self.language]),
            "granularity": lit(_GRANULARITIES[self.granularity]),
        }
        return bench.ask(
            asks.of(frame).with_columns(told),
            prompt=prompt,
            model=self.model,
            sampling=self.drawn_by,
            reply=self._form,
        )

    def _rows(self, asked: dict[str, Any], made: dict[str, Any]) -> list[dict[str, Any]]:
        """The record of each person that one call was asked for, or why there is none."""
        persons = asked.get("persons") or [asked]
        found = read_each(asked["reply"], asked["passage"], self._form, len(persons))
        return [
            self._row(asked | person, answer, lost, made)
            for person, (answer, lost) in zip(persons, found, strict=True)
        ]

    def _row(
        self, asked: dict[str, Any], answer: Answer | None, lost: str, made: dict[str, Any]
    ) -> dict[str, Any]:
        """A person's record; keys that are left out are null."""
        row = made | {name: asked[name] for name in _TAKEN_OVER if name in asked}
        row |= {"language": asked["persona_language"], "script": asked["reply_script"]}
        row |= {"candidate": asked["draw"] * self.drawn_by.choices + asked["choice"]}
        if answer:
            row |= answer._asdict()
            row["domain_label"] = answer.domain_label or asked.get("topic")
        elif row[REASON] is None:
            row |= {REASON: "no_persona", REASON_DETAIL: lost}
        parts = [str(row.get(name)) for name in _IDENTITY]
        parts += [str(asked.get("opening")), self.drawn_by.model_dump_json(exclude={"choices"})]
        return row | {"id": records.content_id(parts, prefix=asked["document_id"])}


def _tokens(prompt: Prompt) -> int:
    """Estimated tokens of a prompt before it is filled."""
    shots = [turn for shot in prompt.examples for turn in shot]
    return sum(map(estimated_tokens, (prompt.system, *shots, prompt.user)))
