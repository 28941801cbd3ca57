"""The section of maps: all rows, then groups of people, state by state."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from indic_persona_hub.audit.labels import value_label
from indic_persona_hub.audit.page.markup import Markup, element, join, table
from indic_persona_hub.audit.page.shades import Amount, legend, shade
from indic_persona_hub.audit.page.sums import NOBODY, Table, sums, table_over, values
from indic_persona_hub.audit.page.tile_map import state_names, tile_map
from indic_persona_hub.audit.page.wording import count, ratio

#: Groups that are mapped wherever a table tells them apart by state.
_GROUPS: Final[tuple[tuple[str, Mapping[str, Collection[str]]], ...]] = (
    ("Women", {"sex": {"female"}}),
    ("Rural residents", {"residence": {"rural"}}),
    ("Rural women", {"residence": {"rural"}, "sex": {"female"}}),
    ("Children, aged 0-17", {"age_band": {"0-5", "6-12", "13-17"}}),
    ("Elderly, aged 60 and over", {"age_band": {"60-74", "75+"}}),
    ("Scheduled Castes", {"community": {"scheduled_caste"}}),
    ("Scheduled Tribes", {"community": {"scheduled_tribe"}}),
    ("Illiterate persons", {"literacy": {"illiterate"}}),
    ("Agricultural labourers", {"work_class": {"agricultural_labourer"}}),
)
#: Dimensions of which the largest values are mapped each.
_LARGEST: Final = {"religion": 4, "language": 4}
_SMALL_SIDE: Final = 24
_SAY: Final = (
    "Each tile is a state or union territory of today; all 36 are drawn, at one size. This is a"
    " tile grid and not a map of borders: no outline with clear rights was at hand. Tiles stand"
    " roughly as the places do on the ground."
)


class Group(NamedTuple):
    """A group of people, the table that tells it apart, and its rows by state."""

    title: str
    table: Table
    amounts: Mapping[str, Amount]


def maps(audit: Mapping[str, Any]) -> Markup:
    """The maps with their legend and a table of the same numbers; words where no state is known."""
    groups = list(_groups(audit["tables"]))
    if not groups:
        empty = tile_map({}, title="No map", description="No row states where the person lives.")
        return join(
            element("p", None, "No row states where the person lives, so no map can be filled."),
            element("figure", None, empty),
        )
    first, *others = groups
    return join(
        element("p", None, _SAY),
        element("figure", None, legend()),
        _figure(first, 56),
        element("div", {"class": "maps"}, *(_figure(one, _SMALL_SIDE) for one in others)),
        _as_table(groups),
    )


def _groups(tables: Sequence[Table]) -> Iterator[Group]:
    yield from _group("All rows", tables, {})
    for title, where in _GROUPS:
        yield from _group(title, tables, where)
    for dimension, most in _LARGEST.items():
        source = table_over(tables, ("state", dimension))
        for value in values(source, dimension)[:most] if source else ():
            yield from _group(value_label(dimension, value), tables, {dimension: {value}})


def _group(
    title: str, tables: Sequence[Table], where: Mapping[str, Collection[str]]
) -> Iterator[Group]:
    source = table_over(tables, ("state", *where))
    if source:
        amounts = sums(source, ("state",), where)
        by_state = {state: amounts.get((state,), NOBODY) for state in state_names()}
        yield Group(title, source, by_state)


def _figure(group: Group, side: int) -> Markup:
    picture = tile_map(
        group.amounts,
        title=f"{group.title} by state: rows observed for each row expected",
        description=_read(group.amounts),
        side=side,
    )
    about = f"Of the table “{group.table['title']}” ({group.table['population']})."
    caption = element(
        "figcaption", None, element("b", None, group.title), " ", element("small", None, about)
    )
    return element("figure", None, caption, picture)


def _read(amounts: Mapping[str, Amount]) -> str:
    """What the map shows, in words."""
    kinds = {state_names()[state]: shade(amount) for state, amount in amounts.items()}
    over = sum(kind in ("b5", "b6", "b7", "b8") for kind in kinds.values())
    under = sum(kind in ("b0", "b1", "b2", "b3") for kind in kinds.values())
    empty = sum(one.observed == 0 and bool(one.expected) for one in amounts.values())
    of_them = f", of which {empty} {'has' if empty == 1 else 'have'} none" if empty else ""
    missing = [name for name, kind in kinds.items() if kind == "none"]
    none = f" None, though expected, in {', '.join(sorted(missing))}." if missing else ""
    more = f"More rows than expected in {over} of {len(kinds)} units"
    return f"{more}, fewer in {under + empty}{of_them}.{none}"


def _as_table(groups: Sequence[Group]) -> Markup:
    rows = [
        (
            name,
            *_cells(groups[0].amounts[code]),
            *(ratio(one.amounts[code].ratio) for one in groups),
        )
        for code, name in sorted(state_names().items(), key=lambda pair: pair[1])
    ]
    heads = (
        "State or union territory",
        "Rows observed",
        "Rows expected",
        *(one.title for one in groups),
    )
    return element(
        "details",
        None,
        element("summary", None, "The maps as a table"),
        table("Rows observed for each row expected", heads, rows, kind="sortable"),
    )


def _cells(amount: Amount) -> tuple[str, str]:
    return count(amount.observed), count(amount.expected)
