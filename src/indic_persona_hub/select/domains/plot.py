"""The rank-size curve of the buckets as a small SVG picture, drawn without a library."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

import pyarrow as pa

from indic_persona_hub.select.domains.report import bucket_sizes

_WIDTH, _HEIGHT = 560, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 78, 16, 20, 52
#: Points of the curve: more could not be told apart.
_POINTS: Final = 400
_STYLE: Final = (
    "text{font:12px sans-serif;fill:#333}.grid{stroke:#ddd}"
    ".cap{stroke:#b5451b;stroke-dasharray:5 4}polyline{fill:none;stroke:#1b5eb5;stroke-width:2}"
)


def rank_size_svg(mapping: pa.Table, cap: int | None = None) -> str:
    """Personas of a bucket by its rank, both axes logarithmic.

    Args:
        mapping: Of `canonical_domains`.
        cap: Drawn as a broken line.

    Returns:
        A whole SVG document, 560 by 360. Empty buckets are not drawn.
    """
    sizes = [size for size in bucket_sizes(mapping)["personas"].to_pylist() if size > 0]
    axes = _Axes(max(10, len(sizes)), max([10, *sizes[:1], cap or 0]))
    curve = " ".join(f"{axes.x(rank):.1f},{axes.y(size):.1f}" for rank, size in _points(sizes))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}">',
        f"<title>Personas of {len(sizes):,} domain buckets by rank</title>",
        f"<style>{_STYLE}</style>",
        *axes.drawn(),
        f'<polyline points="{curve}"/>',
        *([axes.line("cap", 1, cap, axes.last_rank, cap)] if cap else []),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _points(sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    steps = {round(len(sizes) ** (step / _POINTS)) for step in range(_POINTS + 1)}
    yield from ((rank, sizes[rank - 1]) for rank in sorted(steps) if 1 <= rank <= len(sizes))


class _Axes:
    def __init__(self, last_rank: int, largest: int) -> None:
        self.last_rank = last_rank
        self.largest = largest

    def x(self, rank: int) -> float:
        part = math.log(rank) / math.log(self.last_rank)
        return _LEFT + part * (_WIDTH - _LEFT - _RIGHT)

    def y(self, size: int) -> float:
        part = math.log(size) / math.log(self.largest)
        return _HEIGHT - _BOTTOM - part * (_HEIGHT - _TOP - _BOTTOM)

    def line(self, kind: str, rank: int, size: int, to_rank: int, to_size: int) -> str:
        return (
            f'<line class="{kind}" x1="{self.x(rank):.1f}" y1="{self.y(size):.1f}"'
            f' x2="{self.x(to_rank):.1f}" y2="{self.y(to_size):.1f}"/>'
        )

    def drawn(self) -> Iterator[str]:
        for rank in _powers(self.last_rank):
            yield self.line("grid", rank, 1, rank, self.largest)
            yield _text(self.x(rank), _HEIGHT - _BOTTOM + 18, "middle", f"{rank:,}")
        for size in _powers(self.largest):
            yield self.line("grid", 1, size, self.last_rank, size)
            yield _text(_LEFT - 6, self.y(size) + 4, "end", f"{size:,}")
        yield _text((_LEFT + _WIDTH) / 2, _HEIGHT - 12, "middle", "rank of the bucket")
        yield _text(_LEFT, _TOP - 7, "start", "personas of the bucket")


def _powers(largest: int) -> list[int]:
    return [10**power for power in range(int(math.log10(largest) + 1e-9) + 1)]


def _text(x: float, y: float, anchor: str, words: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'
