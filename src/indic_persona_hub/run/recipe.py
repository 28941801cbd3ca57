"""The recipe: everything that makes a hub, as YAML and as the same object in Python."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializeAsAny,
    ValidationError,
    model_validator,
)

from indic_persona_hub.errors import RecipeError, nearest
from indic_persona_hub.ingest.sources import Source
from indic_persona_hub.models.settings import MODEL_KINDS, ModelSettings
from indic_persona_hub.run.catalogue import parse_stage, stage_entry
from indic_persona_hub.select.settings import Selection
from indic_persona_hub.stage import Stage


class Engine(BaseModel):
    """Where the tables are worked on. `engine: native` is short for its runner alone.

    Attributes:
        runner: `native` is in this process and its workers.
        workers: Slices worked on at once, each in a process of its own when more than one.
        slices: Parts that every table is split into by id; bounds memory, changes no row.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    runner: str = Field("native", pattern="^native$")
    workers: int = Field(1, ge=1, le=256)
    slices: int = Field(8, ge=1, le=4096)


class Limits(BaseModel):
    """Hard caps over all that the hub ever asks, in however many runs; null is no cap.

    Attributes:
        cost_usd: Money for model calls, lost attempts included.
        requests: Model calls sent, failed ones included.
        tokens: Tokens of prompts and replies.
        hours: Hours that builds of this hub have worked.
        accepted: Personas wanted: as many documents are asked about as it takes, then no more.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cost_usd: float | None = Field(None, ge=0)
    requests: int | None = Field(None, ge=0)
    tokens: int | None = Field(None, ge=0)
    hours: float | None = Field(None, ge=0)
    accepted: int | None = Field(None, ge=1)


class ReleaseSettings(BaseModel):
    """What the release says of itself.

    Attributes:
        title: Heading of the card.
        name: Data-set name in lower case with hyphens.
        licence: Licence identifier of the release, as the Hub writes it ("cc-by-4.0").
        rows_per_file: Exact rows in every Parquet file but the last.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = "Indic personas"
    name: str = Field("indic-personas", pattern=r"^[a-z0-9][a-z0-9-]*$")
    licence: str = "other"
    rows_per_file: int = Field(100_000, ge=1)


def _short_engine(value: Any) -> Any:
    return {"runner": value} if isinstance(value, str) else value


StageEntry = Annotated[
    SerializeAsAny[Stage], BeforeValidator(parse_stage), PlainSerializer(stage_entry)
]


class Recipe(BaseModel):
    """Everything that makes a hub.

    Attributes:
        hub: Folder of the hub; relative paths are relative to the recipe's file.
        seed: All chance comes from it.
        sources: Where pages are read.
        models: Language models by the name that stages use.
        journal: File of paid replies that this hub shares with others; null keeps one in the hub.
        stages: What is done, in order: ingest, generation, judges.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    hub: str = "hub"
    seed: int = Field(0, ge=0, lt=2**31)
    sources: tuple[Source, ...] = Field(min_length=1)
    models: dict[str, ModelSettings] = Field(min_length=1)
    journal: str | None = None
    stages: tuple[StageEntry, ...] = Field(min_length=1)
    select: Selection = Selection()
    release: ReleaseSettings = ReleaseSettings()
    engine: Annotated[Engine, BeforeValidator(_short_engine)] = Engine()
    limits: Limits = Limits()

    @model_validator(mode="after")
    def _source_names_differ(self) -> Self:
        names = [source.name for source in self.sources]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise ValueError(f"sources of one name: {', '.join(doubled)}; give each its `name`")
        return self

    @model_validator(mode="after")
    def _stages_are_in_order(self) -> Self:
        names = [stage.name for stage in self.stages]
        doubled = {name for name in names if names.count(name) > 1}
        if doubled:
            raise ValueError(f"stages named twice: {', '.join(sorted(doubled))}")
        if names[:2] != ["ingest", "text_to_persona"]:
            raise ValueError("stages begin with ingest, then text_to_persona")
        if "persona_to_persona" in names[3:]:
            raise ValueError("persona_to_persona stands right after text_to_persona")
        for stage in self.stages:
            model = getattr(stage, "model", None)
            if model is not None and model not in self.models:
                raise ValueError(
                    f"stage {stage.name} asks the model '{model}',"
                    f" and `models` has {', '.join(self.models)}"
                )
        return self

    def to_yaml(self) -> str:
        """The recipe as YAML, every setting written out."""
        content = self.model_dump(mode="json")
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
        # YAML folds some rare line separators unless they are escaped with all that is not ASCII.
        whole = yaml.safe_load(text) == content
        return text if whole else yaml.safe_dump(content, sort_keys=False)

    def placed_at(self, folder: Path) -> Recipe:
        """The same recipe with its relative paths made absolute against `folder`."""
        sources = tuple(
            source.model_copy(update={"path": str(folder / source.path)}) for source in self.sources
        )
        models = {name: _placed(settings, folder) for name, settings in self.models.items()}
        places = {"hub": str(folder / self.hub), "sources": sources, "models": models}
        if self.journal is not None:
            places["journal"] = str(folder / self.journal)
        return self.model_copy(update=places)


def _placed(settings: Any, folder: Path) -> Any:
    """A model's settings with its relative paths made absolute against `folder`."""
    fields = type(settings).model_fields.keys() & {"journal", "folder", "api_key_file"}
    given = {name: getattr(settings, name) for name in fields}
    places: dict[str, Any] = {name: str(folder / path) for name, path in given.items() if path}
    if more := getattr(settings, "endpoints", ()):
        places["endpoints"] = tuple(_placed(one, folder) for one in more)
    return settings.model_copy(update=places)


