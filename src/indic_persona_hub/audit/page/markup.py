"""HTML and SVG as text in which everything is escaped unless it was made here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Final, TypeAlias

#: What XML forbids, lone surrogates, and marks that turn the direction of the text after them.
_UNSHOWN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_SPACE: Final = re.compile(r"\s+")
#: A picture of more pixels is not made narrower than can be read.
_BROAD: Final = 500
_VOID: Final = frozenset({"meta", "input", "br"})

Attributes: TypeAlias = Mapping[str, str | int | float]


class Markup(str):
    """Text that is markup already. Any other text is escaped where it enters an element."""

    __slots__ = ()


def plain(text: str) -> Markup:
    """`text` as it is read: escaped, on one line, and without characters that cannot be shown."""
    return Markup(escape(_UNSHOWN.sub("\ufffd", _SPACE.sub(" ", text))))


def join(*parts: str | None) -> Markup:
    """Parts one after the other, text escaped, None left out."""
    return Markup("".join(_escaped(part) for part in parts if part is not None))


def element(tag: str, attributes: Attributes | None = None, *children: str | None) -> Markup:
    """An element; numbers among the attributes are rounded to a tenth, which a pixel needs."""
    written = "".join(
        f' {name}="{_value(value)}"' for name, value in (attributes or {}).items() if value != ""
    )
    if tag in _VOID:
        return Markup(f"<{tag}{written}>")
    return Markup(f"<{tag}{written}>{join(*children)}</{tag}>")


def svg(width: float, height: float, title: str, description: str, *shapes: str) -> Markup:
    """A picture with its words for those who do not see it; it shrinks with the page."""
    attributes: Attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "broad" if width > _BROAD else "",
        "role": "img",
        "viewBox": f"0 0 {number(width)} {number(height)}",
        "width": width,
        "height": height,
    }
    return element(
        "svg",
        attributes,
        element("title", None, title),
        element("desc", None, description),
        *shapes,
    )


def label(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> Markup:
    """Words in a picture; `kind` is the class that styles them."""
    return element("text", {"class": kind, "x": x, "y": y, "text-anchor": anchor}, words)


def line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    """A straight line of a picture."""
    return element("line", {"class": kind, "x1": x1, "y1": y1, "x2": x2, "y2": y2})


def table(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    words: Sequence[int] = (0,),
    kind: str = "",
) -> Markup:
    """A table whose columns are numbers, except those in `words`."""
    sides = ["w" if place in words else "n" for place in range(len(heads))]
    head = join(
        *(
            element("th", {"scope": "col", "class": side}, name)
            for name, side in zip(heads, sides, strict=True)
        )
    )
    body = join(*(element("tr", None, *_cells(row, sides)) for row in rows))
    return element(
        "div",
        {"class": "wide"},
        element(
            "table",
            {"class": kind},
            element("caption", None, caption),
            element("thead", None, element("tr", None, head)),
            element("tbody", None, body),
        ),
    )


def number(value: float) -> str:
    """A coordinate with at most one decimal and no needless zero."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _cells(row: Sequence[str], sides: Sequence[str]) -> list[Markup]:
    first = element("th", {"scope": "row"}, row[0])
    return [
        first,
        *(
            element("td", {} if side == "n" else {"class": side}, cell)
            for cell, side in zip(row[1:], sides[1:], strict=True)
        ),
    ]


def _escaped(part: str) -> str:
    return part if isinstance(part, Markup) else plain(part)


def _value(value: str | int | float) -> str:
    return number(value) if isinstance(value, int | float) else plain(value)
