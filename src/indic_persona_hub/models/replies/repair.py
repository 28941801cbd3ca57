"""Mend a reply that is almost JSON, without a word lost or added.

Two readers must agree: the scan of `json_scan`, which also tells a cut reply, and the library
json-repair, which guesses more than is good (it ends cut strings and drops what it cannot place).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from indic_persona_hub.models.replies.json_scan import UnreadableError, scan_object

_LARGEST: Final = 16 * 1024  # characters; json-repair takes more than linear time for some texts
_FENCE: Final = re.compile(r"```\w*")
_BRACKETS: Final = re.compile(r"[{}\[\]]")
_LETTER: Final = re.compile(r"\w")


class Mended(NamedTuple):
    """JSON text, and what was wrong with the reply that it came from, in a few words each."""

    text: str
    faults: tuple[str, ...]


def mend(text: str) -> Mended:
    """The one JSON object in `text`.

    Args:
        text: A reply that strict JSON refuses, of a bounded size.

    Raises:
        UnreadableError: There is no object, more than one, one that was cut (`cut` is true), or
            one that cannot be mended without changing its words.
    """
    scan = scan_object(text)
    body = text[scan.start : scan.end]
    faults = (*_around(text[: scan.start], text[scan.end :]), *scan.faults)
    if not scan.faults:
        return Mended(body, faults)
    if len(body) > _LARGEST:
        raise UnreadableError(f"{', '.join(faults)}: {len(body)} characters are too many to mend")
    value = _guessed(body)
    if not isinstance(value, dict) or not _same_words(scan.atoms, tuple(_atoms(value))):
        raise UnreadableError(f"{', '.join(faults)}: no repair keeps its words")
    return Mended(json.dumps(value), faults)


def _around(before: str, behind: str) -> tuple[str, ...]:
    if _BRACKETS.search(before) or _BRACKETS.search(behind):
        raise UnreadableError("more than one object, or a stray bracket")
    if _LETTER.search(_FENCE.sub("", f"{before}\n{behind}")):
        return ("text around the JSON",)
    return ("fence",) if "```" in before + behind else ()


def _guessed(body: str) -> object:
    from json_repair import repair_json  # slow to import, and few replies need it

    try:
        return repair_json(body, return_objects=True, skip_json_loads=True)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"no repair is known: {error}") from error


def _same_words(read: tuple[str, ...], guessed: tuple[str, ...]) -> bool:
    """True where both hold the same keys, strings and values in one order, but for white space."""
    return len(read) == len(guessed) and all(
        one.split() == other.split() for one, other in zip(read, guessed, strict=True)
    )


def _atoms(value: object) -> Iterator[str]:
    """Keys, strings and other values (as JSON) of a JSON value, in order."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _atoms(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _atoms(inner)
    else:
        yield value if isinstance(value, str) else json.dumps(value)
