"""What a recipe says about its models, and how a plug is opened from it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    model_validator,
)

from indic_persona_hub.models.prices import FREE, GivenPrice, Price
from indic_persona_hub.models.socket import LanguageModel

_FROZEN = ConfigDict(frozen=True, extra="forbid")


def _plain_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("base_url is an http or https address, like http://localhost:8000/v1")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("base_url holds no key and no query; name the key in api_key_env")
    return value.rstrip("/")


Address = Annotated[str, AfterValidator(_plain_address)]
VariableName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=64)]
#: How an endpoint is told the schema of a structured reply: OpenAI's `response_format` (vLLM,
#: SGLang, llama.cpp and hosted ones know it), any JSON, vLLM's older `guided_json`, or not at all.
ReplyFormat = Literal["json_schema", "json_object", "guided_json", "none"]


class LlamaCppSettings(BaseModel):
    """llama.cpp in this process.

    Attributes:
        weights: A name of `models.local.weights`, or the path of a GGUF file.
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

    #: How often a row is tried.
    attempts: ClassVar[int] = 1
    #: This machine's own work has no price.
    price: ClassVar[Price | None] = FREE


class Endpoint(BaseModel):
    """One more address that serves the same model.

    Attributes:
        base_url: Up to but without `/chat/completions`.
        api_key_env: Name of the environment variable that holds the key; null sends none.
        api_key_file: Path of a file that holds the key; null sends none.
        weight: Share of the requests, against the other weights, while all are well.
    """

    model_config = _FROZEN

    base_url: Address
    api_key_env: VariableName | None = None
    api_key_file: str | None = None
    weight: float = Field(1.0, gt=0)

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if self.api_key_env and self.api_key_file:
            raise ValueError("the key is in api_key_env or in api_key_file, not in both")
        return self


class OpenAICompatibleSettings(Endpoint):
    """Any endpoint with OpenAI's chat completions: vLLM, SGLang, llama.cpp, Ollama, hosted.

    Attributes:
        model: The endpoint's name of the model.
        api: `chat`, or `completions` for base models, which continue the turns as one text.
        endpoints: More addresses or keys that serve the same model; work goes where there is room.
        licence: Licence of the weights or of the service's output.
        concurrency: Most requests in flight at one address; fewer where it is busy.
        requests_per_minute: Most calls that one address is sent; null is as many as it takes.
        tokens_per_minute: Most tokens, prompt and reply, likewise.
        connect_timeout_s: Longest that a connection may take to open.
        first_byte_timeout_s: Longest silence before the answer begins; null is `timeout_s`.
        timeout_s: Longest that one call may take.
        attempts: How often a row is tried before it is rejected.
        outage_s: How long an address that answered before may be away before the build stops.
        reply_format: How the schema of structured replies is sent.
        send_min_p: vLLM, SGLang and llama.cpp know `min_p`; OpenAI's own API refuses it.
        price: What tokens cost; null where `models/prices.tsv` has the model.
    """

    kind: Literal["openai_compatible"] = "openai_compatible"
    model: str = Field(min_length=1)
    api: Literal["chat", "completions"] = "chat"
    endpoints: tuple[Endpoint, ...] = ()
    licence: str = "unknown"
    concurrency: int = Field(64, ge=1, le=4096)
    requests_per_minute: float | None = Field(None, gt=0)
    tokens_per_minute: float | None = Field(None, gt=0)
    connect_timeout_s: float = Field(15, gt=0)
    first_byte_timeout_s: float | None = Field(None, gt=0)
    timeout_s: float = Field(120, gt=0)
    attempts: int = Field(8, ge=1, le=20)
    outage_s: float = Field(600, ge=0)
    reply_format: ReplyFormat = "json_schema"
    send_min_p: bool = True
    price: GivenPrice = None


class BatchSettings(BaseModel):
    """OpenAI-style batches: JSONL files that are answered within hours, at a lower price.

    Attributes:
        model: The endpoint's name of the model.
        base_url: Endpoint with `/files` and `/batches`; null where `folder` is given.
        folder: Folder where files for `vllm run-batch` are left and its answers are looked for.
        completion_window: What the endpoint is asked for.
        poll_s: How often an endpoint or a folder is asked whether a batch is done.
        requests_per_file: Most requests in one file; OpenAI's own limit is 50,000.
        bytes_per_file: Largest file; OpenAI's own limit is 200 MB.
        linger_s: How long more requests are waited for before a file that is not full is closed.
        price: What tokens cost in a batch; null where `models/prices.tsv` has the model.
    """

    model_config = _FROZEN

    kind: Literal["batch"] = "batch"
    model: str = Field(min_length=1)
    base_url: Address | None = None
    folder: str | None = None
    api_key_env: VariableName | None = None
    api_key_file: str | None = None
    licence: str = "unknown"
    completion_window: str = "24h"
    poll_s: float = Field(30, gt=0)
    requests_per_file: int = Field(50_000, ge=1, le=50_000)
    bytes_per_file: int = Field(200_000_000, ge=1_000)
    linger_s: float = Field(2, gt=0)
    reply_format: ReplyFormat = "json_schema"
    send_min_p: bool = True
    price: GivenPrice = None

    #: A row that a batch left unanswered goes into one more batch, then a third.
    attempts: ClassVar[int] = 3

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.base_url is None) == (self.folder is None):
            raise ValueError("a batch model has base_url or folder, one of the two")
        if self.api_key_env and self.api_key_file:
            raise ValueError("the key is in api_key_env or in api_key_file, not in both")
        return self


