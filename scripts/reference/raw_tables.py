"""What the scripts that build official tables share: reading raw census tables, writing ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from indic_persona_hub import reference

RESIDENCES = ("rural", "urban")
SEXES = ("female", "male")

#: LGD codes of states are the census codes of 2011, but for those that changed since.
_LADAKH = (3, 4)  # Leh, Kargil
_TELANGANA = range(532, 542)  # Adilabad to Khammam, the ten districts of 2011
_MERGED = {25: 38, 26: 38}  # Daman and Diu, Dadra and Nagar Haveli: one territory since 2020


def rows_of(path: Path, columns: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """The rows of a raw Parquet table."""
    chosen = None if columns is None else list(columns)
    rows: list[dict[str, Any]] = pq.read_table(path, columns=chosen).to_pylist()
    return rows


def state_today(state_2011: int, district_2011: int) -> str:
    """ISO 3166-2 code of the state that a district of 2011 belongs to today."""
    lgd = _MERGED.get(state_2011, state_2011)
    if state_2011 == 1 and district_2011 in _LADAKH:
        lgd = 37
    if state_2011 == 28 and district_2011 in _TELANGANA:
        lgd = 36
    return _codes()[lgd]


def states_of_districts() -> dict[int, str]:
    """Today's state of each of the 640 districts, from the shipped table."""
    table = reference.load("districts_2011")
    return dict(zip(table["code"].to_pylist(), table["state"].to_pylist(), strict=True))


def state_order() -> list[str]:
    """Codes of today's states in the order of the table `states`."""
    return list(_codes().values())


def write(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Write a table as TSV, null as an empty field."""
    lines = ["\t".join(header)]
    lines += ["\t".join("" if field is None else str(field) for field in row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def whole(value: float | str) -> int:
    """A count that a raw table holds as text or float; a fraction is an error."""
    number = float(value)
    if number != int(number):
        raise ValueError(f"{value} is no whole number")
    return int(number)


def _codes() -> Mapping[int, str]:
    states = reference.load("states").to_pylist()
    return {state["lgd_code"]: state["code"] for state in states}
