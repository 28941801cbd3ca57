"""Identifiers of real people, in any script of India: twenty kinds, with their check digits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from indic_persona_hub.privacy.findings import Finding
from indic_persona_hub.privacy.identifiers import codes, numbers, online, postal, spelled
from indic_persona_hub.privacy.identifiers.candidates import Candidate, settled
from indic_persona_hub.privacy.identifiers.plain import TRIGGER as HIDDEN
from indic_persona_hub.privacy.identifiers.plain import plain_of

__all__ = ["KINDS", "find"]

#: What is found.
KINDS: Final = (
    "aadhaar", "vid", "abha", "pan", "tan", "gstin", "upi", "ifsc", "bank_account", "epic",
    "passport", "driving_licence", "vehicle", "phone", "email", "pin_address", "payment_card",
    "uan", "ip_address", "url",
)  # fmt: skip


class _Family(NamedTuple):
    """A family of kinds: what shows in a batch that they may be there, and what finds them."""

    trigger: str
    find: Callable[[str], Iterable[Candidate]]


_FAMILIES: Final = (
    _Family(numbers.TRIGGER, numbers.find),
    _Family(codes.TRIGGER, codes.find),
    _Family(online.TRIGGER, online.find),
    _Family(postal.TRIGGER, postal.find),
)
_ALL: Final = (1 << len(_FAMILIES)) - 1
_SPELLED: Final = 1 << len(_FAMILIES)


def find(texts: Sequence[str]) -> list[list[Finding]]:
    """The identifiers of each text, by start; none overlap. See `findings.Finding`.

    Digits of every script are read, with spaces, hyphens and hidden signs between them, and digits
    and addresses in words. What no check digit and no form proves is found only where words before
    it say what it is.
    """
    findings: list[list[Finding]] = [[] for _ in texts]
    for row, families in _triggered(texts).items():
        findings[row] = _found(texts[row], families)
    return findings


def _triggered(texts: Sequence[str]) -> dict[int, int]:
    """By row, the families that have something to look at, as bits."""
    array = pa.array(list(map(_encodable, texts)), pa.large_string())
    bits: dict[int, int] = {}
    triggers = [*(family.trigger for family in _FAMILIES), f"{spelled.TRIGGER}|{HIDDEN}"]
    for number, trigger in enumerate(triggers):
        matched = pc.match_substring_regex(array, trigger)
        for row in pc.indices_nonzero(matched).to_pylist():
            bits[row] = bits.get(row, 0) | 1 << number
    return dict(sorted(bits.items()))


def _encodable(text: str) -> str:
    """`text`, with a mark for each half of a surrogate pair: JSON may bring lone ones."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def _found(text: str, families: int) -> list[Finding]:
    plain = plain_of(text)
    if families & _SPELLED:
        plain = spelled.respelled(plain)
        families = _ALL
    candidates = [
        one
        for number, family in enumerate(_FAMILIES)
        if families >> number & 1
        for one in family.find(plain.text)
    ]
    return [
        Finding(one.kind, *plain.place(one.start, one.end), one.valid)
        for one in settled(candidates)
    ]
