"""From what a model said to a text that a stage can use, or the reason why there is none.

Strict JSON is read first. What is almost JSON is mended and marked, never with a word lost or
added; a cut or refused reply never is.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic import BaseModel, ValidationError

from indic_persona_hub.models.replies.echoes import is_echo
from indic_persona_hub.models.replies.json_scan import UnreadableError
from indic_persona_hub.models.replies.refusals import is_refusal
from indic_persona_hub.models.replies.repair import mend
from indic_persona_hub.models.replies.script import is_written_in
from indic_persona_hub.models.replies.thinking import without_thinking
from indic_persona_hub.models.socket import Message, Reply
from indic_persona_hub.prompts.shown import shown

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_MOST_JSON: Final = 64 * 1024  # characters
_SHOWN: Final = 120  # characters of a reply in a detail
_MOST_PROBLEMS: Final = 3
_MOST_REPEATED: Final = 2000  # characters of a bad reply in the second ask
_NO_JSON: Final = frozenset({"json_invalid", "string_unicode"})
_ASKED_AGAIN: Final = frozenset({"not_json", "not_in_schema"})

_BLANK: Final = "\ufeff \t\r\n"
_FENCE: Final = re.compile(r"\A```[\w+-]*\s*(.*?)\s*```\Z", re.DOTALL)


class Usable(NamedTuple):
    """A usable text, or why there is none.

    Attributes:
        text: Null where rejected; canonical JSON where a reply model was asked for.
        reason: Null, or `truncated`, `model_error`, `empty_reply`, `refusal`, `echo_of_prompt`,
            `wrong_language`, `not_json`, `not_in_schema`.
        detail: What was found; of a repaired reply, what was mended.
        repaired: True where the reply was no JSON until it was mended.
        thinking_characters: Taken out of the reply as thinking.
    """

    text: str | None
    reason: str | None = None
    detail: str = ""
    repaired: bool = False
    thinking_characters: int = 0


def usable(
    reply: Reply,
    messages: Sequence[Message],
    model: type[BaseModel] | None = None,
    *,
    script: str | None = None,
) -> Usable:
    """Judge the form of a reply.

    Args:
        reply: What the model said.
        messages: What it was asked first, to know an echo; without the turns of `reask`, for a
            mended reply may well stand in them.
        model: What the reply's JSON must fit; null where plain text was asked for.
        script: ISO 15924 code of the script that the reply must be written in; null for any.

    Raises:
        ValueError: `script` is not known.
    """
    text, thinking = without_thinking(reply.text)
    found = _found(reply, text.strip(_BLANK), messages, model, script)
    return found._replace(thinking_characters=thinking) if thinking else found


def _found(
    reply: Reply,
    text: str,
    messages: Sequence[Message],
    model: type[BaseModel] | None,
    script: str | None,
) -> Usable:
    if reply.finish_reason == "error":
        return Usable(None, "model_error", f"the model broke off: {_tail(reply.text)}")
    if reply.finish_reason == "refusal":
        return Usable(None, "refusal", text[:_SHOWN])
    if reply.finish_reason != "stop":
        return Usable(None, "truncated", f"ended by {reply.finish_reason}: {_tail(reply.text)}")
    if not text:
        return Usable(None, "empty_reply")
    if is_refusal(text):
        return Usable(None, "refusal", text[:_SHOWN])
    if is_echo(text, messages):
        return Usable(None, "echo_of_prompt", text[:_SHOWN])
    if model is not None:
        return _structured(text, model, script)
    if script and not is_written_in(text, script):
        return Usable(None, "wrong_language", f"not {script}: {text[:_SHOWN]}")
    return Usable(text)


def worth_reasking(found: Usable) -> bool:
    """True where the model may do better when it is told what was wrong with its reply."""
    return found.reason in _ASKED_AGAIN


def reask(messages: Sequence[Message], reply_text: str, detail: str) -> tuple[Message, ...]:
    """The turns of the one second ask: those of the first, the bad reply, and what was wrong.

    The first turns stay as they are, so that a runtime still has them in its cache.
    """
    text, _ = without_thinking(reply_text)
    said = text if len(text) <= _MOST_REPEATED else f"{text[:_MOST_REPEATED]} ..."
    wanted = (
        f"That reply cannot be read: {shown(detail)}\n"
        "Answer the request above again. Reply with the JSON object alone, complete and valid: "
        "no words before or after it, no Markdown."
    )
    return (*messages, Message("assistant", said or "{}"), Message("user", wanted))


def _structured(text: str, model: type[BaseModel], script: str | None) -> Usable:
    fenced = _FENCE.match(text)
    body = fenced[1].strip(_BLANK) if fenced else text
    if len(body) > _MOST_JSON:
        return Usable(None, "not_json", f"{len(body)} characters are too many")
    found = _strict(body, model, script)
    if found.reason != "not_json":
        return found
    try:
        mended = mend(body)
    except UnreadableError as error:
        reason = "truncated" if error.cut else "not_json"
        return Usable(None, reason, f"{error.detail}; {found.detail}; {_tail(body)}")
    found = _strict(mended.text, model, script)
    if found.reason is not None:
        return found
    return found._replace(detail=f"mended: {', '.join(mended.faults)}", repaired=True)


def _strict(body: str, model: type[BaseModel], script: str | None) -> Usable:
    """What strict JSON holds."""
    value, problems = None, []
    try:
        value = model.model_validate_json(body, strict=True)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
        if problems[0]["type"] in _NO_JSON:
            return Usable(None, "not_json", problems[0]["msg"])
    try:
        texts = _texts(json.loads(body, **_HOOKS))
    except ValueError as error:
        return Usable(None, "not_in_schema", str(error))
    if refused := next(filter(is_refusal, texts), None):
        return Usable(None, "refusal", refused[:_SHOWN])
    if value is None:
        return Usable(None, "not_in_schema", "; ".join(map(_said, problems[:_MOST_PROBLEMS])))
    longest = max(texts, key=len, default="")
    if script and not is_written_in(longest, script):
        return Usable(None, "wrong_language", f"not {script}: {longest[:_SHOWN]}")
    return Usable(value.model_dump_json())


def _texts(value: object) -> list[str]:
    """The strings of an object's fields; where it has none, all strings inside but for keys."""
    own = (
        [field for field in value.values() if isinstance(field, str)]
        if isinstance(value, dict)
        else []
    )
    return own or list(_strings(value))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"{twice}: the key stands twice in one object")
    return value


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits[:12]} is no number of JSON")
    return number


#: pydantic takes the last of two equal keys, NaN and 1e999 without a word.
_HOOKS: Final[dict[str, Any]] = {
    "object_pairs_hook": _without_doubles,
    "parse_constant": _finite,
    "parse_float": _finite,
}


def _said(problem: ErrorDetails) -> str:
    return f"{'.'.join(map(str, problem['loc'])) or 'reply'}: {problem['msg']}"


def _tail(text: str) -> str:
    return f"...{text[-60:]}" if len(text) > 60 else text
