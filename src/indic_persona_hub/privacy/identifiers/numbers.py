"""Identifiers that are digits only: Aadhaar, VID, ABHA, UAN, cards, accounts, telephones.

Sources: UIDAI (Aadhaar: 12 digits, the first 2 to 9, Verhoeff; VID: 16 digits, Verhoeff); National
Health Authority (ABHA: 14 digits, written 2-4-4-4); EPFO (UAN: 12 digits, the first 1); ISO/IEC
7812 and the card schemes' published ranges.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indic_persona_hub.privacy.identifiers.candidates import (
    CHECKED,
    LABELLED,
    NAMED,
    SHAPED,
    Candidate,
)
from indic_persona_hub.privacy.identifiers.checksums import luhn_holds, verhoeff_holds
from indic_persona_hub.privacy.identifiers.digit_runs import Run, runs
from indic_persona_hub.privacy.identifiers.labels import Label, is_other, labels_before
from indic_persona_hub.privacy.identifiers.phones import is_phone
from indic_persona_hub.privacy.identifiers.plain import DASHES, GAPPED, HIDDEN, SPACES

#: For the engine: six digits of any script that stand close together.
TRIGGER: Final = rf"\p{{Nd}}(?:[ .()\-{SPACES}{DASHES}{HIDDEN}]{{0,4}}\p{{Nd}}){{5,}}|{GAPPED}"

_LENGTHS: Final[dict[str, frozenset[int]]] = {
    "aadhaar": frozenset({12}),
    "vid": frozenset({16}),
    "abha": frozenset({14}),
    "uan": frozenset({12}),
    "payment_card": frozenset({13, 14, 15, 16, 19}),
    "bank_account": frozenset(range(9, 19)),
    "phone": frozenset(range(6, 16)),
}
#: First digits of cards of 16 (and, rarer, 13 and 19), 15 and 14 digits.
_CARD: Final = re.compile(
    r"4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|6(?:0|4[4-9]|5)|81|82|508|35(?:2[89]|[3-8])"
)
_CARDS: Final = {14: re.compile("30[0-5]|3[68]"), 15: re.compile("3[47]")}
#: Accounts of the provident fund are numbered from 100.
_UAN: Final = re.compile(r"10[0-2](?![0-9]{3}0{6})")
_FURTHER: Final = re.compile(r" ?(?:[,/&]|and) ?([0-9]{2,4}[ -]?[0-9]{3,4})(?![0-9]| ?[-.] ?[0-9])")
_TIME: Final = re.compile(
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:[01]\d|2[0-4])[0-5]\d[0-5]\d$"
)
#: How an Aadhaar, a VID, a card and an ABHA are grouped, where no word names them.
_AADHAAR_SHAPES: Final = {(12,), (4, 4, 4), (1,) * 12, (2,) * 6, (3,) * 4, (6, 6), (4, 8), (8, 4)}
_SIXTEEN_SHAPES: Final = {(16,), (4, 4, 4, 4), (1,) * 16, (2,) * 8, (8, 8)}
_ABHA_SHAPES: Final = {(14,), (2, 4, 4, 4), (1,) * 14, (2,) * 7}
_CARD_SHAPES: Final = {15: {(15,), (4, 6, 5)}, 19: {(19,), (4, 4, 4, 4, 3)}}


def find(text: str) -> Iterator[Candidate]:
    """Candidates in the plain `text`."""
    seen: dict[int, list[Label]] = {}
    for run in runs(text):
        if len(set(run.digits)) == 1:
            continue
        if run.start not in seen:
            seen[run.start] = labels_before(text, run.start)
        for found in _kinds_of(run, seen[run.start]):
            yield found
            if found.kind == "phone":
                yield from _further(text, found.end)


def _kinds_of(run: Run, labels: list[Label]) -> list[Candidate]:
    labelled = _labelled(run, labels)
    if labelled:
        return [labelled]
    return [] if is_other(labels) else _unlabelled(run)


def _further(text: str, end: int) -> Iterator[Candidate]:
    """Other lines of the same office: "0471-2518888, 2518889"."""
    while found := _FURTHER.match(text, end):
        end = found.end()
        yield Candidate(SHAPED, "phone", found.start(1), end, False)


def _labelled(run: Run, labels: list[Label]) -> Candidate | None:
    """What the nearest label that fits names."""
    for label in labels:
        if label.kind == "other" and label.adjacent:
            return None
        if not _fits(run, label):
            continue
        valid = _holds(label.kind, run)
        return Candidate(LABELLED if valid else NAMED, label.kind, run.start, run.end, valid)
    return None


def _fits(run: Run, label: Label) -> bool:
    if len(run.digits) not in _LENGTHS.get(label.kind, ()):
        return False
    if label.kind == "phone":
        return is_phone(run) or (label.adjacent and run.whole)
    return label.adjacent or (run.whole and len(run.digits) > 9 and not is_phone(run))


def _holds(kind: str, run: Run) -> bool:
    digits = run.digits
    if kind == "phone":
        return is_phone(run)
    if kind == "payment_card":
        first = _CARDS.get(len(digits), _CARD).match(digits)
        return first is not None and luhn_holds(digits)
    if kind in ("vid", "abha"):
        return verhoeff_holds(digits)
    if kind == "aadhaar":
        return digits[0] in "23456789" and verhoeff_holds(digits)
    return kind != "uan" or digits[0] == "1"


def _unlabelled(run: Run) -> list[Candidate]:
    checked = _checked_kinds(run)
    phone = is_phone(run) and (run.whole or max(run.shape) >= 5 or run.plus)
    if checked:
        kinds = [*checked, "phone"] if phone else checked
        return [Candidate(CHECKED, kind, run.start, run.end, True) for kind in kinds]
    if phone:
        return [Candidate(SHAPED, "phone", run.start, run.end, True)]
    if run.shape == (12,) and _UAN.match(run.digits):
        return [Candidate(SHAPED, "uan", run.start, run.end, True)]
    written = _written_as(run)
    return [Candidate(SHAPED, written, run.start, run.end, False)] if written else []


def _checked_kinds(run: Run) -> list[str]:
    """Kinds whose check digit holds, where the digits are grouped as those are."""
    digits, shape = run.digits, run.shape
    size = len(digits)
    if run.plus or not _alone(run):
        return []
    if size == 12 and shape in _AADHAAR_SHAPES:
        return ["aadhaar"] if _holds("aadhaar", run) else []
    if size == 14 and shape in _ABHA_SHAPES and not _TIME.match(digits):
        return ["abha"] if verhoeff_holds(digits) else []
    if size == 16 and shape in _SIXTEEN_SHAPES:
        return [kind for kind in ("payment_card", "vid") if _holds(kind, run)]
    if shape in _CARD_SHAPES.get(size, ()):
        return ["payment_card"] if _holds("payment_card", run) else []
    return []


def _alone(run: Run) -> bool:
    """Whether the groups are no part of a table: no digits beside them, and not all years."""
    return (run.whole or len(run.shape) == 1) and not _years(run)


def _years(run: Run) -> bool:
    return len(run.shape) > 1 and all(
        size == 4 and run.digits[4 * place : 4 * place + 2] in ("18", "19", "20")
        for place, size in enumerate(run.shape)
    )


def _written_as(run: Run) -> str | None:
    """The kind that digits are written as whose check digit fails."""
    if not run.whole or _years(run) or len(set(run.separators)) != 1:
        return None
    if run.shape == (4, 4, 4) and run.digits[0] in "23456789" and not run.digits.endswith("00"):
        return "aadhaar"
    return "abha" if run.shape == (2, 4, 4, 4) and run.separators[0] == "-" else None
