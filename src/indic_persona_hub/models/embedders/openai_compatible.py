"""Any endpoint with OpenAI's embeddings: vLLM, SGLang, TEI, llama.cpp, Ollama, hosted ones."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.embedders.settings import (
    OpenAICompatibleEmbedderSettings,
    identity,
)
from indic_persona_hub.models.endpoint.errors import failure_of
from indic_persona_hub.models.endpoint.http import HttpClient
from indic_persona_hub.models.endpoint.secrets import key_of
from indic_persona_hub.models.failures import BadRowError, BusyError, EndpointError
from indic_persona_hub.models.loop import run, together
from indic_persona_hub.models.settings import OpenAICompatibleSettings
from indic_persona_hub.records import unit_interval

Floats = NDArray[np.float32]

_PATH: Final = "/embeddings"
#: Endpoints refuse an empty text.
_NOTHING: Final = "-"
#: A text that is refused is cut in half until it is shorter than this.
_FEWEST_CHARACTERS: Final = 32
_FIRST_WAIT_S: Final = 0.25
_LONGEST_WAIT_S: Final = 30.0


class OpenAICompatibleEmbedder:
    """An `Embedder` behind HTTP.

    A call that fails in a way that may pass is tried again, waiting longer each time. A text that
    the endpoint refuses is cut in half until it is taken, so that one long text stops nothing.

    Raises:
        ModelError: The key that should be there is not, or the address is none.
    """

    def __init__(self, settings: OpenAICompatibleEmbedderSettings) -> None:
        self._settings = settings
        self._key = key_of(settings.api_key_env, settings.api_key_file, settings.base_url)
        self._named = OpenAICompatibleSettings(
            base_url=settings.base_url,
            model=settings.model,
            send_min_p=False,
            reply_format="none",
        )
        self._client = HttpClient(
            settings.base_url,
            key=self._key,
            connect_timeout_s=15,
            first_byte_timeout_s=None,
            timeout_s=settings.timeout_s,
            connections=settings.concurrency,
        )

    def __repr__(self) -> str:
        return f"OpenAICompatibleEmbedder({self._settings.base_url!r}, {self._settings.model!r})"

    @property
    def identity(self) -> Mapping[str, Any]:
        """See `Embedder`."""
        return identity(self._settings)

    def embed(self, texts: Sequence[str]) -> Floats:
        """See `Embedder`.

        Raises:
            ModelError: The endpoint refuses, is unreachable, keeps failing, or answers with what
                is no embedding.
        """
        size = self._settings.texts_per_call
        batches = [self._sent(texts[at : at + size]) for at in range(0, len(texts), size)]
        parts: list[Floats] = [np.zeros((0, 0), np.float32)] * len(batches)
        waiting = iter(range(len(batches)))

        async def work() -> None:
            for number in waiting:
                parts[number] = await self._vectors(batches[number])

        run(together(work() for _ in range(min(self._settings.concurrency, len(batches)))))
        lengths = {part.shape[1] for part in parts}
        if len(lengths) > 1:
            raise self._strange(f"vectors of {' and '.join(map(str, sorted(lengths)))} numbers")
        return np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)

    def close(self) -> None:
        """See `Embedder`."""
        run(self._client.close())

    def _sent(self, texts: Sequence[str]) -> list[str]:
        most, prefix = self._settings.most_characters, self._settings.prefix
        return [prefix + (text[:most].strip() or _NOTHING) for text in texts]

    async def _vectors(self, texts: Sequence[str]) -> Floats:
        """Vectors of one batch, a part of it, or one text, as much as the endpoint takes."""
        try:
            return await self._until_answered(texts)
        except BadRowError as error:
            if len(texts) > 1:
                middle = len(texts) // 2
                halves = [await self._vectors(half) for half in (texts[:middle], texts[middle:])]
                return np.concatenate(halves)
            [text] = texts
            if len(text) < _FEWEST_CHARACTERS:
                raise ModelError(
                    f"{self._settings.base_url} refuses to embed a text: {error.detail}",
                    cure="Check the embedder's model, dimensions and prefix.",
                ) from None
            return await self._vectors([text[: len(text) // 2]])

    async def _until_answered(self, texts: Sequence[str]) -> Floats:
        tried = 0
        while True:
            try:
                return await self._asked(texts)
            except EndpointError as error:
                tried += 1
                if tried >= self._settings.attempts:
                    raise self._given_up(error) from error
                await asyncio.sleep(_wait_s(error, tried, texts[0]))

    async def _asked(self, texts: Sequence[str]) -> Floats:
        asked: dict[str, Any] = {"model": self._settings.model, "input": texts}
        asked["encoding_format"] = "float"
        if self._settings.dimensions is not None:
            asked["dimensions"] = self._settings.dimensions
        body = json.dumps(asked, ensure_ascii=False).encode("utf-8", "replace")
        answer = await self._client.post_json(_PATH, body)
        if answer.status != 200:
            raise failure_of(answer.status, answer.headers, answer.body, self._named, self._key)
        vectors = vectors_in(answer.body, len(texts))
        if vectors is None:
            raise self._strange("200 without an embedding of each text")
        return vectors

    def _strange(self, what: str) -> EndpointError:
        return EndpointError(
            f"{self._settings.base_url} answered {what}.",
            cure="Check that base_url serves /embeddings and that the model is an embedder.",
            kind="no_embeddings",
            may_be_billed=True,
        )

    def _given_up(self, error: EndpointError) -> ModelError:
        times = self._settings.attempts
        return ModelError(
            f"{self._settings.model} failed {times} times in a row: {error.message}",
            cure=f"{error.cure} Then run the same command again; finished slices are kept.",
            retry=True,
        )


def vectors_in(body: bytes, texts: int) -> Floats | None:
    """The vectors of an answer in the order of the texts, each of length 1; null where it is none.

    Args:
        body: JSON as OpenAI's embeddings API has it.
        texts: How many were asked for.
    """
    try:
        found = {one["index"]: one["embedding"] for one in json.loads(body)["data"]}
        vectors = np.array([found[place] for place in range(texts)], np.float64)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    if vectors.ndim != 2 or not np.isfinite(vectors).all():
        return None
    lengths = np.linalg.norm(vectors, axis=1)
    if not lengths.all():
        return None
    return np.asarray(vectors / lengths[:, None], np.float32)


def _wait_s(error: EndpointError, tried: int, text: str) -> float:
    if isinstance(error, BusyError) and error.retry_after_s is not None:
        return min(error.retry_after_s, _LONGEST_WAIT_S)
    most_s = min(_FIRST_WAIT_S * 2.0 ** (tried - 1), _LONGEST_WAIT_S)
    return most_s * (0.5 + unit_interval(text, str(tried)) / 2)
