"""The section of the age pyramid and of the grids of two dimensions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from indic_persona_hub.audit.labels import TITLES, value_label
from indic_persona_hub.audit.page.heat_grid import heat_grid
from indic_persona_hub.audit.page.markup import Markup, element, join, table
from indic_persona_hub.audit.page.pyramid import pyramid
from indic_persona_hub.audit.page.shades import Amount, legend
from indic_persona_hub.audit.page.sums import NOBODY, Table, sums, table_over, values
from indic_persona_hub.audit.page.wording import share
from indic_persona_hub.records import AGE_BANDS, EDUCATION_LEVELS

#: Down and across, and how many values are shown across.
_GRIDS: Final = (
    ("state", "age_band", 9),
    ("state", "language", 12),
    ("state", "religion", 7),
    ("education", "age_band", 9),
    ("occupation_division", "sex", 2),
)
_IN_ORDER: Final[Mapping[str, Sequence[str]]] = {
    "age_band": AGE_BANDS,
    "education": EDUCATION_LEVELS,
    "occupation_division": tuple("123456789"),
}


def people(audit: Mapping[str, Any]) -> Markup | None:
    """The pyramid and the grids that the tables of the audit allow; None where they allow none."""
    shown = [*_pyramid(audit["tables"]), *_grids(audit["tables"])]
    return join(*shown) if shown else None


def _pyramid(tables: Sequence[Table]) -> Iterator[Markup]:
    source = table_over(tables, ("sex", "age_band"))
    if not source:
        return
    amounts = sums(source, ("sex", "age_band"))
    women, men = (_shares(amounts, sex, source["rows_known"]) for sex in ("female", "male"))
    picture = pyramid(
        AGE_BANDS,
        women,
        men,
        ("women and girls", "men and boys"),
        title="Age pyramid by sex",
        description="Bars: observed. Outlines: official. The numbers are in the table below.",
    )
    says = (
        f"Bars are the shares of the rows, outlines those of the official table"
        f" ({source['population']}). Bands are of unequal width."
    )
    rows = [
        (band, *map(share, (*women.get(band, (None, None)), *men.get(band, (None, None)))))
        for band in AGE_BANDS
    ]
    heads = ("Age", "Women and girls", "official", "Men and boys", "official")
    yield element("h3", None, "Ages")
    yield element("figure", None, element("figcaption", None, says), picture)
    yield _collapsed("The pyramid as a table", table("Share of all rows by age", heads, rows))


def _shares(
    amounts: Mapping[tuple[str, ...], Amount], sex: str, rows: int
) -> dict[str, tuple[float, float]]:
    return {
        key[1]: ((amount.observed or 0.0) / rows, (amount.expected or 0.0) / rows)
        for key, amount in amounts.items()
        if key[0] == sex
    }


def _grids(tables: Sequence[Table]) -> Iterator[Markup]:
    explained = False
    for down, across, most in _GRIDS:
        source = table_over(tables, (down, across))
        if not source:
            continue
        heading = f"{TITLES[down]} and {TITLES[across]}"
        yield element("h3", None, heading[:1].upper() + heading[1:])
        if not explained:
            yield element("figure", None, legend())
            explained = True
        yield _grid(source, down, across, most)


def _grid(source: Table, down: str, across: str, most: int) -> Markup:
    amounts = sums(source, (down, across))
    lines, columns = _named(source, down), _named(source, across)[:most]
    left_out = len(values(source, across)) - len(columns)
    picture = heat_grid(
        {
            (line, column): amounts.get((line, column), NOBODY)
            for line, _ in lines
            for column, _ in columns
        },
        lines,
        columns,
        title=f"{TITLES[down]} by {TITLES[across]}: rows observed for each row expected",
        description="The same numbers are in the table of this name, or in audit.json.",
    )
    more = f" The {most} largest of {most + left_out} are shown." if left_out else ""
    says = f"Of the table “{source['title']}” ({source['population']}).{more}"
    return element("figure", None, element("figcaption", None, says), picture)


def _named(source: Table, dimension: str) -> list[tuple[str, str]]:
    """Values with their names: in their own order, states by name, others the largest first."""
    found = values(source, dimension)
    if dimension in _IN_ORDER:
        found = [value for value in _IN_ORDER[dimension] if value in found]
    if dimension == "age_band":
        return [(value, value) for value in found]
    names = [(value, value_label(dimension, value)) for value in found]
    return sorted(names, key=lambda pair: pair[1]) if dimension == "state" else names


def _collapsed(summary: str, *inside: str) -> Markup:
    return element("details", None, element("summary", None, summary), *inside)
