"""What a recipe says about its models, and how a plug is opened from it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any, ClassVar, Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from indic_persona_hub.models.socket import LanguageModel

_FROZEN = ConfigDict(frozen=True, extra="forbid")


class LlamaCppSettings(BaseModel):
    """llama.cpp in this process.

    Attributes:
        weights: A name of `models.weights`, or the path of a GGUF file.
        slots: Requests worked on at once.
        threads: CPU threads; null is all cores.
        context_tokens: Longest prompt and reply of one request.
    """

    model_config = _FROZEN

    kind: Literal["llama_cpp"] = "llama_cpp"
    weights: str = "qwen2.5-coder-1.5b-instruct-q4_k_m"
    slots: int = Field(4, ge=1, le=64)
    threads: int | None = Field(None, ge=1)
    context_tokens: int = Field(1536, ge=256)

    #: Longest that one call may take: a slow machine is not a fault.
    timeout_s: ClassVar[float | None] = None
    #: How often a row is tried.
    attempts: ClassVar[int] = 1


class OpenAICompatibleSettings(BaseModel):
    """Any endpoint with OpenAI's chat completions: vLLM, SGLang, llama.cpp, Ollama, hosted.

    Attributes:
        base_url: Up to but without `/chat/completions`.
        model: The endpoint's name of the model.
        api_key_env: Name of the environment variable that holds the key; null sends none.
        licence: Licence of the weights or of the service's output.
        concurrency: Requests in flight.
        timeout_s: Longest that one call may take.
        attempts: How often a row is tried before it is rejected.
        json_schema: Send the schema of structured replies for the endpoint to enforce.
        send_min_p: vLLM, SGLang and llama.cpp know `min_p`; OpenAI's own API refuses it.
        price_per_million_prompt_tokens_usd: For `iph plan`; null where unknown.
        price_per_million_completion_tokens_usd: For `iph plan`; null where unknown.
    """

    model_config = _FROZEN

    kind: Literal["openai_compatible"] = "openai_compatible"
    base_url: str
    model: str = Field(min_length=1)
    api_key_env: str | None = Field(None, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=64)
    licence: str = "unknown"
    concurrency: int = Field(32, ge=1, le=4096)
    timeout_s: float = Field(120, gt=0)
    attempts: int = Field(5, ge=1, le=20)
    json_schema: bool = True
    send_min_p: bool = True
    price_per_million_prompt_tokens_usd: float | None = Field(None, ge=0)
    price_per_million_completion_tokens_usd: float | None = Field(None, ge=0)

    @field_validator("base_url")
    @classmethod
    def _is_plain(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("base_url is an http or https address, like http://localhost:8000/v1")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("base_url holds no key and no query; name the key in api_key_env")
        return value.rstrip("/")


class ScriptedSettings(BaseModel):
    """The scripted model: answers from its input alone, for tests, docs and an instant demo."""

    model_config = _FROZEN

    kind: Literal["scripted"] = "scripted"

    timeout_s: ClassVar[float | None] = None
    attempts: ClassVar[int] = 1


ModelSettings = Annotated[
    LlamaCppSettings | OpenAICompatibleSettings | ScriptedSettings, Field(discriminator="kind")
]

#: Settings by `kind`.
MODEL_KINDS: Final[dict[str, type[BaseModel]]] = {
    "llama_cpp": LlamaCppSettings,
    "openai_compatible": OpenAICompatibleSettings,
    "scripted": ScriptedSettings,
}

#: Where a model is reached and how fast it is worked: never a part of what it says.
_NOT_IDENTITY = frozenset(
    {
        "base_url",
        "api_key_env",
        "licence",
        "concurrency",
        "slots",
        "threads",
        "timeout_s",
        "attempts",
        "price_per_million_prompt_tokens_usd",
        "price_per_million_completion_tokens_usd",
    }
)


def identity(settings: ModelSettings) -> dict[str, Any]:
    """The settings that can change a reply, as JSON values: for fingerprints and journal keys."""
    return {
        name: value
        for name, value in settings.model_dump(mode="json").items()
        if name not in _NOT_IDENTITY
    }


def open_model(
    settings: ModelSettings,
    announce: Callable[[str], None],
    progress: Callable[[int, int], None],
) -> LanguageModel:
    """The plug that `settings` ask for.

    Args:
        settings: One entry of the recipe's `models`.
        announce: Told what will be fetched, its size and licence, before anything is.
        progress: Told (bytes done, bytes in all) while weights are fetched.

    Raises:
        WeightsError: The weights are missing, cannot be fetched, or fail their checksum.
        ModelError: The key's environment variable is not set.
    """
    if isinstance(settings, LlamaCppSettings):
        return _plug("llama_cpp.LlamaCppModel")(settings, announce, progress)
    if isinstance(settings, OpenAICompatibleSettings):
        return _plug("openai_compatible.OpenAICompatibleModel")(settings)
    return _plug("scripted.ScriptedModel")()


def _plug(name: str) -> Callable[..., LanguageModel]:
    """Loaded only where it is asked for: no runtime and no HTTP client for the others."""
    module, _, model = name.partition(".")
    plug: Callable[..., LanguageModel] = getattr(import_module(f"{__package__}.{module}"), model)
    return plug
