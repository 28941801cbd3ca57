"""Whether a reply only repeats its prompt."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from indic_persona_hub.models.socket import Message

_SHORTEST: Final = 24  # characters; shorter replies can stand in a prompt by chance
_OPENING: Final = 48  # characters of a turn that no reply begins with
_FIRST_WORDS: Final = 4


class _Turns(NamedTuple):
    """Turns in plain form.

    Attributes:
        words: Of all of them.
        asked: One text a turn.
        openings: How the turns begin that the model did not say itself.
    """

    words: frozenset[bytes]
    asked: tuple[bytes, ...]
    openings: tuple[bytes, ...]


def is_echo(text: str, messages: Sequence[Message]) -> bool:
    """True where `text` stands in a turn of the prompt, or begins as a user or system turn does.

    White space and the case of a to z do not count. Texts under 24 characters are no echo.
    """
    plain = " ".join(text.split())
    if len(plain) < _SHORTEST or not messages:
        return False
    said = _folded(plain)
    # All turns but the last come again with every row.
    return _in_stable(said, _stable(tuple(messages[:-1]))) or _in_fresh(plain, said, messages[-1])


def _in_stable(said: bytes, turns: _Turns) -> bool:
    if said.startswith(turns.openings):
        return True
    # Words between the first and the last are whole words of the turn too: mostly one is not.
    if not turns.words.issuperset(said.split()[1:-1]):
        return False
    return any(said in asked for asked in turns.asked)


def _in_fresh(plain: str, said: bytes, turn: Message) -> bool:
    # The plain form of a long turn costs more than all other checks of a reply together, so first
    # what must hold for any echo: a common beginning, or every word somewhere in the turn.
    first = " ".join(turn.content.split(None, _FIRST_WORDS)[:_FIRST_WORDS])
    if not (said.startswith(_folded(first[:_OPENING])) or _has_words(turn.content, plain, said)):
        return False
    turns = _turns((turn,))
    return said.startswith(turns.openings) or said in turns.asked[0]


def _has_words(content: str, plain: str, said: bytes) -> bool:
    last = plain[plain.rfind(" ") + 1 :]
    if last == last.swapcase() and last not in content:  # settles most texts in Indian scripts
        return False
    raw = _folded(content)
    return all(word in raw for word in reversed(said.split()))


@lru_cache(maxsize=16)
def _stable(turns: tuple[Message, ...]) -> _Turns:
    return _turns(turns)


def _turns(turns: tuple[Message, ...]) -> _Turns:
    plain = [" ".join(turn.content.split()) for turn in turns]
    openings = (
        _folded(text[:_OPENING])
        for turn, text in zip(turns, plain, strict=True)
        if turn.role != "assistant" and len(text) >= _OPENING
    )
    asked = tuple(map(_folded, plain))
    return _Turns(frozenset(b" ".join(asked).split()), asked, tuple(openings))


def _folded(text: str) -> bytes:
    # A fifth of the time of `casefold`, which matters for long turns in Indian scripts.
    return text.encode("utf-8", "surrogatepass").lower()
