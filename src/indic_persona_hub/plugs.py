"""Plugs of other packages: found by the entry points that these declare."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import Any

from indic_persona_hub.errors import RecipeError, nearest


def open_installed(group: str, kind: str, name: str, options: Mapping[str, Any]) -> Any:
    """What the entry point `name` of `group` makes of `options`; `kind` is what a person calls it.

    Raises:
        RecipeError: No installed package offers that name, or its options differ.
    """
    offered = {one.name: one for one in entry_points(group=group)}
    if name not in offered:
        known = nearest(name, offered) if offered else "; none is installed"
        raise RecipeError(
            f"No installed package offers the {kind} '{name}'{known}.",
            cure=f"Install the package whose entry point in {group} has that name.",
        )
    try:
        return offered[name].load()(**options)
    except TypeError as error:
        raise RecipeError(
            f"The {kind} '{name}' does not take these options: {error}.",
            cure="See the package's own documentation for its options.",
        ) from error
