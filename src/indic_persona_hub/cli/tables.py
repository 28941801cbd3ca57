"""Data as people read it on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from indic_persona_hub.explore.search import Hit
    from indic_persona_hub.run.forecast import Forecast

_RECORD_FIRST = ("id", "persona", "domain", "confidence_score", "kept", "reason")


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)


def _table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*(Text(_shown(cell)) for cell in row))
    return table


def _shown(cell: object) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return f"{cell:,.2f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def print_forecast(forecast: Forecast) -> None:
    """The plan as a table with its totals and what they rest on."""
    console = _console()
    headings = ("stage", "rows in", "calls", "prompt tokens", "reply tokens", "USD")
    rows: list[tuple[object, ...]] = [
        (one.name, one.rows_in, one.calls, one.prompt_tokens, one.completion_tokens, one.cost_usd)
        for one in forecast.stages
    ]
    total = forecast.to_json()
    names = ("calls", "prompt_tokens", "completion_tokens", "cost_usd")
    rows.append(("total", "", *(total[name] for name in names)))
    console.print(_table(headings, rows))
    counted = "counted" if forecast.exact else "estimated from a sample"
    console.print(
        f"Rows and documents are {counted}: {forecast.rows:,} and {forecast.documents:,}."
    )
    if forecast.yield_is_measured:
        console.print(f"{forecast.yield_share:.0%} of personas pass the judges (measured here).")
    else:
        console.print("No yield is measured yet: calls and cost are upper bounds.")
    if forecast.cost_usd is None:
        console.print(
            "The model's price is not known: give price_per_million_prompt_tokens_usd and"
            " price_per_million_completion_tokens_usd."
        )
    console.print(f"Disk: about {forecast.disk_bytes / 1e6:,.1f} MB in {forecast.hub}.")


def print_status(status: Mapping[str, Any]) -> None:
    """Stages with their losses, then usage and notes."""
    console = _console()
    headings = ("stage", "in", "out", "rejected", "fails", "seconds")
    rows = [
        (
            one["name"],
            one["rows_in"],
            one["rows_out"],
            sum(one["rejected"].values()),
            one["fails"],
            one["seconds"],
        )
        for one in status["stages"]
    ]
    console.print(_table(headings, rows))
    for one in status["stages"]:
        if one["rejected"]:
            reasons = ", ".join(f"{reason} {n:,}" for reason, n in one["rejected"].items())
            console.print(f"{one['name']} rejected: {reasons}", markup=False)
    for one in status["usage"]:
        console.print(
            f"{one['day']} {one['stage']} asked {one['model']}: {one['calls']:,} calls,"
            f" {one['prompt_tokens']:,} prompt and {one['completion_tokens']:,} reply tokens",
            markup=False,
        )
    for step, note in status["notes"].items():
        console.print(f"{step}: {note}", markup=False)


def print_record(record: Mapping[str, Any]) -> None:
    """One persona: its text, then what is known of it."""
    console = _console()
    order = [name for name in _RECORD_FIRST if name in record]
    for name in [*order, *(name for name in record if name not in order)]:
        value = record[name]
        if name == "attributes":
            _print_attributes(console, value)
        elif value not in (None, [], ""):
            console.print(f"{name:<17} {_plain(value)}", markup=False)


def _plain(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _print_attributes(console: Console, attributes: Mapping[str, Any]) -> None:
    for name, one in attributes.items():
        console.print(
            f"{name:<17} {one['value']}  ({one['origin']}: \u201c{one['words']}\u201d)",
            markup=False,
        )


def print_trace(trace: Mapping[str, Any]) -> None:
    """A persona's whole way, from document to verdict."""
    console = _console()
    print_record(trace["record"])
    _heading(console, "Verdict")
    console.print(str(trace["verdict"]), markup=False)
    _heading(console, "Evidence")
    for name, one in trace["evidence"].items():
        if "score" in one:
            mark = "fails" if one["fails"] else "passes"
            line = f"{name:<20} {mark:<6} score {one['score']:.2f}  {one['detail']}"
            console.print(line, markup=False)
    _print_origin(console, trace)
    if trace["sketch"]:
        _print_call(console, "Sketch: prompt as sent", trace["sketch"])
    _print_call(console, "Prompt as sent", trace)


def _print_call(console: Console, heading: str, call: Mapping[str, Any]) -> None:
    _heading(console, heading)
    for message in call["prompt"] or []:
        console.print(f"[{message['role']}] {message['content']}", markup=False)
    _heading(console, "Raw reply")
    console.print((call["reply"] or {}).get("text", "-"), markup=False)


def _print_origin(console: Console, trace: Mapping[str, Any]) -> None:
    document = trace["document"]
    if document is not None:
        _heading(console, "Document")
        for name in ("id", "title", "source", "licence", "url", "row", "span", "passage"):
            console.print(f"{name:<10} {document[name]}", markup=False)
    for heading, rows, relation in (
        ("Parents", trace["parents"], "relation_to_child"),
        ("Children", trace["children"], "relation"),
    ):
        if rows:
            _heading(console, heading)
        for row in rows:
            console.print(f"{row['id']} ({row[relation]}) {row['persona']}", markup=False)


def _heading(console: Console, words: str) -> None:
    console.print()
    console.print(Text(words, style="bold"))


def print_hits(hits: Sequence[Hit]) -> None:
    """Search results, best first."""
    console = _console()
    if not hits:
        console.print("Nothing found.")
    for hit in hits:
        console.print(Text(f"{hit.id}  {hit.score:.2f}  {hit.domain}", style="bold"))
        console.print(f"  {hit.persona}", markup=False)
