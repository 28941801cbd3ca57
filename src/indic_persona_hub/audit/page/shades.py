"""The shade of a cell: how many times the expected rows, none at all, or nothing known."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from indic_persona_hub.audit.page.markup import Markup, element, label, line
from indic_persona_hub.audit.page.wording import count, ratio

#: Bounds of the shades b0 to b8 on the ratio of observed to expected; on a log scale those above 1
#: mirror those below.
EDGES: Final = (1 / 4, 1 / 2, 1 / 1.5, 1 / 1.1, 1.1, 1.5, 2.0, 4.0)
_EDGE_WORDS: Final = ("¼", "½", "⅔", "0.9", "1.1", "1.5", "2", "4")
#: Below this many expected rows the colour says little: such cells are drawn small.
FEW_EXPECTED: Final = 5.0
#: With fewer expected rows than this a fair sample has none in more than 1 of 20 cases.
_NONE_IS_NO_WONDER: Final = 3.0
_LEGEND_WIDTH, _LEGEND_HEIGHT = 660, 74


class Amount(NamedTuple):
    """Rows of a cell: observed, and expected of a faithful set. None where nothing is known."""

    observed: float | None
    expected: float | None
    flagged: bool = False

    @property
    def ratio(self) -> float | None:
        """Observed by expected; None where that is no number."""
        if self.observed is None or not self.expected:
            return None
        return self.observed / self.expected

    @property
    def thin(self) -> bool:
        """Whether too few rows are expected for the colour to say much."""
        return self.expected is not None and self.expected < FEW_EXPECTED

    def words(self) -> str:
        """What the cell holds, in one phrase."""
        if self.observed is None or self.expected is None:
            return "nothing known"
        times = f" ({ratio(self.ratio)})" if self.ratio is not None else ""
        return f"{count(self.observed)} observed, {count(self.expected)} expected{times}"


def shade(amount: Amount) -> str:
    """`unknown`, `none`, `few` (none, and hardly any expected), or `b0` (under) to `b8` (over)."""
    if amount.observed is None or amount.expected is None:
        return "unknown"
    if amount.observed == 0:
        return "none" if amount.expected >= _NONE_IS_NO_WONDER else "few"
    if amount.expected <= 0:
        return f"b{len(EDGES)}"
    times = amount.observed / amount.expected
    return f"b{sum(math.log2(times) >= math.log2(edge) for edge in EDGES)}"


def tile(
    x: float,
    y: float,
    side: float,
    amount: Amount,
    words: str,
    *inside: str,
    width: float | None = None,
) -> Markup:
    """A cell with its shade; smaller where few rows are expected, crossed where none is observed.

    Args:
        x: Left edge.
        y: Top edge.
        side: Height, and width where no other is given, in pixels.
        amount: What is in the cell.
        words: What it is called, for the tip that opens on it.
        inside: Shapes and words drawn over it.
        width: Width in pixels.
    """
    kind = shade(amount)
    wide = width or side
    inset = side / 6 if amount.thin and kind.startswith("b") else 0
    box = {"x": x + inset, "y": y + inset, "width": wide - 2 * inset, "height": side - 2 * inset}
    cross = line("cross", x, y + side, x + wide, y) if kind == "none" else None
    flag = _flag(x + wide - 5, y + 5) if amount.flagged else None
    return element(
        "g",
        {"class": f"t {kind}" + (" thin" if inset else "")},
        element("title", None, f"{words}: {amount.words()}"),
        element("rect", box),
        cross,
        *inside,
        flag,
    )


def legend() -> Markup:
    """The scale of shades and the three kinds of cell that have none, as a picture of its own."""
    return element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "broad",
            "role": "img",
            "viewBox": f"0 0 {_LEGEND_WIDTH} {_LEGEND_HEIGHT}",
            "width": _LEGEND_WIDTH,
            "height": _LEGEND_HEIGHT,
        },
        element("title", None, "Legend of the colours"),
        element(
            "desc", None, "Orange: fewer rows than expected. Blue: more. Crossed: none at all."
        ),
        *_scale(),
        *_kinds(),
    )


def _flag(x: float, y: float) -> Markup:
    return element("circle", {"class": "flag", "cx": x, "cy": y, "r": 2.5})


def _scale() -> list[Markup]:
    wide = 34
    middle = 1 + (len(EDGES) + 1) * wide / 2
    boxes = [_box(f"b{step}", 1 + step * wide, wide) for step in range(len(EDGES) + 1)]
    ticks = [
        label(1 + (place + 1) * wide, 46, words, "tick", "middle")
        for place, words in enumerate(_EDGE_WORDS)
    ]
    heads = [
        label(1, 11, "fewer than expected", "tick"),
        label(2 * middle - 1, 11, "more than expected", "tick", "end"),
        label(middle, 64, "rows observed for each row expected", "tick", "middle"),
    ]
    return [*boxes, *ticks, *heads]


def _box(kind: str, x: float, wide: float) -> Markup:
    box = element("rect", {"x": x, "y": 16, "width": wide, "height": 16})
    return element("g", {"class": f"t {kind}"}, box)


def _kinds() -> list[Markup]:
    known = (
        (Amount(0, 9), "none observed, though expected"),
        (Amount(0, 0.5), "none observed, hardly any expected"),
        (Amount(None, None), "nothing known"),
        (Amount(4, 4), f"small: fewer than {FEW_EXPECTED:.0f} expected"),
    )
    drawn: list[Markup] = []
    for place, (amount, words) in enumerate(known):
        y = 1 + place * 18
        drawn += [tile(350, y, 14, amount, words), label(372, y + 11, words, "tick")]
    return [*drawn, _flag(592, 8), label(600, 12, "flagged", "tick")]
