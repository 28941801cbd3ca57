"""The command that takes something down."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from indic_persona_hub.cli.measuring import app

if TYPE_CHECKING:
    from indic_persona_hub.run.erasure import Erased
    from indic_persona_hub.run.takedown import TakenDown
    from indic_persona_hub.run.takedown_request import Found, Request

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
    erase: Annotated[
        bool,
        typer.Option("--erase", help="Also erase from the hub the text of all that is taken down."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what is found, do nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask on a terminal.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print data as JSON.")] = False,
) -> None:
    """Take down a persona, a source or a text, with all that was made from it, for good."""
    from indic_persona_hub.run.hub import open_hub
    from indic_persona_hub.run.takedown import take_down

    given = [("persona", persona), ("source", source), ("match", match)]
    if erase and not any(value for _, value in given):
        if dry_run:
            raise typer.BadParameter("of an erasure there is no dry run", param_hint="--erase")
        if yes or not _on_terminal() or typer.confirm("Erase all that was taken down?"):
            alone = _erase(hub)
            typer.echo(_json(_data_of(alone)) if as_json else _said_of(hub, alone))
        return
    request = _request(given)
    seen: list[Found] = []

    def agreed(found: Found) -> bool:
        seen.append(found)
        if not as_json:
            _print_found(request, found)
        return not dry_run and (yes or not _asks(request, erase) or typer.confirm("Take it down?"))

    done = take_down(open_hub(hub), request, reason=reason, agreed=agreed)
    if not as_json:
        typer.echo("Nothing was done." if done is None else _said(hub, done, erase))
    erased = _erase(hub) if erase and done is not None else None
    if as_json:
        data = _data(seen[0], done)
        typer.echo(_json(data | ({"erased": _data_of(erased)} if erased else {})))
    elif erased:
        typer.echo(_said_of(hub, erased))


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


def _erase(hub: Path) -> Erased:
    from indic_persona_hub.run.erasure import erase
    from indic_persona_hub.run.hub import open_hub

    return erase(open_hub(hub))


def _said_of(hub: Path, done: Erased) -> str:
    said = (
        f"Erased from {hub}: {counted(done.files, 'table')} written anew,"
        f" {counted(done.requests, 'request')} taken out of its journal."
    )
    if done.shared_journal is not None:
        said += f"\nOther hubs use {done.shared_journal}: its prompts and replies stay."
    return said


def _data_of(done: Erased) -> dict[str, Any]:
    shared = None if done.shared_journal is None else str(done.shared_journal)
    return {"files": done.files, "requests": done.requests, "shared_journal": shared}


def _request(given: list[tuple[Any, str | None]]) -> Request:
    from indic_persona_hub.run.takedown_request import Request

    wanted = [Request(kind, value) for kind, value in given if value]
    if len(wanted) != 1:
        raise typer.BadParameter("give one of --persona, --source, --match", param_hint="takedown")
    return wanted[0]


def _asks(request: Request, erase: bool) -> bool:
    """Words may hit more than was meant, and what is erased does not come back. A script has nobody
    to ask, and says what it means.
    """
    return (erase or request.kind == "match") and _on_terminal()


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _print_found(request: Request, found: Found) -> None:
    typer.echo(_counts(found))
    if copies := len(found.copies):
        listed = " ".join(found.copies.slice(0, _LISTED).to_pylist())
        says, was = ("say", "were") if copies > 1 else ("says", "was")
        typer.echo(
            f"{counted(copies, 'kept persona')} {says} nearly the same and {was} not asked for."
            f" Take down too what should go: {listed}"
        )
    if request.kind == "source":
        return
    for row in found.personas.slice(0, _LISTED).to_pylist():
        text = " ".join(row["persona"].split())
        typer.echo(f"  {row['id']}  {text[:_EXCERPT]}{'...' if text[_EXCERPT:] else ''}")
    for ids, what in ((found.documents, "document"), (found.rejected, "rejected page")):
        for one in ids.slice(0, _LISTED).to_pylist():
            typer.echo(f"  {one}  ({what})")
    if max(len(found.personas), len(found.documents), len(found.rejected)) > _LISTED:
        typer.echo("  ... and more: --json lists all ids.")


def _counts(found: Found) -> str:
    """What is found, in words: "1 document and 3 personas made from it; 2 of them are kept."."""
    if not found:
        return "Nothing of it is in the hub."
    origins = [
        counted(number, what)
        for number, what in (
            (len(found.documents), "document"),
            (len(found.rejected), "page that ingest rejected"),
            (len(found.personas) - found.derived, "persona"),
        )
        if number
    ]
    several = len(found.documents) + len(found.personas) - found.derived > 1
    if found.derived:
        made = counted(found.derived, "persona")
        origins.append(f"{made} made from {'them' if several else 'it'}")
    *others, last = origins
    said = f"{', '.join(others)} and {last}" if others else last
    personas = len(found.personas)
    if not personas:
        return f"{said}."
    if personas == 1:
        return f"{said}; the persona is {'kept' if found.kept else 'not kept'}."
    are = "is" if found.kept == 1 else "are"
    return f"{said}; {found.kept:,} of the {personas:,} personas {are} kept."


def counted(number: int, what: str) -> str:
    """A number of things in words: the noun in front of " that " is put in the plural."""
    noun, *rest = what.split(" that ")
    noun = noun if number == 1 else f"{noun}s"
    return " that ".join([f"{number:,} {noun}", *rest])


def _said(hub: Path, done: TakenDown, erase: bool) -> str:
    taken = done.tombstones
    if not done.new:
        first = "All of it was taken down already."
    elif not done.found:
        first = "It stays out from now on."
    else:
        first = (
            f"Taken down: {counted(done.new, 'tombstone')} set,"
            f" {counted(done.ruled_out, 'persona')} ruled out."
        )
    return (
        f"{first}\n"
        f"The hub has {counted(len(taken), 'tombstone')}; a release lists"
        f" {len(taken.released):,} of them, all but sources, sha256 {taken.released.digest}.\n"
        "What still holds the text:\n"
        f"  releases made before: publish again with `iph release {hub} --out DIR`; what was\n"
        "    downloaded cannot be called back. `iph verify DIR --hub HUB` finds old copies\n"
        "  search indexes of those releases: made anew at the next search of the new release\n"
        + ("" if erase else f"  this hub itself: `iph takedown {hub} --erase` blanks it there\n")
        + "  your own source files, which are not touched"
    )


def _data(found: Found, done: TakenDown | None) -> dict[str, Any]:
    return {
        "documents": found.documents.to_pylist(),
        "rejected_pages": found.rejected.to_pylist(),
        "personas": found.personas["id"].to_pylist(),
        "kept": found.kept,
        "derived": found.derived,
        "copies": found.copies.to_pylist(),
        "done": done is not None,
        "new_tombstones": done.new if done else 0,
        "ruled_out": done.ruled_out if done else 0,
        "tombstones": dict(done.tombstones.counts) if done else None,
        "released_tombstones": len(done.tombstones.released) if done else None,
        "sha256": done.tombstones.released.digest if done else None,
    }
