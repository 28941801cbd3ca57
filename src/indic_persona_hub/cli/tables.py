"""Data as people read it on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from indic_persona_hub.cli.terminal import table as _table
from indic_persona_hub.cli.terminal import terminal as _console

if TYPE_CHECKING:
    from indic_persona_hub.explore.search import Hit
    from indic_persona_hub.run.forecast import Forecast

_RECORD_FIRST = ("id", "persona", "domain", "confidence_score", "kept", "reason")


def print_forecast(forecast: Forecast) -> None:
    """The plan as a table with its totals, their intervals, and what they rest on."""
    console = _console()
    headings = ("stage", "rows in", "calls", "prompt tokens", "reply tokens", "USD", "hours")
    rows: list[tuple[object, ...]] = [
        (
            one.name,
            one.rows_in,
            one.calls,
            one.prompt_tokens,
            one.completion_tokens,
            f"{one.cost_usd:,.4f}",
            _hours(one.seconds) if one.calls else "",
        )
        for one in forecast.stages
    ]
    total = forecast.to_json()
    tokens = (total["prompt_tokens"], total["completion_tokens"])
    cost_usd = f"{forecast.cost_usd:,.4f}"
    rows.append(("total", "", forecast.calls, *tokens, cost_usd, _hours(forecast.seconds)))
    console.print(_table(headings, rows))
    counted = "counted" if forecast.exact else "estimated from a sample"
    console.print(
        f"Rows and documents are {counted}: {forecast.rows:,} and {forecast.documents:,}."
    )
    _print_certainty(console, forecast)
    for note in forecast.notes:
        console.print(note, markup=False)
    console.print(f"Disk: about {forecast.disk_bytes / 1e6:,.1f} MB in {forecast.hub}.")


def _hours(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds / 3600:,.2f}"


def _print_certainty(console: Console, forecast: Forecast) -> None:
    """What the numbers rest on: a pilot with its intervals, an earlier build, or nothing."""
    if not forecast.pilot_calls:
        if forecast.yield_is_measured:
            share = f"{forecast.yield_share:.0%}"
            console.print(f"{share} of personas pass the judges (measured here).")
        else:
            console.print(
                "No yield is measured yet: calls and cost are upper bounds. --pilot 50 measures."
            )
        return
    console.print(f"Measured on {forecast.pilot_calls:,} calls of a pilot; 90% intervals:")
    cost_per_accepted = forecast.cost_per_accepted_usd
    shown = (
        ("calls", "calls", "{:,.0f}", forecast.calls),
        ("cost_usd", "USD", "{:,.4f}", forecast.cost_usd),
        ("seconds", "seconds", "{:,.0f}", forecast.seconds),
        ("accepted", "personas accepted", "{:,.0f}", forecast.accepted),
        ("cost_per_accepted_usd", "USD for each of them", "{:.6f}", cost_per_accepted),
    )
    for name, noun, form, value in shown:
        interval = forecast.intervals.get(name)
        if value is not None and interval is not None:
            low, high = form.format(interval.low), form.format(interval.high)
            console.print(f"  {form.format(value)} {noun} ({low} to {high})")


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
    _print_usage(console, status)
    if status["running"]:
        console.print("A build is running.")
    for step, note in status["notes"].items():
        console.print(f"{step}: {note}", markup=False)


def print_curation(status: Mapping[str, Any]) -> None:
    """Where the rows of a persona set went, reason by reason."""
    stages = {one["name"]: one for one in status["stages"]}
    adopted, selected = stages["adopt"], stages["select"]
    lost = [*adopted["rejected"].items(), *selected["rejected"].items()]
    rows = [("read", adopted["rows_in"])]
    rows += [(f"- {reason}", count) for reason, count in lost]
    rows.append(("kept", selected["rows_out"]))
    console = _console()
    console.print(_table(("personas", "rows"), rows))
    for step, note in status["notes"].items():
        console.print(f"{step}: {note}", markup=False)


def _print_usage(console: Console, status: Mapping[str, Any]) -> None:
    """Calls by day, stage and model, what failed, and what an accepted persona cost."""
    if not status["usage"]:
        return
    headings = ("asked", "calls", "failed", "lost", "prompt tokens", "reply tokens", "USD")
    rows = [
        (
            f"{one['day']} {one['stage']} {one['model']}",
            one["calls"],
            one["failed"],
            one["lost"],
            one["prompt_tokens"] + one["lost_prompt_tokens"],
            one["completion_tokens"] + one["lost_completion_tokens"],
            f"{one['cost_usd']:.4f}",
        )
        for one in status["usage"]
    ]
    console.print()
    console.print(_table(headings, rows))
    if status["errors"]:
        kinds = ", ".join(f"{kind} {count:,}" for kind, count in status["errors"].items())
        console.print(f"failed attempts: {kinds}", markup=False)
    if status["tokens_per_accepted"] is not None:
        console.print(
            f"{status['accepted']:,} personas accepted: {status['tokens_per_accepted']:,.0f} tokens"
            f" and {status['cost_per_accepted_usd']:.6f} USD each"
        )


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
