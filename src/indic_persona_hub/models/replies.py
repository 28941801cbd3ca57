"""From what a model said to a text that a stage can use, or the reason why there is none.

Nothing is repaired: a cut, refused or malformed reply is a rejected row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from pydantic import BaseModel, ValidationError

from indic_persona_hub.models.socket import Message, Reply

_MOST_JSON = 64 * 1024  # characters
_SHORTEST_ECHO = 24  # characters; shorter replies can stand in a prompt by chance
_OPENING = 48  # characters of a turn that no reply begins with
_LOOKED_AT = 120  # a refusal says so at once

_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_THOUGHT = re.compile(r"\A.*</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"\A```[a-zA-Z]*\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)

_REFUSAL = re.compile(
    r"\A\W{0,3}(?:"
    r"(?:unfortunately,? )?i(?:'m| am)? (?:cannot|can't|can not|unable to|not able to|will not"
    r"|won't|must decline|do not have|don't have)\b"
    r"|(?:i'm|i am) (?:so |very |really )?sorry\b|sorry,|i apologi[sz]e\b|my apologies\b"
    r"|as an? (?:ai|artificial intelligence|large language|language model)"
    r"(?: (?:language )?(?:model|assistant))?\s*[,.]"
    r"|as an? (?:ai|large) language model\b"
    r")",
    re.IGNORECASE,
)
_REFUSALS_INDIC = (
    "क्षमा करें", "क्षमा कीजिए", "माफ़ करें", "माफ करें", "माफ़ कीजिए", "माफ कीजिए", "मुझे खेद है",
    "मैं एक एआई", "एक एआई", "एआई के रूप में", "मैं यह नहीं कर सक", "मैं इसमें सहायता नहीं",
    "मैं इसमें मदद नहीं", "माफ करा", "क्षमस्व", "দুঃখিত", "আমি দুঃখিত", "মাফ করবেন", "ক্ষমা করবেন",
    "மன்னிக்கவும்", "క్షమించండి", "ಕ್ಷಮಿಸಿ", "ക്ഷമിക്കണം", "ക്ഷമിക്കുക", "માફ કરશો", "ਮਾਫ਼ ਕਰਨਾ",
    "କ୍ଷମା କରନ୍ତୁ", "معذرت",
)  # fmt: skip
_INDIC = tuple(unicodedata.normalize("NFC", phrase) for phrase in _REFUSALS_INDIC)


class Usable(NamedTuple):
    """A usable text, or why there is none.

    Attributes:
        text: Null where rejected; canonical JSON where a reply model was asked for.
        reason: Null, or `truncated`, `empty_reply`, `refusal`, `echo_of_prompt`, `not_json`,
            `not_in_schema`.
        detail: What was found.
    """

    text: str | None
    reason: str | None = None
    detail: str = ""


def usable(
    reply: Reply, messages: Sequence[Message], model: type[BaseModel] | None = None
) -> Usable:
    """Judge the form of a reply.

    Args:
        reply: What the model said.
        messages: What it was asked, to know an echo.
        model: What the reply's JSON must fit; null where plain text was asked for.
    """
    if reply.finish_reason != "stop":
        return Usable(None, "truncated", f"ended by {reply.finish_reason}: {_tail(reply.text)}")
    text = without_thinking(reply.text)
    if not text:
        return Usable(None, "empty_reply", "")
    if is_refusal(text):
        return Usable(None, "refusal", text[:_LOOKED_AT])
    if echo := _echo(text, messages):
        return Usable(None, "echo_of_prompt", echo[:_LOOKED_AT])
    return Usable(text) if model is None else _structured(text, model)


def without_thinking(text: str) -> str:
    """The reply without `<think>` passages; one that is never closed takes the rest with it."""
    # Some chat templates open the passage in the prompt, so that only its end is in the reply.
    return _THOUGHT.sub("", _THINKING.sub("", text)).strip()


def is_refusal(text: str) -> bool:
    """True where the text begins as models begin when they refuse."""
    start = unicodedata.normalize("NFC", text[:_LOOKED_AT]).replace("’", "'")
    return bool(_REFUSAL.match(start)) or start.lstrip().startswith(_INDIC)


def _structured(text: str, model: type[BaseModel]) -> Usable:
    fenced = _FENCE.match(text)
    body = fenced[1] if fenced else text
    if len(body) > _MOST_JSON:
        return Usable(None, "not_json", f"{len(body)} characters")
    try:
        value = model.model_validate_json(body)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        if problem["type"] == "json_invalid":
            return Usable(None, "not_json", f"{problem['msg']}; {_tail(body)}")
        place = ".".join(map(str, problem["loc"])) or "reply"
        return Usable(None, "not_in_schema", f"{place}: {problem['msg']}")
    refused = next((words for words in _strings(value) if is_refusal(words)), None)
    if refused is not None:
        return Usable(None, "refusal", refused[:_LOOKED_AT])
    return Usable(value.model_dump_json())


def _strings(value: BaseModel) -> Iterable[str]:
    return (field for _, field in value if isinstance(field, str))


def _echo(text: str, messages: Sequence[Message]) -> str:
    """The part of the prompt that the reply repeats, or ""."""
    said = _plain(text)
    if len(said) < _SHORTEST_ECHO:
        return ""
    for turn in messages:
        asked = _plain(turn.content)
        if said in asked:
            return text
        if (
            len(asked) >= _OPENING
            and said.startswith(asked[:_OPENING])
            and turn.role != "assistant"
        ):
            return text
    return ""


@lru_cache(maxsize=64)  # the stable turns of a prompt come again with every row
def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _tail(text: str) -> str:
    return f"...{text[-60:]}" if len(text) > 60 else text
