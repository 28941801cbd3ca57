"""Domains: free labels to canonical buckets in a three-level tree, kept as a table.

A label is first taken by itself (`labels`), then buckets that mean the same are merged
(`merges`), every bucket gets its area and field (`tree`), and a person's edits come
last (`edits`). Nothing is dropped, and the order of labels changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import pyarrow as pa

from indic_persona_hub.select.domains.edits import EDITED, Edit, moved, placed
from indic_persona_hub.select.domains.keywords import Place
from indic_persona_hub.select.domains.labels import UNLABELLED, Named, named
from indic_persona_hub.select.domains.merges import RULES, merged
from indic_persona_hub.select.domains.tree import place_of

__all__ = ["MAPPING", "MERGE_RULES", "UNLABELLED", "canonical_domains"]

#: One row a raw label. `rule` is the last rule that changed it, `attracted_by` the commonest label
#: of the bucket where that rule looks at other labels, `placed_by` the keyword that found the area
#: ("" where none did, `edited` where a person did), `personas` counts the label's personas.
MAPPING: Final = pa.schema(
    [
        ("label", pa.string()),
        ("domain", pa.string()),
        ("area", pa.string()),
        ("field", pa.string()),
        ("rule", pa.string()),
        ("attracted_by", pa.string()),
        ("placed_by", pa.string()),
        ("personas", pa.int64()),
    ]
)
#: Rules by which one label joins another one.
MERGE_RULES: Final = tuple(name for name, _ in RULES)


def canonical_domains(labels: Mapping[str, int], edits: Iterable[Edit] = ()) -> pa.Table:
    """Map every raw label to its bucket, area and field.

    Args:
        labels: Personas by raw label.
        edits: Applied last, with the rule `edited`.

    Returns:
        `MAPPING`, labels ascending. The same labels, counts and edits give the same mapping.

    Raises:
        RecipeError: The edits contradict one another (see `read_edits`).
    """
    order = sorted(labels)
    names = [named(label) for label in order]
    sizes: Counter[str] = Counter()
    for label, name in zip(order, names, strict=True):
        sizes[name.bucket] += labels[label]
    moves, rules = merged(sizes)
    rows = {
        label: _Row(moves.get(name.bucket, name.bucket), rules.get(name.bucket, name.rule))
        for label, name in zip(order, names, strict=True)
    }
    commonest = _commonest(order, names, labels)
    edits = tuple(edits)
    places = _edit(rows, edits) if edits else {}
    return _table(rows, commonest, places, labels)


class _Row(NamedTuple):
    domain: str
    rule: str


def _commonest(
    order: Iterable[str], names: Iterable[Named], labels: Mapping[str, int]
) -> dict[str, str]:
    """The label with most personas of those that name a bucket by themselves."""
    found: dict[str, str] = {}
    for label, name in zip(order, names, strict=True):
        if name.bucket not in found or labels[label] > labels[found[name.bucket]]:
            found[name.bucket] = label
    return found


def _edit(rows: dict[str, _Row], edits: Sequence[Edit]) -> dict[str, Place]:
    before = {label: row.domain for label, row in rows.items()}
    ends = moved({edit.label: edit.domain for edit in edits}, before)
    for label, domain in before.items():
        if ends[label] != domain:
            rows[label] = _Row(ends[label], EDITED)
    return placed(edits, ends, before)


def _table(
    rows: Mapping[str, _Row],
    commonest: Mapping[str, str],
    edited: Mapping[str, Place],
    labels: Mapping[str, int],
) -> pa.Table:
    domains = [row.domain for row in rows.values()]
    places = {domain: edited.get(domain) or place_of(domain) for domain in dict.fromkeys(domains)}
    columns = {
        "label": list(rows),
        "domain": domains,
        "area": [places[domain].area for domain in domains],
        "field": [places[domain].field for domain in domains],
        "rule": [row.rule for row in rows.values()],
        "attracted_by": [
            commonest.get(row.domain) if row.rule in MERGE_RULES else None for row in rows.values()
        ],
        "placed_by": [places[domain].keyword for domain in domains],
        "personas": [labels[label] for label in rows],
    }
    return pa.table(columns, MAPPING)
