"""The thinking of reasoning models, taken out of their replies and counted."""

from __future__ import annotations

import re
from typing import Final

_TAG: Final = r"(?:seed:)?(?:think|thinking|thoughts?|reasoning)"
_OPEN: Final = (
    rf"(?:<{_TAG}(?:\s[^<>]*)?>|\[THINK\]|◁think▷|<\|begin_of_thought\|>|<\|start_thinking\|>)"
)
_CLOSE: Final = rf"(?:</{_TAG}\s*>|\[/THINK\]|◁/think▷|<\|end_of_thought\|>|<\|end_thinking\|>)"
_FLAGS: Final = re.DOTALL | re.IGNORECASE
_THINKING: Final = re.compile(rf"{_OPEN}.*?(?:(?P<close>{_CLOSE})|\Z)", _FLAGS)
_THOUGHT: Final = re.compile(rf"\A.*{_CLOSE}", _FLAGS)

_CHANNEL: Final = "<|channel|>"
_FINAL: Final = re.compile(
    r"<\|channel\|>\s*final\s*(?:json\s*)?(?:<\|constrain\|>\s*\w*\s*)?(?:<\|message\|>)?"
)
_ENDED: Final = re.compile(r"<\|(?:return|end|start|call|channel)\|>")
#: The same where the runtime dropped the special tokens: "analysisWe need ...assistantfinalA ...".
_STRIPPED: Final = re.compile(r"\Aanalysis(?=[A-Z\"']).*?(?:assistantfinal|\Z)", re.DOTALL)


def without_thinking(text: str) -> tuple[str, int]:
    """The reply without its thinking, trimmed, and how many characters the thinking was.

    Known are tags (`<think>`, `<thinking>`, `<thought>`, `<reasoning>`, `[THINK]` and the like) and
    the channels of gpt-oss. Thinking that is never closed leaves nothing; a closing tag
    alone takes all before it. Tags count as thinking.
    """
    # Almost every reply has none, and patterns cost far more than these looks.
    if not ("<" in text or "◁" in text or "THINK]" in text or text.startswith("analysis")):
        return text.strip(), 0
    said = _untagged(_final(text) if _CHANNEL in text else _STRIPPED.sub("", text))
    return said.strip(), len(text) - len(said)


def _untagged(text: str) -> str:
    thoughts = list(_THINKING.finditer(text))
    if thoughts and thoughts[-1]["close"] is None:
        return ""
    # Some chat templates open the passage in the prompt, so that only its end is in the reply.
    return _THOUGHT.sub("", _THINKING.sub("", text))


def _final(text: str) -> str:
    """What stands in the last `final` channel, or ""."""
    begun = list(_FINAL.finditer(text))
    return _ENDED.split(text[begun[-1].end() :], maxsplit=1)[0] if begun else ""
