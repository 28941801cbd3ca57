"""What `iph release` and `iph verify` do and say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from indic_persona_hub.release.gate import GateReport


def release_hub(hub: Path, out: Path, override: str | None = None) -> None:
    """Publish what a hub keeps, or print why the gate refuses it.

    Raises:
        HubError: See `release.publish`.
    """
    from indic_persona_hub.release.gate import GateError
    from indic_persona_hub.release.publish import publish
    from indic_persona_hub.run.hub import RECIPE, open_hub
    from indic_persona_hub.run.recipe import load_recipe

    opened = open_hub(hub)
    settings = load_recipe(opened.path / RECIPE).release
    try:
        summary = publish(opened, out, settings=settings, override=_reason(override))
    except GateError as error:
        if error.report is not None:
            _print_failed(error.report)
        raise
    typer.echo(f"Release: {out} ({summary.rows} personas)")


def check_release(path: Path, hub: Path | None) -> None:
    """Say what is wrong with a release; exit 1 where something is."""
    from indic_persona_hub.release.verify import verify
    from indic_persona_hub.run.hub import open_hub

    report = verify(path, None if hub is None else open_hub(hub))
    for problem in report.problems:
        typer.echo(problem)
    if report.problems:
        typer.echo(f"{path} is not whole: {len(report.problems)} problems.")
        raise typer.Exit(1)
    typer.echo(f"{path} is whole: {report.rows} personas in {report.files} files.")


def _reason(override: str | None) -> str | None:
    if override is not None and not override.strip():
        raise typer.BadParameter("the card needs a reason", param_hint="--override")
    return override


def _print_failed(report: GateReport) -> None:
    """The lines that did not pass, with their worst personas."""
    from indic_persona_hub.cli.terminal import table, terminal
    from indic_persona_hub.release.proofs import shown

    rows = []
    for one in report.failed:
        found, share, limit, _ = shown(one, report.personas)
        rows.append((one.measure, found, share, limit, " ".join(report.worst.get(one.measure, []))))
    terminal().print(table(("Gate", "Personas", "Share", "At most", "Worst"), rows))
