"""Every command of `iph`. Heavy imports stay inside the commands: `iph --help` is quick."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from indic_persona_hub.cli.options import pair, pairs_of
from indic_persona_hub.cli.releasing import check_release, release_hub

if TYPE_CHECKING:
    from indic_persona_hub.run.recipe import Recipe

app = typer.Typer(
    name="iph",
    help="Build, audit, publish and search collections of India-centric synthetic personas.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)

_RecipeFile = Annotated[Path, typer.Argument(metavar="RECIPE", help="Recipe file (YAML).")]
_HubFolder = Annotated[Path, typer.Argument(metavar="HUB", help="Folder of a hub.")]
_Place = Annotated[Path, typer.Argument(metavar="PATH", help="Folder of a hub or a release.")]
_Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="a.b=c", help="Change a setting; stages go by their name."),
]
_Json = Annotated[bool, typer.Option("--json", help="Print data as JSON.")]


class DemoModel(StrEnum):
    """Who answers in the demo."""

    LOCAL = "local"
    SCRIPTED = "scripted"


class ProviderReplies(StrEnum):
    """What the provider says."""

    SCRIPTED = "scripted"
    FIXED = "fixed"


def _print(data: Any) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def _recipe(path: Path, changes: list[str] | None) -> Recipe:
    from indic_persona_hub.run.recipe import load_recipe

    return load_recipe(path, tuple(changes or ()))


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("recipe.yaml"),
) -> None:
    """Write a commented recipe to start from."""
    from indic_persona_hub.run.starter import write_starter

    write_starter(path)
    typer.echo(f"Wrote {path}. Edit its sources and models, then: iph plan {path}")


@app.command()
def plan(
    recipe: _RecipeFile,
    changes: _Changes = None,
    pilot: Annotated[
        int | None,
        typer.Option(min=1, help="Make so many real calls first; the build never pays them again."),
    ] = None,
    as_json: _Json = False,
) -> None:
    """Say what a build will read, ask, cost and store. Without --pilot no model is called."""
    from indic_persona_hub.cli.screen import Screen
    from indic_persona_hub.cli.tables import print_forecast
    from indic_persona_hub.run.forecast import forecast
    from indic_persona_hub.run.pilot import pilot as ask_a_few

    loaded = _recipe(recipe, changes)
    measured = None
    if pilot is not None:
        screen = Screen()
        with screen.live():
            measured = ask_a_few(loaded, pilot, screen)
    result = forecast(loaded, measured)
    _print(result.to_json()) if as_json else print_forecast(result)


@app.command()
def build(recipe: _RecipeFile, changes: _Changes = None) -> None:
    """Run a recipe, or continue it where it was stopped."""
    _build(_recipe(recipe, changes))


def _build(recipe: Recipe) -> None:
    from indic_persona_hub.cli.screen import Screen
    from indic_persona_hub.run.build import build as run

    screen = Screen()
    with screen.live():
        hub = run(recipe, screen)
    typer.echo(f"Hub: {hub.path}")


@app.command()
def curate(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="Parquet or JSONL file, or a folder of them.")
    ],
    out: Annotated[Path, typer.Option("--out", help="Leaves DIR/hub and DIR/release.")],
    preset: Annotated[
        str, typer.Option(help="Near duplicates: persona_hub, fine_personas or strict.")
    ] = "persona_hub",
    cap: Annotated[int | None, typer.Option(min=1, help="Most personas in one domain.")] = None,
    target: Annotated[int | None, typer.Option(min=1, help="Exactly so many in all.")] = None,
    fields: Annotated[
        str | None,
        typer.Option("--map", metavar="OURS=THEIRS,...", help="persona=text,domain=label,id=uid"),
    ] = None,
) -> None:
    """Remove duplicates of a persona set, judge it, balance its domains, and publish the rest."""
    from indic_persona_hub.cli.tables import print_curation
    from indic_persona_hub.run.curation import curation_recipe
    from indic_persona_hub.run.hub import open_hub
    from indic_persona_hub.run.status import status as read

    mapped = pairs_of(fields, "--map")
    recipe = curation_recipe(path, out, preset=preset, cap=cap, target=target, fields=mapped)
    _build(recipe)
    release_hub(out / "hub", out / "release")
    print_curation(read(open_hub(out / "hub")))


@app.command()
def status(hub: _HubFolder, as_json: _Json = False) -> None:
    """Show rows in, out and rejected by reason, stage by stage."""
    from indic_persona_hub.cli.tables import print_status
    from indic_persona_hub.run.hub import open_hub
    from indic_persona_hub.run.status import status as read

    result = read(open_hub(hub))
    _print(result) if as_json else print_status(result)


@app.command()
def domains(
    hub: _HubFolder,
    csv: Annotated[
        Path | None, typer.Option(help="Write the mapping, to be edited: see `domain_edits`.")
    ] = None,
    svg: Annotated[Path | None, typer.Option(help="Draw the sizes of the buckets.")] = None,
    as_json: _Json = False,
) -> None:
    """Say how labels became domains: sizes, merges by rule, evenness, cap, tail."""
    from indic_persona_hub.run.hub import RECIPE, open_hub
    from indic_persona_hub.run.recipe import load_recipe
    from indic_persona_hub.select.domains.edits import mapping_csv
    from indic_persona_hub.select.domains.plot import rank_size_svg
    from indic_persona_hub.select.domains.report import report, report_lines

    opened = open_hub(hub)
    mapping = opened.read("domains")
    cap = load_recipe(opened.path / RECIPE).select.cap
    for path, text in ((csv, mapping_csv), (svg, lambda table: rank_size_svg(table, cap))):
        if path is not None:
            _write(path, text(mapping))
    found = report(mapping, cap)
    _print(found) if as_json else typer.echo("\n".join(report_lines(found)))


def _write(path: Path, text: str) -> None:
    from indic_persona_hub.run.hub import storage_error

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise storage_error(path, error) from error


@app.command()
def show(
    path: _Place,
    persona_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a persona.")],
    as_json: _Json = False,
) -> None:
    """Print one persona with its record."""
    from indic_persona_hub.cli.tables import print_record
    from indic_persona_hub.explore.trace import show as read

    record = read(path, persona_id)
    _print(record) if as_json else print_record(record)


@app.command()
def trace(
    path: _Place,
    persona_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a persona.")],
    as_json: _Json = False,
) -> None:
    """Follow a persona back: document and span, prompt, raw reply, evidence, verdict, family."""
    from indic_persona_hub.cli.tables import print_trace
    from indic_persona_hub.explore.trace import trace as read

    result = read(path, persona_id)
    _print(result) if as_json else print_trace(result)


@app.command()
def search(
    path: _Place,
    query: Annotated[str, typer.Argument(help="Words in any script; quotes hold a phrase.")],
    k: Annotated[int, typer.Option("-k", min=1, help="How many.")] = 10,
    where: Annotated[
        list[str] | None,
        typer.Option("--where", metavar="column=value", help="Filter on a column of the record."),
    ] = None,
    as_json: _Json = False,
) -> None:
    """Search personas by text, best first."""
    from indic_persona_hub.cli.tables import print_hits
    from indic_persona_hub.explore.search import search as find

    wanted = dict(pair(one, "--where") for one in where or [])
    hits = find(path, query, k=k, where=wanted)
    if as_json:
        _print(
            [
                {
                    "id": hit.id,
                    "persona": hit.persona,
                    "domain": hit.domain,
                    "score": hit.score,
                    **hit.record,
                }
                for hit in hits
            ]
        )
    else:
        print_hits(hits)


@app.command()
def release(
    hub: _HubFolder,
    out: Annotated[Path, typer.Option("--out", help="Folder of the release.")],
    override: Annotated[
        str | None,
        typer.Option(metavar="REASON", help="Publish what the gate refuses; the card says why."),
    ] = None,
) -> None:
    """Publish the kept personas: Parquet, JSONL, schema, card and manifest."""
    release_hub(hub, out, override)


@app.command()
def verify(
    path: Annotated[Path, typer.Argument(metavar="DIR", help="A release.")],
    hub: Annotated[
        Path | None, typer.Option(help="A hub: what was taken down from it must not be there.")
    ] = None,
) -> None:
    """Check a release against its manifest and itself; exit 0 whole, 1 not."""
    check_release(path, hub)


@app.command()
def demo(
    model: Annotated[
        DemoModel, typer.Option(help="local: a language model on this machine.")
    ] = DemoModel.LOCAL,
    out: Annotated[Path, typer.Option(help="Leaves DIR/hub and DIR/release.")] = Path("demo"),
) -> None:
    """Make personas from the shipped corpus, with no key, and publish them."""
    from indic_persona_hub.run.starter import demo_recipe

    recipe = demo_recipe(out, local=model is DemoModel.LOCAL)
    _build(recipe)
    release_hub(out / "hub", out / "release")
    typer.echo(
        "\nTry:\n"
        f'  iph search {out}/release "woman who sells fish" -k 5\n'
        f"  iph status {out}/hub\n"
        f"  iph verify {out}/release"
    )


@app.command()
def provider(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 is any free port.")] = 8000,
    latency_ms: Annotated[float, typer.Option(min=0, help="Before every answer.")] = 0.0,
    faults: Annotated[
        str, typer.Option(metavar="SPEC", help='Shares: "all=0.15" or "reset=0.02,stall=0.01".')
    ] = "",
    seed: Annotated[int, typer.Option(help="Draws the faults.")] = 0,
    requests_per_s: Annotated[
        float | None, typer.Option(help="More than these are answered 429.")
    ] = None,
    replies: Annotated[
        ProviderReplies, typer.Option(help="scripted: about the prompt; fixed: any persona, fast.")
    ] = ProviderReplies.SCRIPTED,
) -> None:
    """Serve a pretended model with faults on 127.0.0.1, and bill it, for tests and dry runs."""
    from indic_persona_hub.testing.provider import Provider, serve
    from indic_persona_hub.testing.provider.faults import parse_faults

    server = Provider(
        port=port,
        latency_s=latency_ms / 1000,
        faults=parse_faults(faults) if faults else None,
        seed=seed,
        requests_per_s=requests_per_s,
        replies=replies.value,
    )
    serve(server, _announce_provider)


def _announce_provider(base_url: str) -> None:
    root = base_url.removesuffix("/v1")
    typer.echo(
        f"Serving model 'scripted' at {base_url} (bill: {root}/ledger). Ctrl-C ends it.\n"
        "In a recipe:\n"
        f"  default: {{kind: openai_compatible, base_url: {base_url}, model: scripted, price: 0}}"
    )
