"""The commands that lay a persona set beside the official tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from indic_persona_hub.cli.commands import app
from indic_persona_hub.cli.options import pairs_of

__all__ = ("app", "audit", "gaps")

_Set = Annotated[
    Path,
    typer.Argument(metavar="PATH", help="Release, hub, Parquet or JSONL file, folder or glob."),
]
_Fields = Annotated[
    str | None,
    typer.Option("--map", metavar="OURS=THEIRS,...", help="persona=text,state=home_state"),
]
_Year = Annotated[int, typer.Option(help="Of the official figures: 2011, or projected to 2036.")]


@app.command()
def audit(
    path: _Set,
    out: Annotated[
        Path, typer.Option("--out", file_okay=False, help="Gets audit.json and report.html.")
    ],
    fields: _Fields = None,
    year: _Year = 2011,
    k: Annotated[int, typer.Option("--k", min=1, help="Personas that cover a cell.")] = 20,
) -> None:
    """Measure any persona set against the official tables of India."""
    from indic_persona_hub.audit.audit import audit as run
    from indic_persona_hub.audit.audit import write_audit
    from indic_persona_hub.cli.audit_tables import print_audit
    from indic_persona_hub.cli.screen import Screen

    screen = Screen()
    with screen.live():
        found = run(path, fields=pairs_of(fields, "--map"), year=year, k=k, progress=screen)
    files = write_audit(found, out)
    print_audit(found)
    typer.echo("Wrote " + " and ".join(map(str, files)))


@app.command()
def gaps(
    path: _Set,
    fields: _Fields = None,
    year: _Year = 2011,
    k: Annotated[int, typer.Option("--k", min=0, help="Wanted in every inhabited cell.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print data as JSON.")] = False,
) -> None:
    """List the cells of the official tables that lack personas, the largest deficit first."""
    from indic_persona_hub.audit.coding.reading import read_coded
    from indic_persona_hub.audit.gaps import gaps as find
    from indic_persona_hub.audit.tables import officials_of
    from indic_persona_hub.cli.audit_tables import print_gaps
    from indic_persona_hub.cli.screen import Screen

    officials_of(year)  # whatever is wrong with the year is said before a set is read for hours
    screen = Screen()
    with screen.live():
        coded = read_coded(path, fields=pairs_of(fields, "--map"), progress=screen)
    if not any(map(coded.known, coded.codes)):
        typer.echo("No row states what an official table counts: nothing can be missed.", err=True)
    found = find(coded, year=year, k=k)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        print_gaps(found)
