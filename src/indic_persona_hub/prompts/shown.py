"""What of a text a model is shown: data that can close no mark, open no turn and name no address.

Prompts put the texts of documents and parents between `<text>` and `</text>`. Nothing that is
filled into a prompt holds an angle bracket, so no text can end the mark that it stands in, and none
can hold a turn token of a chat template, most of which are written in angle brackets.
"""

from __future__ import annotations

import re
from typing import Final

#: What stands around a text in the prompts.
OPENS, CLOSES = "<text>", "</text>"

#: Angle brackets, also the small and the wide ones, which models read alike.
_ANGLES: Final = str.maketrans("<>\ufe64\ufe65\uff1c\uff1e", "\u2039\u203a" * 3)
#: Controls, zero-width characters, bidirectional marks, tags; joiners carry meaning in Indic text.
UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]+"
)
_ADDRESS: Final = re.compile(
    r"(?:\b(?:https?|hxxps?|ftp)://|\bwww\.)[^\s\u2039\u203a]*[^\s\u2039\u203a.,;:!?)\]]"
    r"|(?<![\w.-])(?:[a-z0-9-]{1,63}\.){0,5}[a-z0-9-]{2,63}\."
    r"(?:com|org|net|info|biz|xyz|io|app|dev|top|site|online|shop"
    r"|(?:co|gov|nic|ac|org|net|res|edu)\.in)\b(?:/[^\s\u2039\u203a]*)?",
    re.IGNORECASE,
)
_ADDRESS_LEFT_OUT: Final = "[url]"
#: Llama's and Mistral's turn tokens.
_BRACKETED: Final = re.compile(r"\[(/?[A-Z_]{3,})\]")
#: A line that begins as a turn does where a model was taught to read turns from plain text.
_TURN: Final = re.compile(
    r"^([ \t#*_>\u203a-]*)((?:system|assistant|user|human|developer|instructions?|response)"
    r"(?:[ \t]+(?:message|prompt))?)([ \t*_]*):",
    re.IGNORECASE | re.MULTILINE,
)


def shown(text: str) -> str:
    """`text` as it may stand in a prompt: never longer, and the same where shown again.

    Angle brackets become single guillemets, addresses `[url]`; characters that cannot be seen go;
    `[INST]` loses its brackets and a line's `System:` its colon.
    """
    while (plainer := _once(text)) != text:
        text = plainer
    return text


def _once(text: str) -> str:
    text = UNSEEN.sub("", text).translate(_ANGLES)
    text = _ADDRESS.sub(_ADDRESS_LEFT_OUT, text)
    text = _BRACKETED.sub(r"(\1)", text)
    return _TURN.sub(lambda found: f"{found[2]},", text)
