"""Domains: free labels to canonical buckets, with the mapping kept as a table.

The rules, in order, each named in the mapping's `rule` column: case and form (NFC, case folding),
separators (`computer_engineer` is `computer engineer`), script (a label in an Indian script that
stands for a common English one), plural (`farmers` joins `farmer` where that bucket exists, or
where the label is seen in both numbers), head word (`small farmer welfare` joins `farmer welfare`,
then `welfare`, where that shorter label is a bucket of its own with at least as many personas).
"""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib import resources

import pyarrow as pa

UNLABELLED = "unlabelled"

#: One row a raw label. `rule` is the last rule that changed it: `none`, `case`, `separators`,
#: `script`, `plural`, `head_word`; `personas` counts the label's personas.
MAPPING = pa.schema(
    [
        ("label", pa.string()),
        ("domain", pa.string()),
        ("rule", pa.string()),
        ("personas", pa.int64()),
    ]
)

_UNCHANGED_PLURALS = frozenset(
    "mathematics physics economics statistics politics ethics genetics electronics logistics"
    " linguistics athletics gymnastics mechanics robotics acoustics aesthetics news sports arts"
    " series species analysis basis crisis business glass class process access congress address"
    " harness fitness wellness illness awareness happiness press dress gas bus status campus census"
    " virus tennis chess asbestos jeans logistics textiles handicrafts always odissi".split()
)


def canonical_domains(labels: Mapping[str, int]) -> pa.Table:
    """Map every raw label to its bucket.

    Args:
        labels: Personas by raw label.

    Returns:
        `MAPPING`, labels ascending. The same labels and counts give the same mapping.
    """
    cleaned = {label: _cleaned(label) for label in labels}
    sizes: Counter[str] = Counter()
    for label, (bucket, _) in cleaned.items():
        sizes[bucket] += labels[label]
    singular = {bucket: _singular(bucket, sizes) for bucket in sizes}
    merged: Counter[str] = Counter()
    for bucket, size in sizes.items():
        merged[singular[bucket]] += size
    heads = {bucket: _head(bucket, merged) for bucket in merged}
    rows = []
    for label in sorted(labels):
        bucket, rule = cleaned[label]
        number = singular[bucket]
        domain = heads[number]
        rule = "plural" if number != bucket else rule
        rule = "head_word" if domain != number else rule
        rows.append((label, domain, rule, labels[label]))
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, MAPPING, strict=True)], MAPPING)


def _cleaned(label: str) -> tuple[str, str]:
    # The canonical caseless form: folding alone may take a letter and its mark apart.
    folded = unicodedata.normalize("NFD", label).casefold()
    folded = unicodedata.normalize("NFC", folded).strip()
    spaced = "".join(c if _is_word(c) else " " for c in folded.replace("\u2019", "'"))
    spaced = " ".join(word for word in (one.strip("'") for one in spaced.split()) if word)
    rule = "none" if spaced == label else "case" if spaced == folded else "separators"
    if not any(unicodedata.category(c)[0] in "LN" for c in spaced):
        return UNLABELLED, "separators"
    english = _in_english().get(spaced)
    return (english, "script") if english else (spaced, rule)


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" or character in "\u200c\u200d+#'"


def _singular(bucket: str, sizes: Mapping[str, int]) -> str:
    *before, last = bucket.split()
    candidates = (" ".join([*before, single]) for single in _singular_words(last))
    return next((one for one in candidates if one in sizes), bucket)


def _singular_words(word: str) -> list[str]:
    """What `word` may be the plural of, likeliest first."""
    if len(word) < 4 or not word.endswith("s") or word.endswith("ss"):
        return []
    if word in _UNCHANGED_PLURALS:
        return []
    if word.endswith("ies"):
        return [word[:-3] + "y", word[:-1]]
    if word.endswith(("ches", "shes", "xes", "sses", "oes")):
        return [word[:-2], word[:-1]]
    return [word[:-1]]


def _head(bucket: str, sizes: Mapping[str, int]) -> str:
    """The longest shorter ending of three words or more that is a bucket at least as large."""
    words = bucket.split()
    if len(words) < 3:
        return bucket
    for start in range(1, len(words)):
        ending = " ".join(words[start:])
        if sizes.get(ending, 0) >= sizes[bucket]:
            return _head(ending, sizes)
    return bucket


@cache
def _in_english() -> dict[str, str]:
    path = resources.files(__package__) / "domain_words.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    return {row["label"]: row["english"] for row in csv.DictReader(lines)}