def load_recipe(path: Path, changes: tuple[str, ...] = ()) -> Recipe:
    """Read a recipe file, apply `--set` changes, and place its paths beside the file.

    Args:
        path: A YAML file.
        changes: `a.b=c` each; numbers in the path count list items from 0; c is YAML.

    Raises:
        RecipeError: The file is absent or not YAML, a key is unknown (the nearest is named), or a
            value does not fit.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(
            f"The recipe {path} cannot be read: {error}.", cure="`iph init` writes a fresh one."
        ) from error
    return parse_recipe(text, changes).placed_at(path.resolve().parent)


def parse_recipe(text: str, changes: tuple[str, ...] = ()) -> Recipe:
    """Parse a recipe's YAML text; see `load_recipe`."""
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RecipeError(
            f"The recipe is not valid YAML: {error}", cure="Mend the line that it names."
        ) from error
    if not isinstance(content, dict):
        raise RecipeError(
            "The recipe is not a mapping of keys.", cure="`iph init` writes a fresh one."
        )
    content["stages"] = _opened(content.get("stages"))
    for change in changes:
        _set(content, change)
    try:
        return Recipe.model_validate(content)
    except ValidationError as error:
        raise RecipeError(_explain(error, content), cure="Mend it and run again.") from error


def _opened(stages: Any) -> Any:
    """Stages with their settings as mappings, so that `--set stages.NAME.key=value` finds them."""
    if not isinstance(stages, list):
        return stages
    opened = [{one: {}} if isinstance(one, str) else one for one in stages]
    return [
        {name: settings or {} for name, settings in one.items()} if isinstance(one, dict) else one
        for one in opened
    ]


def _set(content: dict[str, Any], change: str) -> None:
    path, equals, value = change.partition("=")
    if not equals or not path:
        raise RecipeError(f"--set {change} is not of the form a.b=c.", cure="Write a.b=c.")
    *above, last = path.split(".")
    place: Any = content
    for key in above:
        place = _step_into(place, key, change)
    if isinstance(place, list):
        place[_index(place, last, change)] = yaml.safe_load(value)
    else:
        place[last] = yaml.safe_load(value)


def _step_into(place: Any, key: str, change: str) -> Any:
    if isinstance(place, list):
        entry = place[_index(place, key, change)]
        return entry[key] if isinstance(entry, dict) and key in entry else entry
    if not isinstance(place.get(key), dict | list):
        place[key] = {}
    return place[key]


def _index(place: list[Any], key: str, change: str) -> int:
    """A list item by its number, or a stage by its name."""
    names = [next(iter(one), "") if isinstance(one, dict) else one for one in place]
    if key in names:
        return names.index(key)
    if key.isdigit() and int(key) < len(place):
        return int(key)
    raise RecipeError(
        f"--set {change}: there is no '{key}' in that list.",
        cure=f"It has {', '.join(map(str, names))}.",
    )


def _explain(error: ValidationError, content: Mapping[str, Any]) -> str:
    return "; ".join(_explain_one(dict(problem), content) for problem in error.errors()[:5])


def _explain_one(problem: dict[str, Any], content: Mapping[str, Any]) -> str:
    place = ".".join(str(part) for part in problem["loc"]) or "recipe"
    message = str(problem["msg"]).removeprefix("Value error, ")
    if problem["type"] != "extra_forbidden":
        return f"{place}: {message}"
    unknown = str(problem["loc"][-1])
    return f"unknown key '{unknown}' at {place}{nearest(unknown, _known_keys(problem['loc']))}"


def _known_keys(place: tuple[str | int, ...]) -> list[str]:
    """The keys that the recipe may have where pydantic found an unknown one."""
    parts: dict[str, type[BaseModel]] = {
        "sources": Source,
        "select": Selection,
        "release": ReleaseSettings,
        "engine": Engine,
        "limits": Limits,
    }
    if place[0] == "models" and len(place) > 2:
        return list(MODEL_KINDS[str(place[2])].model_fields)
    return list((parts[str(place[0])] if len(place) > 1 else Recipe).model_fields)
