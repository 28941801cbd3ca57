"""Embedders: every plug passes the conformance suite; the HTTP one against a server that fails."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from indic_persona_hub.errors import HubError, ModelError, RecipeError, WeightsError
from indic_persona_hub.models.embedders.hashed import HashedEmbedder
from indic_persona_hub.models.embedders.openai_compatible import vectors_in
from indic_persona_hub.models.embedders.settings import (
    EmbedderSettings,
    HashedSettings,
    InstalledSettings,
    OpenAICompatibleEmbedderSettings,
    SentenceTransformersSettings,
    identity,
    open_embedder,
)
from indic_persona_hub.testing.embedders import TEXTS, check_embedder
from raw_server import RawServer, Step, answer

SECRET = "sk-lab-7d1f0c55e2"
HASHED = HashedEmbedder(HashedSettings(dimensions=64))


def asked(request: bytes) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(request.partition(b"\r\n\r\n")[2])
    return body


def embeddings(texts: Sequence[str], scale: float = 1.0) -> bytes:
    """As OpenAI's API answers, the last text first."""
    vectors = (HASHED.embed(texts) * scale).tolist()
    data = [{"index": place, "embedding": vector} for place, vector in enumerate(vectors)]
    return json.dumps({"object": "list", "data": data[::-1]}).encode()


def serve(request: bytes) -> Iterable[Step]:
    return [answer(embeddings(asked(request)["input"], scale=3.5))]


def settings_of(server: RawServer, **more: Any) -> OpenAICompatibleEmbedderSettings:
    return OpenAICompatibleEmbedderSettings(
        base_url=server.base_url, model="lab-embedder", timeout_s=5, **more
    )


@pytest.mark.parametrize("dimensions", [64, 256])
def test_hashed_conforms(dimensions: int) -> None:
    check_embedder(open_embedder(HashedSettings(dimensions=dimensions)))


def test_an_endpoint_conforms() -> None:
    with RawServer(serve) as server:
        check_embedder(open_embedder(settings_of(server)), tolerance=1e-6)


class Unsteady:
    """Breaks the socket's promises one by one."""

    def __init__(self, fault: str) -> None:
        self.identity = {"kind": "unsteady"}
        self.fault = fault
        self.calls = 0

    def embed(self, texts: Sequence[str]) -> NDArray[Any]:
        self.calls += 1
        vectors = HASHED.embed(texts)
        match self.fault:
            case "type":
                return vectors.astype(np.float64)
            case "length":
                return vectors * np.float32(2)
            case "order":
                return vectors[::-1].copy()
            case "drift":
                return np.roll(vectors, self.calls, axis=1)
            case "blind":
                return np.repeat(HASHED.embed(["x"]), len(texts), axis=0)
            case "empty texts":
                return vectors[[bool(text.strip()) for text in texts]]
        return np.concatenate([vectors, vectors])

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "fault", ["type", "length", "order", "drift", "blind", "empty texts", "count"]
)
def test_the_suite_finds_what_is_wrong(fault: str) -> None:
    with pytest.raises(AssertionError):
        check_embedder(Unsteady(fault))


def test_hashed_sees_rewording_but_not_translation() -> None:
    sold, again, other, translated = HashedEmbedder(HashedSettings()).embed(
        [
            "A 52-year-old woman who sells ginger and turmeric at the weekly market in Koraput.",
            "At Koraput's weekly market, a woman of 52 sells turmeric and ginger.",
            "A retired railway guard in Bhopal who is fond of chess and old film songs.",
            TEXTS[1],
        ]
    )
    assert sold @ again > 0.6 > 0.35 > sold @ other
    assert abs(sold @ translated) < 0.35


def test_spelling_of_unicode_and_case_do_not_matter() -> None:
    one, other = HASHED.embed(["ज़मीन BIGHA", "ज\u093cमीन bigha"])
    assert one @ other == pytest.approx(1)


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=40), max_size=8))
def test_hashed_takes_any_text(texts: list[str]) -> None:
    vectors = HASHED.embed(texts)
    assert vectors.shape == (len(texts), 64)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    for text, vector in zip(texts, vectors, strict=True):
        assert (HASHED.embed([text])[0] == vector).all()


