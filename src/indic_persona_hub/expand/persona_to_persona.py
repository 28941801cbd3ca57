"""Persona-to-Persona: who stands beside a persona."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

import pyarrow as pa
from daft import col
from daft.functions import unnest
from pydantic import Field, field_validator

from indic_persona_hub import records
from indic_persona_hub.errors import nearest
from indic_persona_hub.expand.relations import FITTING_ANYONE, Relation, draw, relations
from indic_persona_hub.frames import by_row
from indic_persona_hub.prompts import Prompt, load
from indic_persona_hub.prompts.people import brief, gender, with_article
from indic_persona_hub.prompts.replies import (
    Answer,
    StructuredPersona,
    opening,
    read_sentence,
    read_structured,
)
from indic_persona_hub.reference.homes import settled_place
from indic_persona_hub.stage import REASON, REASON_DETAIL, RowStage, Sampling, Workbench

if TYPE_CHECKING:
    from daft import DataFrame

METHOD: Final = "persona_to_persona"
MOST_ROUNDS: Final = 6  # six degrees of separation

_SAMPLINGS: Final = {
    "small_model": Sampling(temperature=0.8, max_tokens=80, stop=("\n\n",)),
    "structured": Sampling(temperature=0.8, min_p=0.02, max_tokens=700),
}
_SHOWN_CHARACTERS: Final = 300
_CHARACTERS_PER_TOKEN: Final = 4  # the prompts are in English
_PARENT_TOKENS: Final = {"small_model": 45, "structured": 110}  # with the relation and the opening

_ASK: Final = pa.struct(
    [
        ("draw", pa.int64()),
        ("relation", pa.string()),
        ("relation_name", pa.string()),
        ("opening", pa.string()),
        ("age", pa.string()),
        ("gender", pa.string()),
        ("place", pa.string()),
    ]
)
#: Columns of an ask that go into the record as they are.
_TAKEN_OVER: Final = (
    *("parent_id", "round", "language", "script"),
    *("journal_key", REASON, REASON_DETAIL),
)
#: Columns of the record that its id is derived from, with the opening and the sampling.
_IDENTITY: Final = (
    *("persona", "synth_method", "model", "prompt_hash", "seed"),
    *("parent_id", "relation", "round", "candidate"),
)
_ROW: Final = pa.struct([*records.PERSONA, (REASON, pa.string()), (REASON_DETAIL, pa.string())])


class PersonaToPersona(RowStage):
    """Infers the people around a persona with a language model.

    `apply` is one round; whoever runs the stage feeds each round the personas that the round before
    it made, so that a persona is a parent once and lineage has no cycle.

    Attributes:
        model: The recipe's name of the model.
        preset: `small_model` asks for one sentence; `structured` has a capable model fill a whole
            schema-bound reply (`StructuredPersona`).
        rounds: Rounds, each from the personas of the one before.
        children: Asks for each parent, each with a relation of its own.
        parents_share: Share of a round's parents that are asked about, by seeded chance.
        families: Families of relations to draw from; empty is all.
        sampling: How the model draws; null is the preset's own.
    """

    name: ClassVar[str] = METHOD

    model: str = "default"
    preset: Literal["small_model", "structured"] = "small_model"
    rounds: int = Field(2, ge=1, le=MOST_ROUNDS)
    children: int = Field(1, ge=1, le=FITTING_ANYONE)
    parents_share: float = Field(1.0, gt=0, le=1)
    families: tuple[str, ...] = ()
    sampling: Sampling | None = None

    @field_validator("families")
    @classmethod
    def _are_known(cls, families: tuple[str, ...]) -> tuple[str, ...]:
        known = {relation.family for relation in relations()}
        for family in families:
            if family not in known:
                raise ValueError(f"unknown family '{family}'{nearest(family, known)}")
        return families

    @property
    def prompt(self) -> Prompt:
        """The prompt of the preset."""
        return load(f"{METHOD}_{self.preset.removesuffix('_model')}")

    def prompts(self) -> tuple[Prompt, ...]:
        """The one prompt: its contents count in the fingerprint."""
        return (self.prompt,)

    @property
    def drawn_by(self) -> Sampling:
        """The sampling that is used: the recipe's, else the preset's."""
        return self.sampling or _SAMPLINGS[self.preset]

    def units(self, parents: int) -> int:
        """Model calls that one round costs with this many parents; near it where a share is set."""
        return round(parents * self.parents_share) * self.children

    def calls(self, parents: int) -> int:
        """Model calls of one round: one an ask."""
        return self.units(parents)

    def prompt_tokens(self, parents: int) -> int:
        """Estimated prompt tokens of one round, with English parents of ordinary length."""
        shots = [turn for shot in self.prompt.examples for turn in shot]
        turns = (self.prompt.system, *shots, self.prompt.user)
        each = sum(map(len, turns)) // _CHARACTERS_PER_TOKEN + _PARENT_TOKENS[self.preset]
        return self.units(parents) * each

    def apply(self, frame: DataFrame, bench: Workbench) -> DataFrame:
        """One round: maps `records.PERSONA` to one row an ask, `records.PERSONA` with a reason.

        Beside the reasons of `Workbench.ask`, `no_persona` is a reply that holds no persona.
        """
        answered = bench.ask(
            self._asks(frame, bench.seed),
            prompt=self.prompt,
            model=self.model,
            sampling=self.drawn_by,
            reply=StructuredPersona if self.preset == "structured" else None,
        )
        model, licence = bench.model_licence(self.model)
        made = {
            "synth_method": METHOD,
            "model": model,
            "model_licence": licence,
            "prompt_hash": self.prompt.content_hash,
            "seed": bench.seed,
        }
        names = [name for name in answered.column_names if name != "affinity"]
        row = by_row(lambda asked: self._row(asked, made), _ROW, names)
        return answered.select(row.alias("row")).select(unnest(col("row")))

    def _asks(self, frame: DataFrame, seed: int) -> DataFrame:
        """One row an ask: what the prompt is filled with, and what the child's record needs."""
        taken = by_row(lambda parent: self._is_taken(parent["id"], seed), pa.bool_(), ["id"])
        asks = by_row(
            lambda parent: self._asks_of(parent, seed),
            pa.list_(_ASK),
            ["id", "persona", "language"],
        )
        opened = (
            frame.where(taken)
            .select(
                col("id").alias("parent_id"),
                col("id").alias("affinity"),
                *map(col, ("persona", "language", "script")),
                (col("round").fill_null(0) + 1).alias("round"),
                asks.alias("ask"),
            )
            .explode("ask")
        )
        kept = [col(name) for name in opened.column_names if name != "ask"]
        return opened.select(*kept, unnest(col("ask")))

    def _is_taken(self, parent_id: str, seed: int) -> bool:
        return records.unit_interval("parent", str(seed), parent_id) < self.parents_share

    def _asks_of(self, parent: dict[str, Any], seed: int) -> list[dict[str, Any]]:
        chance = f"{seed} {parent['id']}"
        drawn = draw(parent["persona"], chance=chance, count=self.children, families=self.families)
        place = settled_place(parent["persona"], language=parent["language"], chance=chance)
        return [
            {"draw": number, "place": place} | self._drawn(relation, parent["persona"], chance)
            for number, relation in enumerate(drawn)
        ]

    def _drawn(self, relation: Relation, parent: str, chance: str) -> dict[str, Any]:
        age = relation.age(chance)
        phrase = relation.phrase
        if self.preset == "small_model":
            # Told of two people, a small model writes about the first: the parent is named in few
            # words, inside the phrase for the other one.
            phrase = phrase.replace("this person", with_article(brief(parent)))
        return {
            "relation": phrase,
            "relation_name": relation.name,
            "opening": opening(age),
            "age": str(age),
            "gender": gender(relation.phrase, age, f"{chance} {relation.name}"),
        }

    def _row(self, asked: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
        """The child's record, or why there is none; keys that are left out are null."""
        answer = self._read(asked["reply"], asked["persona"])
        row = made | {name: asked[name] for name in _TAKEN_OVER}
        row |= {"relation": asked["relation_name"], "candidate": asked["draw"]}
        if self.preset == "small_model":
            row |= {"language": "eng", "script": "Latn"}  # the small prompt asks for English
        if answer:
            row |= answer._asdict()
        elif row[REASON] is None:
            row |= {REASON: "no_persona", REASON_DETAIL: asked["reply"][:_SHOWN_CHARACTERS]}
        parts = [str(row.get(name)) for name in _IDENTITY]
        parts += [asked["opening"], self.drawn_by.model_dump_json()]
        return row | {"id": records.content_id(parts, prefix=asked["parent_id"])}

    def _read(self, reply: str | None, origin: str) -> Answer | None:
        if reply is None:
            return None
        structured = self.preset == "structured"
        return read_structured(reply, origin) if structured else read_sentence(reply)
