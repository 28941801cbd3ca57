"""What official tables ask of the rows: shares of cells that agree with one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indic_persona_hub.reference.official import Official
from indic_persona_hub.select.raking import Margin, Masses, attainable, counted, rake, total_of


class Target(NamedTuple):
    """One official table as the rows are held to it.

    Attributes:
        official: The table as it is published.
        shares: float64, one a cell, cells in the order of the flattened table; they sum to 1.
        adjusted: How far that is from the published shares, as total variation (0 to 1).
    """

    official: Official
    shares: Masses
    adjusted: float


def targets_of(tables: Sequence[Official]) -> tuple[Target, ...]:
    """The shares of each table, made to agree with the tables before it.

    Tables that count the same people by different returns differ a little in the margins that they
    share (persons whose age is not stated are in one and not in the other). Such margins are taken
    from the earlier table, and the later one is raked to them.
    """
    targets: list[Target] = []
    for table in tables:
        persons = table.persons.ravel()
        published = persons / max(total_of(persons), 1e-300)
        earlier = [one for one in targets if one.official.population == table.population]
        shares = _agreeing(table, published, earlier) if earlier else published
        targets.append(Target(table, shares, float(np.abs(shares - published).sum() / 2)))
    return tuple(targets)


def within_reach(
    targets: Sequence[Target], known: Sequence[float], rooms: Sequence[Masses]
) -> list[Masses]:
    """Shares that the pool can fill: what a cell lacks is taken from its neighbours.

    Neighbours share as many of the first dimensions as can be: where women over 60 are missing in
    the villages of a state, its younger village women take their places, else its village men; and
    the state keeps its share as long as it has anybody. What other tables ask stays as it is.

    Args:
        known: Persons that each table is to be met with.
        rooms: Most persons that each cell can be given, by table.
    """
    reached = []
    for target, persons, room in zip(targets, known, rooms, strict=True):
        wanted = target.shares * persons
        if (wanted > room).any():
            others = [one for one in targets if one is not target]
            wanted = _from_neighbours(target.official.persons.shape, wanted, room)
            wanted = rake(wanted, room, list(_shared(target.official, others)), persons).mass
        reached.append(wanted / max(total_of(wanted), 1e-300))
    return reached


def _from_neighbours(shape: tuple[int, ...], wanted: Masses, room: Masses) -> Masses:
    """What the cells of a table of this shape come to: what some have no room for is shared by the
    cells of ever larger groups around them.
    """
    held, size = np.minimum(wanted, room), 1
    for length in reversed(shape):
        size *= length
        for first in range(0, len(held), size):
            group = slice(first, first + size)
            left = total_of(wanted[group]) - total_of(held[group])
            slack = room[group] - held[group]
            shares = np.where(slack > 0, wanted[group], 0.0)
            if left > 0 and shares.any():
                held[group] += attainable(shares / total_of(shares), left, slack)
    return held


def _agreeing(table: Official, shares: Masses, earlier: Sequence[Target]) -> Masses:
    persons = float(table.persons.sum())
    most = np.full(len(shares), np.inf)
    fit = rake(shares * persons, most, list(_shared(table, earlier)), persons)
    return fit.mass / max(total_of(fit.mass), 1e-300)


def _shared(table: Official, others: Sequence[Target]) -> Iterator[Margin]:
    """The margins of other tables over dimensions that `table` has too, of the same people."""
    for other in others:
        names = [name for name in table.dimensions if name in other.official.dimensions]
        if names and other.official.population == table.population:
            theirs = places(other.official, names)
            yield Margin(places(table, names), counted(theirs, other.shares, 0))


def places(table: Official, names: Sequence[str]) -> NDArray[np.int32]:
    """Of each cell of the flattened table, its place in the flattened table over `names` alone."""
    shape = table.persons.shape
    coordinates = np.indices(shape, dtype=np.int32, sparse=True)
    place = np.zeros(shape, np.int32)
    for name in names:
        axis = table.dimensions.index(name)
        place = place * np.int32(shape[axis]) + coordinates[axis]
    return place.ravel()
