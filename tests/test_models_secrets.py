"""Keys: where they come from, what is said where they are wrong, and that nothing shows them."""

from __future__ import annotations

import base64
import copy
import html
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.endpoint.secrets import Key, key_of

SECRET = "sk-lab-7d1f0c55e2+Q/9=="
HERE = "https://llm.example/v1"

VISIBLE = st.characters(min_codepoint=0x21, max_codepoint=0x7E)
KEYS = st.text(VISIBLE, min_size=12, max_size=80)
WORDS = st.text(st.characters(codec="utf-8"), max_size=30)


def refused(env: str | None, file: Path | None) -> ModelError:
    with pytest.raises(ModelError) as failed:
        key_of(env, None if file is None else str(file), HERE)
    assert not failed.value.retry
    assert failed.value.__cause__ is None
    assert SECRET[:8] not in f"{failed.value}{failed.value!r}"
    return failed.value


def test_a_key_comes_from_an_environment_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_KEY", f" {SECRET}\n")
    key = key_of("LAB_KEY", None, HERE)
    assert key.authorization == f"Bearer {SECRET}"
    assert "the environment variable LAB_KEY" in key.cure


def test_a_key_comes_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "key"
    file.write_bytes(f"\r\n{SECRET}\r\n".encode())
    key = key_of(None, str(file), HERE)
    assert key.authorization == f"Bearer {SECRET}"
    assert str(file) in key.cure
    monkeypatch.setenv("HOME", str(tmp_path))
    assert key_of(None, "~/key", HERE).authorization == f"Bearer {SECRET}"


def test_no_key_is_sent_where_none_is_named() -> None:
    key = key_of(None, None, HERE)
    assert not key
    assert key.authorization == ""
    assert "api_key_env" in key.cure
    assert key.taken_out_of("as it is") == "as it is"


def test_a_variable_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    assert "NO_SUCH_KEY is not set" in refused("NO_SUCH_KEY", None).message
    monkeypatch.setenv("NO_SUCH_KEY", " \n")
    assert HERE in refused("NO_SUCH_KEY", None).cure


@pytest.mark.parametrize(
    "value",
    [f"{SECRET}\nsecond", f"Bearer {SECRET}", f"{SECRET}\x00x", f"{SECRET}\u0905", f"{SECRET}\x7f"],
)
def test_what_no_header_can_hold_is_no_key(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "key"
    file.write_text(value, encoding="utf-8")
    assert str(file) in refused(None, file).message
    if "\x00" not in value:
        monkeypatch.setenv("LAB_KEY", value)
        assert "LAB_KEY" in refused("LAB_KEY", None).message


def test_a_file_that_holds_no_key_is_named_with_the_reason(tmp_path: Path) -> None:
    assert "No such file" in refused(None, tmp_path / "absent").message
    assert "directory" in refused(None, tmp_path).message.lower()
    (tmp_path / "empty").write_text(" \n")
    assert "is empty" in refused(None, tmp_path / "empty").message
    (tmp_path / "image").write_bytes(bytes(range(256)) * 4)
    assert "no header may hold" in refused(None, tmp_path / "image").message
    assert "far longer" in refused(None, Path("/dev/zero")).message


@pytest.mark.parametrize("show", [repr, str, "{}".format, "{:>40}".format, "%s".__mod__, ascii])
def test_a_key_does_not_show_its_value(show: Callable[[Key], str]) -> None:
    assert SECRET[:8] not in show(Key(SECRET, "the file k"))
    assert SECRET[:8] not in f"{[Key(SECRET)]} {(Key(SECRET), {1: Key(SECRET)})}"


@pytest.mark.parametrize("store", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps])
def test_a_key_is_not_stored(store: Callable[[Key], object]) -> None:
    with pytest.raises(TypeError) as failed:
        store(Key(SECRET))
    assert SECRET[:8] not in str(failed.value)


def echoes(key: str) -> list[str]:
    """A key as endpoints echo it."""
    raw = key.encode()
    return [
        key,
        f"Bearer {key}",
        quote(key, safe=""),
        quote_plus(key),
        "".join(f"%{byte:02x}" for byte in raw),
        json.dumps(key),
        json.dumps({"auth": json.dumps(key)}),
        "".join(f"\\u{byte:04X}" for byte in raw),
        html.escape(key),
        "".join(f"&#{byte};" for byte in raw),
        *(base64.b64encode(b"xyz"[:before] + raw).decode() for before in range(4)),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
        base64.b64encode(b"user:" + raw).decode(),
        raw.hex(),
        key[:8],
        f"{key[:9]}...{key[-8:]}",
        f"{key[:-1]}*",
        f"*{key[1:]}",
        key * 2,
    ]


def holds(text: str, key: str) -> bool:
    return key[:8] in text or key[-8:] in text


@given(KEYS, WORDS, WORDS, st.data())
def test_no_echo_of_a_key_is_left(key: str, before: str, after: str, data: st.DataObject) -> None:
    echo = data.draw(st.sampled_from(echoes(key)))
    text = f"{before} {echo} {after}"
    left = Key(key, "the file k").taken_out_of(text)
    assert echo not in left
    assert not holds(left, key)
    for whole in echoes(key)[:10]:
        assert whole not in left


@given(KEYS, st.text('abcdefghij ,.{}:"', max_size=200))
def test_words_without_the_key_are_left_as_they_are(key: str, text: str) -> None:
    if not holds(text, key):
        assert Key(f"~{key}~", "the file k").taken_out_of(text) == text


def test_the_words_around_a_key_are_kept() -> None:
    key = Key(SECRET, "the file k")
    said = f"Incorrect API key provided: {SECRET}. See docs."
    assert key.taken_out_of(said) == "Incorrect API key provided: [key]. See docs."
    said = f"Key {SECRET[:10]}****{SECRET[-9:]} is wrong"
    assert key.taken_out_of(said) == "Key [key]****[key] is wrong"
    said = "got " + base64.b64encode(SECRET.encode()).decode()
    assert key.taken_out_of(said) == "(words that held the key)"
    assert Key("EMPTY").taken_out_of("EMPTY is wrong") == "[key] is wrong"
