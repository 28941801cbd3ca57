"""Identifiers taken out of texts, with a mark of their kind in their place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from indic_persona_hub.privacy.findings import Detector, Finding
from indic_persona_hub.privacy.identifiers import KINDS, find

_MARK: Final = re.compile(rf"\[({'|'.join(KINDS)})\]")


def redact(texts: Sequence[str], detector: Detector = find) -> tuple[list[str], Counter[str]]:
    """`texts` with a mark such as `[phone]` for each identifier, and how many were of each kind."""
    taken: Counter[str] = Counter()
    redacted = []
    for text, findings in zip(texts, detector(texts), strict=True):
        standing = _apart(findings)
        taken.update(one.kind for one in standing)
        redacted.append(_without(text, standing) if standing else text)
    return redacted, taken


def marks_of(text: str) -> list[str]:
    """The marks that stand in `text`."""
    return [found.group() for found in _MARK.finditer(text)]


def marks_in(texts: Iterable[str]) -> Counter[str]:
    """How many marks of each kind stand in `texts`."""
    return Counter(kind for text in texts for kind in _MARK.findall(text))


def _apart(findings: Sequence[Finding]) -> list[Finding]:
    """`findings`, by start, with those that overlap as one of the longest's kind."""
    standing: list[Finding] = []
    for one in findings:
        if standing and one.start < standing[-1].end:
            standing[-1] = _together(standing[-1], one)
        else:
            standing.append(one)
    return standing


def _together(first: Finding, other: Finding) -> Finding:
    longest = max(first, other, key=lambda one: one.end - one.start)
    return longest._replace(start=first.start, end=max(first.end, other.end))


def _without(text: str, findings: Sequence[Finding]) -> str:
    parts: list[str] = []
    at = 0
    for one in findings:
        parts += [text[at : one.start], f"[{one.kind}]"]
        at = one.end
    return "".join([*parts, text[at:]])
