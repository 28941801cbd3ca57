"""The command that takes something down."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from indic_persona_hub.cli.measuring import app

if TYPE_CHECKING:
    from indic_persona_hub.run.takedown import Found, Request, TakenDown

__all__ = ("app", "takedown")

_LISTED: Final = 20
_EXCERPT: Final = 100


@app.command()
def takedown(
    hub: Annotated[Path, typer.Argument(metavar="HUB", help="Folder of a hub.")],
    persona: Annotated[
        str | None, typer.Option(metavar="ID", help="This persona and all derived from it.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(metavar="URL", help="All from this address or below it, or a source's name."),
    ] = None,
    match: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="All whose text, or whose document, has these words."),
    ] = None,
    reason: Annotated[
        str | None, typer.Option(metavar="WORDS", help="Kept with the tombstones, not released.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what is found, do nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask on a terminal.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print data as JSON.")] = False,
) -> None:
    """Take down a persona, a source or a text, with all that was made from it, for good."""
    from indic_persona_hub.run.hub import open_hub
    from indic_persona_hub.run.takedown import take_down

    request = _request(persona, source, match)
    seen: list[Found] = []

    def agreed(found: Found) -> bool:
        seen.append(found)
        if not as_json:
            _print_found(request, found)
        return not dry_run and (yes or not _asks(request) or typer.confirm("Take it down?"))

    done = take_down(open_hub(hub), request, reason=reason, agreed=agreed)
    if as_json:
        typer.echo(json.dumps(_data(seen[0], done), ensure_ascii=False, indent=2))
    else:
        typer.echo("Nothing was done." if done is None else _said(hub, done))


def _request(persona: str | None, source: str | None, match: str | None) -> Request:
    from indic_persona_hub.run.takedown import Request

    given = [
        persona and Request("persona", persona),
        source and Request("source", source),
        match and Request("match", match),
    ]
    wanted = [one for one in given if one]
    if len(wanted) != 1:
        raise typer.BadParameter("give one of --persona, --source, --match", param_hint="takedown")
    return wanted[0]


def _asks(request: Request) -> bool:
    """Words may hit more than was meant. A script has nobody to ask, and says what it means."""
    return request.kind == "match" and sys.stdin.isatty() and sys.stdout.isatty()


def _print_found(request: Request, found: Found) -> None:
    typer.echo(
        f"{len(found.documents):,} documents and {len(found.personas):,} personas, of which"
        f" {found.derived:,} were made from these, and {found.kept:,} are kept."
    )
    if request.kind == "source":
        return
    for row in found.personas.slice(0, _LISTED).to_pylist():
        text = " ".join(row["persona"].split())
        typer.echo(f"  {row['id']}  {text[:_EXCERPT]}{'...' if text[_EXCERPT:] else ''}")
    for one in found.documents.slice(0, _LISTED).to_pylist():
        typer.echo(f"  {one}  (document)")
    if max(len(found.personas), len(found.documents)) > _LISTED:
        typer.echo("  ... and more: --json lists all ids.")


def _said(hub: Path, done: TakenDown) -> str:
    taken = done.tombstones
    if not done.new:
        first = "All of it was taken down already."
    else:
        first = f"Taken down: {done.new:,} tombstones set, {done.ruled_out:,} personas ruled out."
    return (
        f"{first}\n"
        f"The hub has {len(taken):,} tombstones, sha256 {taken.digest}.\n"
        "What still holds the text:\n"
        f"  releases made before: publish again with `iph release {hub} --out DIR`; what was\n"
        "    downloaded cannot be called back. `iph verify DIR --hub HUB` finds old copies\n"
        "  search indexes of those releases: made anew at the next search of the new release\n"
        "  this hub itself (documents, personas, journal of replies): see docs/takedown.md"
    )


def _data(found: Found, done: TakenDown | None) -> dict[str, Any]:
    return {
        "documents": found.documents.to_pylist(),
        "personas": found.personas["id"].to_pylist(),
        "kept": found.kept,
        "derived": found.derived,
        "done": done is not None,
        "new_tombstones": done.new if done else 0,
        "ruled_out": done.ruled_out if done else 0,
        "tombstones": dict(done.tombstones.counts) if done else None,
        "sha256": done.tombstones.digest if done else None,
    }
