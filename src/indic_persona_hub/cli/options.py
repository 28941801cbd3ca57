"""Options that hold pairs."""

from __future__ import annotations

import typer


def pair(text: str, option: str) -> tuple[str, str]:
    """Both sides of "column=value".

    Raises:
        BadParameter: There is no equals sign in it.
    """
    column, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"'{text}' is not column=value", param_hint=option)
    return column, value


def pairs_of(text: str | None, option: str) -> dict[str, str]:
    """Pairs with commas between them: "persona=text,id=uid".

    Raises:
        BadParameter: A part has no equals sign in it.
    """
    return dict(pair(one.strip(), option) for one in text.split(",")) if text else {}