def test_what_an_endpoint_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_KEY", SECRET)
    with RawServer(serve) as server:
        settings = settings_of(
            server,
            prefix="query: ",
            dimensions=64,
            api_key_env="LAB_KEY",
            most_characters=64,
            texts_per_call=2,
        )
        embedder = open_embedder(settings)
        vectors = embedder.embed(["क" * 100, "", "c"])
        embedder.close()
        bodies = sorted((asked(one) for one in server.requests), key=lambda one: -len(one["input"]))
    assert vectors.shape == (3, 64)
    assert bodies[0]["input"] == ["query: " + "क" * 64, "query: -"]
    assert bodies[1] == {
        "model": "lab-embedder",
        "input": ["query: c"],
        "encoding_format": "float",
        "dimensions": 64,
    }
    assert all(f"Authorization: Bearer {SECRET}".encode() in one for one in server.requests)
    assert SECRET not in repr(embedder) + json.dumps(dict(embedder.identity)) + repr(settings)


@pytest.mark.parametrize(
    "first",
    [
        answer(b'{"error": "busy"}', "429 Too Many", "Retry-After: 0.01"),
        answer(b"oops", "500 Internal Server Error"),
        "reset",
        answer(b'{"data": []}'),
        answer(b"<html>"),
    ],
)
def test_what_may_pass_is_tried_again(first: Step) -> None:
    turns = [first]
    with RawServer(lambda request: [turns.pop()] if turns else serve(request)) as server:
        embedder = open_embedder(settings_of(server))
        assert embedder.embed(TEXTS) == pytest.approx(HASHED.embed(TEXTS), abs=1e-6)
        embedder.close()


def test_what_does_not_pass_ends_with_a_cure() -> None:
    with RawServer(lambda request: [answer(b"oops", "500 Internal Server Error")]) as server:
        embedder = open_embedder(settings_of(server, attempts=2))
        with pytest.raises(ModelError, match="failed 2 times in a row") as failed:
            embedder.embed(["a"])
        embedder.close()
    assert failed.value.retry
    assert failed.value.cure


def test_a_text_that_is_refused_is_cut_until_it_is_taken() -> None:
    def picky(request: bytes) -> Iterable[Step]:
        texts = asked(request)["input"]
        if any(len(text) > 100 for text in texts):
            return [answer(b'{"error": {"message": "too many tokens"}}', "400 Bad Request")]
        return serve(request)

    long = "हल्दी " * 60
    with RawServer(picky) as server:
        embedder = open_embedder(settings_of(server))
        vectors = embedder.embed(["a", long, "b"])
        embedder.close()
    assert vectors[[0, 2]] == pytest.approx(HASHED.embed(["a", "b"]), abs=1e-6)
    assert vectors[1] @ HASHED.embed([long[:90]])[0] > 0.99


def test_a_refusal_of_everything_is_a_bad_world() -> None:
    said = b'{"error": {"message": "dimensions are not supported"}}'
    with RawServer(lambda request: [answer(said, "400 Bad Request")]) as server:
        embedder = open_embedder(settings_of(server, dimensions=8))
        with pytest.raises(ModelError, match="dimensions are not supported"):
            embedder.embed([text * 20 for text in TEXTS])
        embedder.close()
        assert len(server.requests) < 20


