"""A real person as a list of the user's states them."""

from __future__ import annotations

from typing import NamedTuple


class KnownPerson(NamedTuple):
    """One line of a list; only the name must be there.

    Attributes:
        name: As the list writes it; titles, degrees, aliases in brackets may be in it.
        role: What they are known for ("MP Lok Sabha 2014", "cricketer").
        party: Short or long.
        place: Constituency, district, city or state; several are parted by semicolons.
    """

    name: str
    role: str = ""
    party: str = ""
    place: str = ""
