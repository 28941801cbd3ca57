"""Whether a reply is written in the script that was asked for."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from indic_persona_hub.ingest.scripts import script_of

_LAST: Final = 0xFFFF  # all scripts that are told apart lie below


def is_written_in(text: str, script: str) -> bool:
    """True where at least half of the letters and vowel signs of `text` are of `script`.

    Args:
        text: Without any letter it is written in every script.
        script: ISO 15924 code, such as Latn, Deva or Taml.

    Raises:
        ValueError: `script` is not one that is told apart.
    """
    if script == "Latn" and text.isascii():
        return True
    runs = _runs(script)
    inside = len(text) - len(runs.sub("", text))
    if 2 * inside >= len(text):  # mostly settled without a look at single characters
        return True
    letters = sum(script_of(character) is not None for character in text)
    return 2 * inside >= letters


@cache
def _runs(script: str) -> re.Pattern[str]:
    """Runs of letters and signs of one script."""
    own = "".join(chr(code) for code in range(_LAST + 1) if script_of(chr(code)) == script)
    if not own:
        raise ValueError(f"no script is called {script!r}")
    return re.compile(f"[{re.escape(own)}]+")
