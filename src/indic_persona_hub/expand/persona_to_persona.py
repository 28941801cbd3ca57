"""Persona-to-Persona: who stands beside a persona."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, Self

import pyarrow as pa
from daft import col, lit
from daft.functions import left, unnest
from pydantic import BaseModel, Field, field_validator, model_validator

from indic_persona_hub import records
from indic_persona_hub.errors import nearest
from indic_persona_hub.expand.relations import FITTING_ANYONE, Relation, draw, fitting, relations
from indic_persona_hub.frames import by_row
from indic_persona_hub.prompts import Prompt, load
from indic_persona_hub.prompts.choices import each_choice, none_twice
from indic_persona_hub.prompts.people import brief, gender, with_article
from indic_persona_hub.prompts.replies import (
    Answer,
    StructuredPersona,
    StructuredPersonas,
    numbered,
    opening,
    read_each,
)
from indic_persona_hub.prompts.sampling import with_own
from indic_persona_hub.prompts.wanted import Wanted, wanted_of
from indic_persona_hub.reference.homes import settled_place
from indic_persona_hub.stage import REASON, REASON_DETAIL, RowStage, Sampling, Workbench

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daft import DataFrame

METHOD: Final = "persona_to_persona"
MOST_ROUNDS: Final = 6  # six degrees of separation

#: How each preset draws.
SAMPLINGS: Final = {
    "small_model": Sampling(temperature=0.8, max_tokens=80, stop=("\n\n",)),
    "structured": Sampling(temperature=0.8, min_p=0.02, max_tokens=700),
}
_CHARACTERS_PER_TOKEN: Final = 4  # the prompts are in English
_PARENT_CHARACTERS: Final = 4_000  # of what the model reads of a parent
_PARENT_TOKENS: Final = {"small_model": 45, "structured": 110}  # with the relation and the opening
_CHILD_TOKENS: Final = 30  # of a relation and an opening in a prompt with several
_REPLY_TOKENS: Final = {"small_model": 45, "structured": 260}  # where nothing was measured yet
_MOST_TOKENS: Final = 8192  # of a reply, as `Sampling` allows

_CHILD: Final = [
    ("draw", pa.int64()),
    ("relation", pa.string()),
    ("relation_name", pa.string()),
    ("opening", pa.string()),
]
_CALL: Final = pa.struct(
    [
        *_CHILD,
        ("age", pa.string()),
        ("gender", pa.string()),
        ("place", pa.string()),
        ("people", pa.string()),
        ("asked_for", pa.list_(pa.struct(_CHILD))),
    ]
)
_OF_PARENT: Final = ("id", "persona", "language", "wanted")
#: Columns of an ask that the record has no use for.
_ONLY_ASKED: Final = frozenset("affinity reply_script people age gender place".split())
#: Columns of an ask that go into the record as they are.
_TAKEN_OVER: Final = (
    *("parent_id", "round", "language", "script"),
    *("journal_key", "repaired", REASON, REASON_DETAIL),
)
#: Columns of the record that its id is derived from, with the opening and the sampling; how many
#: choices were drawn is told by the candidate.
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
        children_per_call: Of them, those that one call is asked for (`structured` only).
        parents_share: Share of a round's parents that are asked about, by seeded chance.
        families: Families of relations to draw from; empty is all.
        sampling: How the model draws; what it leaves out is the preset's own. `max_tokens` are for
            one persona; each of its `choices` is a candidate of its own, for which no prompt is
            read again.
    """

    name: ClassVar[str] = METHOD
    revision: ClassVar[int] = 3

    model: str = "default"
    preset: Literal["small_model", "structured"] = "small_model"
    rounds: int = Field(2, ge=1, le=MOST_ROUNDS)
    children: int = Field(1, ge=1, le=FITTING_ANYONE)
    children_per_call: int = Field(1, ge=1, le=FITTING_ANYONE)
    parents_share: float = Field(1.0, gt=0, le=1)
    families: tuple[str, ...] = ()
    sampling: Sampling | None = None

    @model_validator(mode="before")
    @classmethod
    def _rest_is_of_the_preset(cls, settings: Any) -> Any:
        return with_own(settings, SAMPLINGS, "small_model")

    @model_validator(mode="after")
    def _only_structured_asks_for_several(self) -> Self:
        if self.children_per_call > 1 and self.preset != "structured":
            raise ValueError("children_per_call needs preset: structured")
        return self

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
        several = "_several" if self.children_per_call > 1 else ""
        return load(f"{METHOD}_{self.preset.removesuffix('_model')}{several}")

    @property
    def wanted_prompt(self) -> Prompt:
        """The prompt that asks for somebody who is wanted: a small model must be told the words
        that say who and where, or it leaves them out.
        """
        small = self.preset == "small_model"
        return load(f"{METHOD}_small_wanted") if small else self.prompt

    def prompts(self) -> tuple[Prompt, ...]:
        """The one prompt: its contents count in the fingerprint."""
        return (self.prompt,)

    @property
    def drawn_by(self) -> Sampling:
        """The sampling that is used: the recipe's or the preset's, for all personas of a call."""
        sampling = self.sampling or SAMPLINGS[self.preset]
        if self.children_per_call == 1:
            return sampling
        most = min(_MOST_TOKENS, sampling.max_tokens * self.children_per_call)
        return sampling.model_copy(update={"max_tokens": most})

    @property
    def _form(self) -> type[BaseModel] | None:
        """What a reply must fit; null is one sentence."""
        if self.preset == "small_model":
            return None
        return StructuredPersona if self.children_per_call == 1 else StructuredPersonas

    def _asked_about(self, parents: int) -> int:
        return round(parents * self.parents_share)

    def units(self, parents: int) -> int:
        """Personas asked for in one round with this many parents, each choice for itself: rows in;
        near it where a share is set.
        """
        return self._asked_about(parents) * self.children * self.drawn_by.choices

    def calls(self, parents: int) -> int:
        """Model calls of one round."""
        return self._asked_about(parents) * -(-self.children // self.children_per_call)

    def prompt_tokens(self, parents: int) -> int:
        """Estimated prompt tokens of one round, with English parents of ordinary length."""
        shots = [turn for shot in self.prompt.examples for turn in shot]
        turns = (self.prompt.system, *shots, self.prompt.user)
        each = sum(map(len, turns)) // _CHARACTERS_PER_TOKEN + _PARENT_TOKENS[self.preset]
        calls = self.calls(parents)
        # Each call's first child is in `_PARENT_TOKENS`.
        others = self._asked_about(parents) * self.children - calls
        return calls * each + others * _CHILD_TOKENS

    def completion_tokens(self, parents: int) -> int:
        """Estimated tokens of one round's replies, where nothing was measured yet."""
        return self.units(parents) * _REPLY_TOKENS[self.preset]

    def apply(self, frame: DataFrame, bench: Workbench) -> DataFrame:
        """One round: maps `records.PERSONA` to one row an ask and choice, `records.PERSONA` with a
        reason. Where there is a column `wanted` (`prompts.wanted.WANTED`), each parent is asked for
        just those people, by a call each.

        Beside the reasons of `Workbench.ask`, `no_persona` is a reply that holds no persona or too
        few; and see `prompts.choices`.
        """
        prompt = self.wanted_prompt if "wanted" in frame.column_names else self.prompt
        answered = bench.ask(
            self._asks(frame, bench.seed),
            prompt=prompt,
            model=self.model,
            sampling=self.drawn_by,
            reply=self._form,
        )
        answered = each_choice(answered, self.drawn_by.choices)
        model, licence = bench.model_licence(self.model)
        made = {
            "synth_method": METHOD,
            "model": model,
            "model_licence": licence,
            "prompt_hash": prompt.content_hash,
            "seed": bench.seed,
        }
        names = [name for name in answered.column_names if name not in _ONLY_ASKED]
        rows = by_row(lambda asked: self._rows(asked, made), pa.list_(_ROW), names)
        opened = answered.select(rows.alias("row")).explode("row").select(unnest(col("row")))
        return none_twice(opened, "parent_id", self.drawn_by.choices)

    def _asks(self, frame: DataFrame, seed: int) -> DataFrame:
        """One row a call: what the prompt is filled with, and what the children's records need."""
        taken = by_row(lambda parent: self._is_taken(parent["id"], seed), pa.bool_(), ["id"])
        calls = by_row(
            lambda parent: self._calls_of(parent, seed),
            pa.list_(_CALL),
            [name for name in _OF_PARENT if name in frame.column_names],
        )
        small = self.preset == "small_model"
        opened = (
            frame.where(taken)
            .select(
                col("id").alias("parent_id"),
                col("id").alias("affinity"),
                left(col("persona"), _PARENT_CHARACTERS).alias("persona"),
                *map(col, ("language", "script")),
                (lit("Latn") if small else col("script")).alias("reply_script"),
                (col("round").fill_null(0) + 1).alias("round"),
                calls.alias("call"),
            )
            .explode("call")
        )
        kept = [col(name) for name in opened.column_names if name != "call"]
        return opened.select(*kept, unnest(col("call")))

    def _is_taken(self, parent_id: str, seed: int) -> bool:
        return records.unit_interval("parent", str(seed), parent_id) < self.parents_share

    def _calls_of(self, parent: dict[str, Any], seed: int) -> list[dict[str, Any]]:
        chance = f"{seed} {parent['id']}"
        wanted = wanted_of(parent)
        if wanted is not None:
            children = [self._for(one, parent["persona"], chance) for one in wanted]
            return [one | {"people": _listed([one]), "asked_for": [one]} for one in children]
        drawn = draw(parent["persona"], chance=chance, count=self.children, families=self.families)
        place = settled_place(parent["persona"], language=parent["language"], chance=chance)
        asked_for = [
            {"draw": number, "place": place} | self._drawn(relation, parent["persona"], chance)
            for number, relation in enumerate(drawn)
        ]
        each = self.children_per_call
        groups = [asked_for[at : at + each] for at in range(0, len(asked_for), each)]
        return [
            group[0] | {"draw": number, "people": _listed(group), "asked_for": group}
            for number, group in enumerate(groups)
        ]

    def _for(self, wanted: Wanted, parent: str, chance: str) -> dict[str, Any]:
        relation = fitting(parent, wanted, chance=f"{chance} {wanted.number}")
        child = {"draw": wanted.number, "relation_name": relation.name}
        child["relation"] = self._phrase(relation, parent)
        return child | wanted.told(relation.ages, chance)

    def _drawn(self, relation: Relation, parent: str, chance: str) -> dict[str, Any]:
        age = relation.age(chance)
        return {
            "relation": self._phrase(relation, parent),
            "relation_name": relation.name,
            "opening": opening(age),
            "age": str(age),
            "gender": gender(relation.phrase, age, f"{chance} {relation.name}"),
        }

    def _phrase(self, relation: Relation, parent: str) -> str:
        phrase = relation.phrase
        if self.preset == "small_model":
            # Told of two people, a small model writes about the first: the parent is named in few
            # words, inside the phrase for the other one.
            phrase = phrase.replace("this person", with_article(brief(parent)))
        return phrase

    def _rows(self, asked: dict[str, Any], made: dict[str, Any]) -> list[dict[str, Any]]:
        """The record of each child that one call was asked for, or why there is none."""
        children = asked["asked_for"]
        found = read_each(asked["reply"], asked["persona"], self._form, len(children))
        return [
            self._row(asked | child, answer, lost, made)
            for child, (answer, lost) in zip(children, found, strict=True)
        ]

    def _row(
        self, asked: dict[str, Any], answer: Answer | None, lost: str, made: dict[str, Any]
    ) -> dict[str, Any]:
        """A child's record; keys that are left out are null."""
        row = made | {name: asked[name] for name in _TAKEN_OVER}
        row |= {"relation": asked["relation_name"]}
        row |= {"candidate": asked["draw"] * self.drawn_by.choices + asked["choice"]}
        if self.preset == "small_model":
            row |= {"language": "eng", "script": "Latn"}  # the small prompt asks for English
        if answer:
            row |= answer._asdict()
        elif row[REASON] is None:
            row |= {REASON: "no_persona", REASON_DETAIL: lost}
        parts = [str(row.get(name)) for name in _IDENTITY]
        parts += [asked["opening"], self.drawn_by.model_dump_json(exclude={"choices"})]
        return row | {"id": records.content_id(parts, prefix=asked["parent_id"])}


def _listed(group: Sequence[dict[str, Any]]) -> str:
    return numbered(f"{one['relation']}; begin with: {one['opening']}" for one in group)