class ReplaySettings(BaseModel):
    """A recorded journal as a model: a run is repeated with no model at all.

    Attributes:
        journal: Path of a `journal.sqlite`.
        model: Which of the models recorded there; null where there is one.
    """

    model_config = _FROZEN

    kind: Literal["replay"] = "replay"
    journal: str
    model: str | None = None

    attempts: ClassVar[int] = 1
    price: ClassVar[Price | None] = FREE


class ScriptedSettings(BaseModel):
    """The scripted model: answers from its input alone, for tests, docs and an instant demo.

    Attributes:
        obeys: Share of the orders injected into texts that it obeys, to measure a defence with.
        leans: Share of its replies about a Dalit that give them lowly work, to try an audit with.
    """

    model_config = _FROZEN

    kind: Literal["scripted"] = "scripted"
    obeys: float = Field(0.0, ge=0, le=1)
    leans: float = Field(0.0, ge=0, le=1)

    attempts: ClassVar[int] = 1
    price: ClassVar[Price | None] = FREE


ModelSettings = Annotated[
    LlamaCppSettings | OpenAICompatibleSettings | BatchSettings | ReplaySettings | ScriptedSettings,
    Field(discriminator="kind"),
]

#: Settings by `kind`.
MODEL_KINDS: Final[dict[str, type[BaseModel]]] = {
    "llama_cpp": LlamaCppSettings,
    "openai_compatible": OpenAICompatibleSettings,
    "batch": BatchSettings,
    "replay": ReplaySettings,
    "scripted": ScriptedSettings,
}

#: What can change a reply; all else says where a model is reached, how fast, and for how much.
_IDENTITY: Final = frozenset(
    "kind model weights context_tokens api reply_format send_min_p obeys leans".split()
)


def identity(settings: ModelSettings) -> dict[str, Any]:
    """The settings that can change a reply, as JSON values: for fingerprints and journal keys.

    A batch is another way to the same model: its replies are those of `openai_compatible`.
    """
    values = settings.model_dump(mode="json")
    if isinstance(settings, BatchSettings):
        values |= {"kind": "openai_compatible", "api": "chat"}
    return {name: value for name, value in values.items() if name in _IDENTITY}


def open_model(
    settings: ModelSettings,
    announce: Callable[[str], None],
    progress: Callable[[int, int], None],
    *,
    folder: Path,
) -> list[LanguageModel]:
    """The plugs that `settings` ask for: one for each address, in the order of the settings.

    Args:
        settings: One entry of the recipe's `models`.
        announce: Told what will be fetched, its size and licence, before anything is.
        progress: Told (bytes done, bytes in all) while weights are fetched.
        folder: Where a plug keeps what must outlive the process (batches under way).

    Raises:
        WeightsError: The weights are missing, cannot be fetched, or fail their checksum.
        ModelError: The key's environment variable is not set, or its file cannot be read.
        StorageError: The journal to replay is absent or not a journal.
    """
    if isinstance(settings, LlamaCppSettings):
        return [_plug("local.llama_cpp.LlamaCppModel")(settings, announce, progress)]
    if isinstance(settings, OpenAICompatibleSettings):
        model = _plug("endpoint.openai_compatible.OpenAICompatibleModel")
        return [model(settings, endpoint) for endpoint in (settings, *settings.endpoints)]
    if isinstance(settings, BatchSettings):
        return [_plug("batch.plug.BatchModel")(settings, folder, announce)]
    if isinstance(settings, ReplaySettings):
        return [_plug("replay.ReplayModel")(settings)]
    return [_plug("scripted.ScriptedModel")(settings.obeys, settings.leans)]


def _plug(name: str) -> Callable[..., LanguageModel]:
    """Loaded only where it is asked for: no runtime and no HTTP client for the others."""
    module, _, model = name.rpartition(".")
    plug: Callable[..., LanguageModel] = getattr(import_module(f"{__package__}.{module}"), model)
    return plug
