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
    Discriminator,
    Field,
    PlainSerializer,
    SerializeAsAny,
    Tag,
    ValidationError,
    model_validator,
)

from indic_persona_hub.errors import RecipeError, nearest
from indic_persona_hub.ingest.persona_sets import PersonaSource
from indic_persona_hub.ingest.sources import Source
from indic_persona_hub.models.embedders.settings import (
    EMBEDDER_KINDS,
    EmbedderSettings,
    HashedSettings,
)
from indic_persona_hub.models.settings import MODEL_KINDS, ModelSettings
from indic_persona_hub.run.catalogue import parse_stage, stage_entry
from indic_persona_hub.run.settings import Engine, Limits, ReleaseSettings
from indic_persona_hub.select.settings import Represent, Selection
from indic_persona_hub.stage import Stage


def _short_engine(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value.startswith("ray://"):
        return {"runner": "ray", "address": value}
    return {"runner": value}


StageEntry = Annotated[
    SerializeAsAny[Stage], BeforeValidator(parse_stage), PlainSerializer(stage_entry)
]


def _source_kind(given: Any) -> str:
    kind = given.get("kind") if isinstance(given, Mapping) else getattr(given, "kind", None)
    return "personas" if kind == "personas" else "pages"


AnySource = Annotated[
    Annotated[Source, Tag("pages")] | Annotated[PersonaSource, Tag("personas")],
    Discriminator(_source_kind),
]


class Recipe(BaseModel):
    """Everything that makes a hub.

    Attributes:
        hub: Folder of the hub; relative paths are relative to the recipe's file.
        seed: All chance comes from it.
        sources: Where pages are read; or all of them persona sets (`kind: personas`).
        models: Language models by the name that stages use.
        embedders: What turns texts into vectors, by the name that judges use.
        journal: File of paid replies that this hub shares with others; null keeps one in the hub.
        domain_edits: CSV file of a person's last word on domains (see `select.domains.edits`).
        stages: What is done, in order: ingest, generation, judges; of persona sets only the
            judges, and persona_to_persona and fill_gaps where they are to be expanded.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    hub: str = "hub"
    seed: int = Field(0, ge=0, lt=2**31)
    sources: tuple[AnySource, ...] = Field(min_length=1)
    models: dict[str, ModelSettings] = {}
    embedders: dict[str, EmbedderSettings] = {"default": HashedSettings()}
    journal: str | None = None
    domain_edits: str | None = None
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

    @model_validator(mode="before")
    @classmethod
    def _adopt_first(cls, given: Any) -> Any:
        """A recipe over persona sets may begin at the judges."""
        if not isinstance(given, dict) or not isinstance(given.get("stages"), list | tuple):
            return given
        sources = given.get("sources") or ()
        if not sources or any(_source_kind(one) != "personas" for one in sources):
            return given
        stages = list(given["stages"])
        names = [
            one if isinstance(one, str) else getattr(one, "name", None) or next(iter(one), None)
            for one in stages
            if isinstance(one, str | dict | Stage)
        ]
        return given if "adopt" in names else {**given, "stages": ["adopt", *stages]}

    @property
    def adopts(self) -> bool:
        """Whether the sources are persona sets."""
        return isinstance(self.sources[0], PersonaSource)

    @property
    def page_sources(self) -> tuple[Source, ...]:
        """The sources of pages."""
        return tuple(one for one in self.sources if isinstance(one, Source))

    @property
    def persona_sources(self) -> tuple[PersonaSource, ...]:
        """The persona sets."""
        return tuple(one for one in self.sources if isinstance(one, PersonaSource))

    @model_validator(mode="after")
    def _sources_are_of_one_kind(self) -> Self:
        if self.page_sources and self.persona_sources:
            raise ValueError(
                "pages and persona sets are in one recipe; give each a recipe and a hub of its own"
            )
        return self

    @model_validator(mode="after")
    def _stages_are_in_order(self) -> Self:
        names = [stage.name for stage in self.stages]
        doubled = {name for name in names if names.count(name) > 1}
        if doubled:
            raise ValueError(f"stages named twice: {', '.join(sorted(doubled))}")
        first = ["adopt"] if self.adopts else ["ingest", "text_to_persona"]
        if names[: len(first)] != first:
            raise ValueError(f"stages begin with {', then '.join(first)}")
        misplaced = {"adopt", "ingest", "text_to_persona"} & set(names[len(first) :])
        if misplaced:
            raise ValueError(f"{min(misplaced)} has no place after {first[-1]}")
        if "persona_to_persona" in names[len(first) + 1 :]:
            raise ValueError(f"persona_to_persona stands right after {first[-1]}")
        if "fill_gaps" in names:
            self._gaps_can_be_filled(names, len(first) + ("persona_to_persona" in names))
        for stage in self.stages:
            model = getattr(stage, "model", None)
            if model is not None and model not in self.models:
                raise ValueError(
                    f"stage {stage.name} asks the model '{model}',"
                    f" and `models` has {', '.join(self.models) or 'none'}"
                )
            embedder = getattr(stage, "embedder", None)
            if embedder is not None and embedder not in self.embedders:
                raise ValueError(
                    f"stage {stage.name} uses the embedder '{embedder}',"
                    f" and `embedders` has {', '.join(self.embedders) or 'none'}"
                )
        if self.select.represent and "attributes" not in names:
            raise ValueError("select.represent needs the stage attributes; add it to `stages`")
        return self

    def _gaps_can_be_filled(self, names: list[str], place: int) -> None:
        if names.index("fill_gaps") != place:
            raise ValueError(f"fill_gaps stands right after {names[place - 1]}")
        if "attributes" not in names:
            raise ValueError("fill_gaps needs the stage attributes; add it to `stages`")
        if self.limits.accepted is not None:
            raise ValueError(
                "limits.accepted ends a build as soon as so many are accepted, and fill_gaps asks"
                " for those who are missing then; give fill_gaps or select a `target` instead"
            )

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
        embedders = {name: _placed(settings, folder) for name, settings in self.embedders.items()}
        places: dict[str, Any] = {"hub": str(folder / self.hub), "sources": sources}
        places |= {"models": models, "embedders": embedders}
        places["stages"] = tuple(_placed(stage, folder) for stage in self.stages)
        for name in ("journal", "domain_edits"):
            if getattr(self, name) is not None:
                places[name] = str(folder / getattr(self, name))
        return self.model_copy(update=places)


#: Settings of models, embedders and stages that are paths; `people`, `word_list` are user's lists.
_PATHS = {"journal", "folder", "api_key_file", "people", "word_list"}


def _placed(settings: Any, folder: Path) -> Any:
    """A model's or a stage's settings with its relative paths made absolute against `folder`."""
    fields = type(settings).model_fields.keys() & _PATHS
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
    found = error.errors()
    # A list whose only entry is wrong counts as empty too, which says nothing.
    within = {problem["loc"][:-depth] for problem in found for depth in range(1, 9)}
    found = [one for one in found if one["type"] != "too_short" or one["loc"] not in within]
    return "; ".join(_explain_one(dict(problem), content) for problem in found[:5])


def _explain_one(problem: dict[str, Any], content: Mapping[str, Any]) -> str:
    if problem["loc"][:1] == ("sources",):
        problem = {**problem, "loc": tuple(one for one in problem["loc"] if one != "pages")}
    place = ".".join(str(part) for part in problem["loc"]) or "recipe"
    message = str(problem["msg"]).removeprefix("Value error, ")
    if problem["type"] != "extra_forbidden":
        return f"{place}: {message}"
    unknown = str(problem["loc"][-1])
    return f"unknown key '{unknown}' at {place}{nearest(unknown, _known_keys(problem['loc']))}"


def _known_keys(place: tuple[str | int, ...]) -> list[str]:
    """The keys that the recipe may have where pydantic found an unknown one."""
    parts: dict[str, type[BaseModel]] = {
        "sources": PersonaSource if "personas" in place else Source,
        "select": Selection,
        "release": ReleaseSettings,
        "engine": Engine,
        "limits": Limits,
    }
    kinds = {"models": MODEL_KINDS, "embedders": EMBEDDER_KINDS}.get(str(place[0]))
    if kinds and len(place) > 2:
        return list(kinds[str(place[2])].model_fields)
    if place[:2] == ("select", "represent") and len(place) > 2:
        return list(Represent.model_fields)
    if place[0] == "release" and len(place) > 2:
        return list(type(getattr(ReleaseSettings(), str(place[1]))).model_fields)
    return list((parts[str(place[0])] if len(place) > 1 else Recipe).model_fields)
