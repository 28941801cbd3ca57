"""A map of the states and union territories of today as tiles of one size.

No outline of India with clear rights is at hand; tiles also show small territories as well as large
ones. Where each tile stands is our own layout, the reference table `state_tiles`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from indic_persona_hub import reference
from indic_persona_hub.audit.page.markup import Markup, element, label, svg
from indic_persona_hub.audit.page.shades import Amount, tile
from indic_persona_hub.audit.page.wording import ratio

_GAP: Final = 3
#: From this side on a tile has room for its number beside its name.
_ROOMY: Final = 40
_NOTHING_KNOWN: Final = Amount(None, None)


def tile_map(
    values: Mapping[str, Amount], *, title: str, description: str, side: int = 56
) -> Markup:
    """The map as SVG: every one of the 36 units is drawn.

    Args:
        values: Rows by ISO 3166-2 code. A unit that is not named is drawn as nothing known.
        title: What the map shows, for those who do not see it.
        description: What to read from it, for the same.
        side: Width and height of a tile in pixels; from 40 on each tile says its ratio.
    """
    tiles = reference.load("state_tiles").to_pylist()
    step = side + _GAP
    width = step * (1 + max(unit["column"] for unit in tiles)) + _GAP
    height = step * (1 + max(unit["row"] for unit in tiles)) + _GAP
    drawn = [
        _unit(unit["code"], unit["label"], unit["column"] * step + _GAP, unit["row"] * step + _GAP,
              side, values.get(unit["code"], _NOTHING_KNOWN))
        for unit in tiles
    ]  # fmt: skip
    kind = "map" if side >= _ROOMY else "map small"
    return svg(width, height, title, description, element("g", {"class": kind}, *drawn))


def _unit(code: str, short: str, x: float, y: float, side: int, amount: Amount) -> Markup:
    middle = x + side / 2
    if side < _ROOMY:
        words = [label(middle, y + side / 2 + 4, short, anchor="middle")]
        amount = amount._replace(flagged=False)  # a mark would hide the name
    else:
        says = "none" if amount.observed == 0 else ratio(amount.ratio)
        words = [
            label(middle, y + side / 2 - 2, short, "name", "middle"),
            label(middle, y + side / 2 + 15, says, anchor="middle"),
        ]
    return tile(x, y, side, amount, state_names()[code], *words)


@cache
def state_names() -> dict[str, str]:
    """Names of the states and union territories of today by ISO 3166-2 code."""
    return {row["code"]: row["name"] for row in reference.load("states").to_pylist()}