@pytest.mark.parametrize("status", ["401 Unauthorized", "404 Not Found"])
def test_a_wrong_key_or_address_is_not_tried_twice(
    status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB_KEY", SECRET)
    said = json.dumps({"error": {"message": f"no such key {SECRET}"}}).encode()
    with RawServer(lambda request: [answer(said, status)]) as server:
        embedder = open_embedder(settings_of(server, api_key_env="LAB_KEY"))
        with pytest.raises(ModelError) as failed:
            embedder.embed(["a"])
        embedder.close()
        assert len(server.requests) == 1
    assert SECRET not in str(failed.value)


def test_vectors_of_two_lengths_are_refused() -> None:
    def changing(request: bytes) -> Iterable[Step]:
        texts = asked(request)["input"]
        numbers = 3 if texts == ["a"] else 4
        data = [{"index": at, "embedding": [1.0] * numbers} for at in range(len(texts))]
        return [answer(json.dumps({"data": data}).encode())]

    with RawServer(changing) as server:
        embedder = open_embedder(settings_of(server, texts_per_call=1))
        with pytest.raises(ModelError, match="3 and 4 numbers"):
            embedder.embed(["a", "b"])
        embedder.close()


_NOT_VECTORS = (
    b"",
    b"[]",
    b'{"data": null}',
    b'{"data": [{"index": 1, "embedding": [1, 2]}]}',
    b'{"data": [{"index": 0, "embedding": []}]}',
    b'{"data": [{"index": 0, "embedding": [0, 0]}]}',
    b'{"data": [{"index": 0, "embedding": [NaN, 1]}]}',
    b'{"data": [{"index": 0, "embedding": ["a", "b"]}]}',
    b'{"data": [{"index": 0, "embedding": 1}]}',
)


@pytest.mark.parametrize("body", _NOT_VECTORS)
def test_what_is_no_embedding_is_none(body: bytes) -> None:
    assert vectors_in(body, 1) is None


@given(st.binary(max_size=60), st.integers(0, 3))
def test_any_body_is_read(body: bytes, texts: int) -> None:
    found = vectors_in(body, texts)
    assert found is None or len(found) == texts


def test_identity_holds_what_changes_a_vector_and_nothing_else() -> None:
    plain = OpenAICompatibleEmbedderSettings(base_url="http://a/v1", model="m")
    moved = plain.model_copy(
        update={"base_url": "http://b/v1", "concurrency": 2, "api_key_env": "K", "attempts": 1}
    )
    assert identity(plain) == identity(moved)
    for change in ({"model": "n"}, {"prefix": "q "}, {"dimensions": 8}, {"most_characters": 64}):
        assert identity(plain.model_copy(update=change)) != identity(plain)
    assert identity(HashedSettings()) != identity(HashedSettings(dimensions=64))
    assert identity(HashedSettings())["kind"] == "hashed"


def test_settings_are_told_apart_by_kind_and_refuse_unknown_keys() -> None:
    adapter: TypeAdapter[EmbedderSettings] = TypeAdapter(EmbedderSettings)
    assert adapter.validate_python({"kind": "hashed"}) == HashedSettings()
    for wrong in (
        {"kind": "hashed", "dimension": 64},
        {"kind": "hashed", "dimensions": 100},
        {"kind": "nothing"},
        {"kind": "openai_compatible", "base_url": "http://key@a/v1", "model": "m"},
        {
            **{"kind": "openai_compatible", "base_url": "http://a/v1", "model": "m"},
            **{"api_key_env": "A", "api_key_file": "b"},
        },
    ):
        with pytest.raises(ValidationError):
            adapter.validate_python(wrong)


def test_a_package_can_offer_an_embedder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lab_embedder.py").write_text(
        "from indic_persona_hub.models.embedders.hashed import HashedEmbedder\n"
        "from indic_persona_hub.models.embedders.settings import HashedSettings\n"
        "def opened(size):\n    return HashedEmbedder(HashedSettings(dimensions=size))\n"
    )
    about = tmp_path / "lab_embedder-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: lab-embedder\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(
        "[indic_persona_hub.embedders]\nlab = lab_embedder:opened\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    check_embedder(open_embedder(InstalledSettings(name="lab", options={"size": 64})))
    with pytest.raises(RecipeError, match="did you mean 'lab'"):
        open_embedder(InstalledSettings(name="labb"))
    with pytest.raises(RecipeError, match="options"):
        open_embedder(InstalledSettings(name="lab", options={"sizes": 64}))


@pytest.mark.skipif("sentence_transformers" in sys.modules, reason="it is installed")
def test_a_package_that_is_missing_is_named() -> None:
    pytest.importorskip("numpy")
    try:
        import sentence_transformers  # noqa: F401
    except ImportError:
        with pytest.raises(WeightsError, match="not installed") as failed:
            open_embedder(SentenceTransformersSettings(model="m"))
        assert re.search("pip install", failed.value.cure)
        assert isinstance(failed.value, HubError)
