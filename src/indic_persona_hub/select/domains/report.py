"""What a mapping amounts to: bucket sizes, evenness, tail, saturation of a cap, merges by rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from indic_persona_hub.select.domains.tree import OTHER

_TOPS: Final = (10, 100, 1000)
_TAIL: Final = ((1, 1), (2, 5), (6, 20))
_NAMED: Final = 20


def bucket_sizes(mapping: pa.Table) -> pa.Table:
    """Columns domain, area, field, personas: a row a bucket, largest first, then by name."""
    keys = ["domain", "area", "field"]
    sizes = mapping.group_by(keys).aggregate([("personas", "sum")])
    sizes = sizes.rename_columns([*keys, "personas"])
    return sizes.sort_by([("personas", "descending"), ("domain", "ascending")])


def report(mapping: pa.Table, cap: int | None = None) -> dict[str, Any]:
    """Numbers of a mapping (`domains.MAPPING`).

    Args:
        mapping: Of `canonical_domains`.
        cap: Most personas that selection keeps of a bucket; null leaves the part `cap` out.

    Returns:
        `labels`, `buckets`, `areas`, `fields`, `personas`; `merges`, labels and personas by rule;
        `largest`, up to 20 buckets; `entropy_bits`, `entropy_normalised` (1 where all buckets are
        of one size), `effective_buckets` (2 to the entropy), `gini`; `top_shares`, of all personas;
        `tail`, buckets and personas by size; `other`, what no keyword places; `cap`, buckets over
        it, personas over it, and up to 20 of them by name.
    """
    sizes = bucket_sizes(mapping)
    counts = sizes["personas"].to_numpy().astype(np.int64)
    found: dict[str, Any] = {
        "labels": mapping.num_rows,
        "buckets": sizes.num_rows,
        "areas": len(sizes["area"].unique()),
        "fields": len(sizes["field"].unique()),
        "personas": int(counts.sum()),
        "merges": _merges(mapping),
        "largest": sizes.slice(0, _NAMED).to_pylist(),
        **_evenness(counts),
        "top_shares": {str(top): _share(counts[:top], counts) for top in _TOPS},
        "tail": {_range(low, high): _part(counts, low, high) for low, high in _TAIL},
        "other": _other(sizes, counts),
    }
    return found if cap is None else found | {"cap": _saturation(sizes, counts, cap)}


def _merges(mapping: pa.Table) -> dict[str, dict[str, int]]:
    rules = mapping.group_by("rule").aggregate([("personas", "count"), ("personas", "sum")])
    rows = sorted(rules.to_pylist(), key=lambda row: (-row["personas_count"], row["rule"]))
    return {
        row["rule"]: {"labels": row["personas_count"], "personas": row["personas_sum"]}
        for row in rows
    }


def _evenness(counts: NDArray[np.int64]) -> dict[str, float]:
    shares = counts[counts > 0] / max(1, counts.sum())
    bits = abs(float(-(shares * np.log2(shares)).sum()))
    normalised = bits / float(np.log2(len(shares))) if len(shares) > 1 else 0.0
    effective = float(2.0**bits) if len(shares) else 0.0
    return {
        "entropy_bits": bits,
        "entropy_normalised": normalised,
        "effective_buckets": effective,
        "gini": _gini(counts),
    }


def _gini(counts: NDArray[np.int64]) -> float:
    """0 where all buckets are of one size, towards 1 where one bucket has everything."""
    total, number = int(counts.sum()), len(counts)
    if not total:
        return 0.0
    ranks = np.arange(number, 0, -1)
    return float(
        2 * (ranks * counts.astype(float)).sum() / (number * total) - (number + 1) / number
    )


def _share(part: NDArray[np.int64], whole: NDArray[np.int64]) -> float:
    return float(part.sum() / max(1, whole.sum()))


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}-{high}"


def _part(counts: NDArray[np.int64], low: int, high: int) -> dict[str, int]:
    inside = counts[(counts >= low) & (counts <= high)]
    return {"buckets": len(inside), "personas": int(inside.sum())}


def _other(sizes: pa.Table, counts: NDArray[np.int64]) -> dict[str, float]:
    inside = counts[np.array([field == OTHER for field in sizes["field"].to_pylist()], bool)]
    return {"buckets": len(inside), "personas": int(inside.sum()), "share": _share(inside, counts)}


def _saturation(sizes: pa.Table, counts: NDArray[np.int64], cap: int) -> dict[str, Any]:
    over = counts[counts > cap]
    which = [
        {"domain": row["domain"], "personas": row["personas"], "over": row["personas"] - cap}
        for row in sizes.slice(0, min(_NAMED, len(over))).to_pylist()
    ]
    return {"cap": cap, "buckets_over": len(over), "personas_over": int((over - cap).sum()),
            "which": which}  # fmt: skip


def report_lines(found: dict[str, Any]) -> list[str]:
    """The report as Markdown, for a terminal or a page."""
    tops = ", ".join(f"{top}: {share:.1%}" for top, share in found["top_shares"].items())
    other = found["other"]
    lines = [
        f"{found['personas']:,} personas, {found['labels']:,} labels, {found['buckets']:,} buckets"
        f" in {found['areas']} areas of {found['fields']} fields.",
        f"Entropy {found['entropy_bits']:.2f} bits ({found['entropy_normalised']:.2f} of an even"
        f" spread), as many as {found['effective_buckets']:,.0f} even buckets; Gini"
        f" {found['gini']:.2f}. Share of the largest buckets: {tops}.",
        f"No keyword places {other['buckets']:,} buckets, {other['share']:.1%} of the personas.",
        *_cap_lines(found.get("cap")),
        "",
        *_table(("rule", "labels", "personas"),
                [(rule, *part.values()) for rule, part in found["merges"].items()]),
        "",
        *_table(("personas in the bucket", "buckets", "personas"),
                [(size, *part.values()) for size, part in found["tail"].items()]),
        "",
        *_table(("bucket", "area", "field", "personas"),
                [tuple(row.values()) for row in found["largest"]]),
    ]  # fmt: skip
    return lines


def _cap_lines(part: dict[str, Any] | None) -> list[str]:
    if part is None:
        return []
    names = ", ".join(f"{row['domain']} ({row['personas']:,})" for row in part["which"])
    line = (
        f"Over the cap of {part['cap']:,} stand {part['buckets_over']:,} buckets with"
        f" {part['personas_over']:,} personas too many"
    )
    return [f"{line}: {names}." if names else f"{line}."]


def _table(heading: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    cells = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    marks = ["---"] * len(heading)
    written = [[cell.replace("|", "\\|") for cell in row] for row in (heading, marks, *cells)]
    return [f"| {' | '.join(row)} |" for row in written]
