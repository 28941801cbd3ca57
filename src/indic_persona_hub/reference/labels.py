"""Codes of places and their names: ISO 3166-2 for states, LGD for districts."""

from __future__ import annotations

from functools import cache

from indic_persona_hub import reference


@cache
def _names() -> dict[str, str]:
    states = {row["code"]: row["name"] for row in reference.load("states").to_pylist()}
    districts = reference.load("districts").to_pylist()
    return states | {str(row["lgd_code"]): row["name"] for row in districts}


def place_name(code: str) -> str:
    """English name of a state (`IN-BR` is Bihar) or district (`196` is Gaya).

    Returns:
        `code` itself where no state or district has it.
    """
    return _names().get(code, code)
