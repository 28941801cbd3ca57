"""What `iph release` and `iph verify` do and say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from indic_persona_hub.release.gate import GateReport
    from indic_persona_hub.release.verify import Report


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
        typer.echo(f"{path} {_fault(report)}")
        raise typer.Exit(1)
    typer.echo(f"{path} is whole: {report.rows} personas in {report.files} files.")
    typer.echo(f"Nothing in it is among {report.taken_down:,} tombstones{_of_whom(hub)}.")


def _fault(report: Report) -> str:
    """What was whole when it was made, and holds what was taken down since, is not damaged."""
    number = len(report.problems)
    problems = f"{number} problem{'' if number == 1 else 's'}"
    if not report.withdrawn:
        return f"is not whole: {problems}."
    who = "1 persona" if report.withdrawn == 1 else f"{report.withdrawn:,} personas"
    is_or_are = "is" if report.withdrawn == 1 else "are"
    return f"may not be used: it holds {who} that {is_or_are} taken down ({problems} in all)."


def _of_whom(hub: Path | None) -> str:
    if hub is not None:
        return f" of its own and of {hub}"
    return " of its own; what was taken down after it was made, --hub HUB alone can tell"


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
