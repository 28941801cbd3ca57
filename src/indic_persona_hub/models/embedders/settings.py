"""What a recipe says about its embedders, and how a plug is opened from it."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from indic_persona_hub.errors import RecipeError, nearest
from indic_persona_hub.models.embedders.socket import Embedder
from indic_persona_hub.models.settings import Address, VariableName

#: Packages offer embedders under this entry point group: callables of the settings' `options`.
ENTRY_POINTS: Final = "indic_persona_hub.embedders"

_FROZEN = ConfigDict(frozen=True, extra="forbid")


class HashedSettings(BaseModel):
    """Hashed words and character n-grams: sees rewording, not meaning. Needs nothing.

    Attributes:
        dimensions: Length of a vector; the error of a cosine is about 1 / its square root.
    """

    model_config = _FROZEN

    kind: Literal["hashed"] = "hashed"
    dimensions: int = Field(256, ge=64, le=1024, multiple_of=64)


class OpenAICompatibleEmbedderSettings(BaseModel):
    """Any endpoint with OpenAI's embeddings: vLLM, SGLang, TEI, llama.cpp, Ollama, hosted.

    Attributes:
        base_url: Up to but without `/embeddings`.
        model: The endpoint's name of the model.
        dimensions: Asked for where the model can shorten its vectors; null asks for nothing.
        prefix: Put before every text; the E5 models want "query: ".
        api_key_env: Name of the environment variable that holds the key; null sends none.
        api_key_file: Path of a file that holds the key; null sends none.
        most_characters: What is longer is cut, so that it fits the model's context.
        texts_per_call: Texts in one request.
        concurrency: Requests in flight.
        timeout_s: Longest that one call may take.
        attempts: How often a call is tried before the command stops.
    """

    model_config = _FROZEN

    kind: Literal["openai_compatible"] = "openai_compatible"
    base_url: Address
    model: str = Field(min_length=1)
    dimensions: int | None = Field(None, ge=1)
    prefix: str = ""
    api_key_env: VariableName | None = None
    api_key_file: str | None = None
    most_characters: int = Field(2000, ge=64)
    texts_per_call: int = Field(32, ge=1, le=64)
    concurrency: int = Field(8, ge=1, le=256)
    timeout_s: float = Field(120, gt=0)
    attempts: int = Field(8, ge=1, le=20)

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if self.api_key_env and self.api_key_file:
            raise ValueError("the key is in api_key_env or in api_key_file, not in both")
        return self


class SentenceTransformersSettings(BaseModel):
    """A model that the package `sentence-transformers` runs in this process, where installed.

    Attributes:
        model: A name or a folder, as `SentenceTransformer` takes it.
        revision: Of the model on its hub; null is the newest.
        prefix: Put before every text; the E5 models want "query: ".
        texts_at_once: Texts that the model reads at once.
    """

    model_config = _FROZEN

    kind: Literal["sentence_transformers"] = "sentence_transformers"
    model: str = Field(min_length=1)
    revision: str | None = None
    prefix: str = ""
    texts_at_once: int = Field(32, ge=1)


class InstalledSettings(BaseModel):
    """An embedder that an installed package offers as an entry point.

    Attributes:
        name: Of the entry point in the group `indic_persona_hub.embedders`.
        options: Given to it as keyword arguments.
    """

    model_config = _FROZEN

    kind: Literal["installed"] = "installed"
    name: str = Field(min_length=1)
    options: dict[str, JsonValue] = {}


EmbedderSettings = Annotated[
    HashedSettings
    | OpenAICompatibleEmbedderSettings
    | SentenceTransformersSettings
    | InstalledSettings,
    Field(discriminator="kind"),
]

#: Settings by `kind`.
EMBEDDER_KINDS: Final[dict[str, type[BaseModel]]] = {
    "hashed": HashedSettings,
    "openai_compatible": OpenAICompatibleEmbedderSettings,
    "sentence_transformers": SentenceTransformersSettings,
    "installed": InstalledSettings,
}

#: What cannot change a vector: how an endpoint is reached, and how fast.
_NO_IDENTITY: Final = frozenset(
    {
        *("base_url", "api_key_env", "api_key_file", "concurrency", "timeout_s", "attempts"),
        *("texts_per_call", "texts_at_once"),
    }
)


def identity(settings: EmbedderSettings) -> dict[str, Any]:
    """The settings that can change a vector, as JSON values: for fingerprints."""
    values = settings.model_dump(mode="json")
    return {name: value for name, value in values.items() if name not in _NO_IDENTITY}


def open_embedder(settings: EmbedderSettings) -> Embedder:
    """The plug that `settings` ask for.

    Raises:
        RecipeError: No installed package offers an embedder of that name, or its options differ.
        WeightsError: The model or the package that runs it is missing.
        ModelError: The key's environment variable is not set, or its file cannot be read.
    """
    if isinstance(settings, InstalledSettings):
        return _installed(settings)
    if isinstance(settings, OpenAICompatibleEmbedderSettings):
        return _plug("openai_compatible", "OpenAICompatibleEmbedder", settings)
    if isinstance(settings, SentenceTransformersSettings):
        return _plug("sentence_transformers", "SentenceTransformersEmbedder", settings)
    return _plug("hashed", "HashedEmbedder", settings)


def _plug(module: str, name: str, settings: BaseModel) -> Embedder:
    """Loaded only where it is asked for."""
    opened: Embedder = getattr(import_module(f"{__package__}.{module}"), name)(settings)
    return opened


def _installed(settings: InstalledSettings) -> Embedder:
    offered = {one.name: one for one in entry_points(group=ENTRY_POINTS)}
    if settings.name not in offered:
        known = nearest(settings.name, offered) if offered else "; none is installed"
        raise RecipeError(
            f"No installed package offers the embedder '{settings.name}'{known}.",
            cure=f"Install the package whose entry point in {ENTRY_POINTS} has that name.",
        )
    try:
        opened: Embedder = offered[settings.name].load()(**settings.options)
    except TypeError as error:
        raise RecipeError(
            f"The embedder '{settings.name}' does not take these options: {error}.",
            cure="See the package's own documentation for its options.",
        ) from error
    return opened
