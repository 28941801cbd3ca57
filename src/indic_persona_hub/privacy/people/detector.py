"""Names of persons in a batch of texts, by their shape alone: no list of real people is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from indic_persona_hub.privacy.findings import Detector, Finding
from indic_persona_hub.privacy.people.gates import Gates, gates_of
from indic_persona_hub.privacy.people.indic_names import TRIGGERED, indic_names
from indic_persona_hub.privacy.people.indic_subjects import HINT, indic_subjects
from indic_persona_hub.privacy.people.listed import Gazetteer, Mention
from indic_persona_hub.privacy.people.person_names import Span, bare, person
from indic_persona_hub.privacy.people.shapes import SHAPES, masked
from indic_persona_hub.reference.chunks import Texts

KIND: Final = "personal_name"

_SPACES: Final = {ord(space): " " for space in "\n\r\t\u00a0"}


def as_texts(texts: Sequence[str]) -> Texts:
    """The texts cut into chunks; other spaces become spaces, so that all offsets stay."""
    return Texts(pa.array([one.translate(_SPACES) for one in texts], pa.large_string()))


def shaped(texts: Texts) -> list[list[Span]]:
    """Names by text, by start, none overlapping."""
    gates = gates_of(texts)
    indic = texts.totals(np.array(texts.each(TRIGGERED), np.int32)) > 0
    latin = np.logical_or.reduce(gates)
    subject = texts.holding(HINT)
    found: list[list[Span]] = [[] for _ in range(len(texts))]
    for row in np.flatnonzero(indic | latin | subject).tolist():
        text = texts.strings[row]
        names = [*_latin(text, gates, row)] if latin[row] else []
        names += indic_names(text) if indic[row] else ()
        names += indic_subjects(text) if subject[row] else ()
        found[row] = merged(names)
    return found


def _latin(text: str, gates: Gates, row: int) -> Iterator[Span]:
    plain = masked(text)
    for shape in SHAPES:
        if not getattr(gates, shape.gate)[row]:
            continue
        for match in shape.pattern.finditer(plain):
            start, end = match.span("name")
            while end < len(plain) and plain[end].isalpha():
                end += 1  # letters beyond ASCII
            held = Span(start, end)
            span = person(plain, held, shape.least) if shape.least else bare(plain, held)
            if span:
                yield span


def names_person(text: str, span: Span) -> bool:
    """Whether two words or more at `span` name a person, not a place or what is named after one."""
    plain = masked(text)
    kept = plain[span.start : span.end] == text[span.start : span.end]
    return kept and person(plain, span, 2) is not None


def merged(spans: Iterable[Span]) -> list[Span]:
    """The spans by start, those that overlap as one."""
    whole: list[Span] = []
    for span in sorted(spans):
        if whole and span.start < whole[-1].end:
            whole[-1] = Span(whole[-1].start, max(whole[-1].end, span.end))
        else:
            whole.append(span)
    return whole


def find(texts: Sequence[str]) -> list[list[Finding]]:
    """Personal names in each text, by start: honorific and name, "named X", a given name on the
    list, name and surname, a name beside a public role or a party, the subject of the first
    sentence. A span is the name alone, with its initials, without title ("Dr"), courtesy ("ji"),
    verb before it and "'s". `valid` is always true: the words around it say that it is a name.
    Offsets are those of the text as given; kind is `personal_name`.
    """
    return [
        [Finding(KIND, span.start, span.end, True) for span in spans]
        for spans in shaped(as_texts(texts))
    ]


def find_with(gazetteer: Gazetteer) -> Detector:
    """A detector that also finds the names of a list. Of those, `valid` says that role, party or
    place beside the name speak for the listed person; a shared name alone is not valid, unless its
    shape says that it is a name.
    """

    def find_listed(texts: Sequence[str]) -> list[list[Finding]]:
        batch = as_texts(texts)
        both = zip(shaped(batch), gazetteer.mentions(batch), strict=True)
        return [_joined(spans, mentions) for spans, mentions in both]

    return find_listed


def _joined(spans: Sequence[Span], mentions: Sequence[Mention]) -> list[Finding]:
    meant = [Span(one.start, one.end) for one in mentions if one.meant]
    sure = [Finding(KIND, *span, True) for span in merged([*spans, *meant])]
    others = [
        Finding(KIND, one.start, one.end, False)
        for one in mentions
        if all(one.end <= other.start or one.start >= other.end for other in sure)
    ]
    return sorted([*sure, *others], key=lambda one: one.start)
