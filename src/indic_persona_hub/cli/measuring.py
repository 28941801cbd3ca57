"""The commands that lay a persona set beside the official tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from indic_persona_hub.cli.commands import app
from indic_persona_hub.cli.options import pairs_of
from indic_persona_hub.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ("app", "audit", "gaps")

_Set = Annotated[
    Path,
    typer.Argument(metavar="PATH", help="Release, hub, Parquet or JSONL file, folder or glob."),
]
_Fields = Annotated[
    str | None,
    typer.Option(
        "--map",
        metavar="OURS=THEIRS,...",
        help="Which column holds what: persona=text,state=home_state. Of OURS, country, state,"
        " district, residence, age, gender, mother_tongue, religion, community, education,"
        " occupation and disability state an attribute.",
    ),
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
    lists: Annotated[
        Path | None, typer.Option("--lists", help="Published lists of stereotypes: file or folder.")
    ] = None,
    swaps: Annotated[
        int | None,
        typer.Option(
            "--swaps",
            min=1,
            metavar="N",
            help="Of a hub: ask its model about N situations, 15 calls each, identities swapped.",
        ),
    ] = None,
) -> None:
    """Measure any persona set against the official tables of India."""
    from indic_persona_hub.audit.audit import audit as run
    from indic_persona_hub.audit.audit import write_audit
    from indic_persona_hub.cli.audit_tables import print_audit
    from indic_persona_hub.cli.screen import Screen

    screen = Screen()
    with screen.live():
        found = run(
            path,
            fields=pairs_of(fields, "--map"),
            year=year,
            k=k,
            lists=lists,
            swaps=swaps or 0,
            progress=screen,
        )
    files = write_audit(found, out)
    print_audit(found, verdicts=bool(lists or swaps))
    typer.echo("Wrote " + " and ".join(map(str, files)))
    _require_rows(path, found["set"]["rows"], found["set"]["rejected"])


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
    from indic_persona_hub.audit.gaps import missing_of
    from indic_persona_hub.audit.tables import officials_of
    from indic_persona_hub.cli.audit_tables import gaps_in_words, print_gaps
    from indic_persona_hub.cli.screen import Screen

    officials_of(year)  # whatever is wrong with the year is said before a set is read for hours
    screen = Screen()
    with screen.live():
        coded = read_coded(path, fields=pairs_of(fields, "--map"), progress=screen, lists=None)
    _require_rows(path, coded.rows, coded.rejected)
    found = missing_of(coded, year=year, k=k)
    if as_json:
        typer.echo(json.dumps(found.cells, ensure_ascii=False, indent=1))
    else:
        print_gaps(found.cells)
    for one in gaps_in_words(coded, found):
        typer.echo(one, err=as_json)


def _require_rows(path: Path, rows: int, rejected: Mapping[str, int]) -> None:
    """See that a set has a usable row.

    Raises:
        SourceError: It has none.
    """
    if not rows:
        refused = ", ".join(f"{reason} {count:,}" for reason, count in rejected.items())
        why = f"{sum(rejected.values()):,} refused ({refused})" if rejected else "it holds none"
        raise SourceError(
            f"{path} has no usable row: {why}.",
            cure="Check that the column of texts, or those that state attributes, are the right"
            " ones; --map names others.",
        )
