"""The audit as one page: cell by cell where a set departs from the country, and what was left out.

The page holds all that it shows: no script, font or picture is loaded from elsewhere, and its
content security policy forbids it. It can be read without its script, on paper, and by ear.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from indic_persona_hub.audit import page
from indic_persona_hub.audit.page import (
    checks,
    comparisons,
    findings,
    foot,
    maps,
    people,
    stewardship,
)
from indic_persona_hub.audit.page.markup import Markup, element, join
from indic_persona_hub.run.hub import storage_error


def write_report(audit: dict[str, Any], path: Path) -> None:
    """Write the page to `path`. The same audit gives the same bytes.

    Args:
        audit: What `audit.json` holds.
        path: An HTML file, written over where there is one.

    Raises:
        StorageError: The disk is full, or the file cannot be written.
    """
    content = report(audit).encode("utf-8")
    try:
        path.write_bytes(content)
    except OSError as error:
        raise storage_error(path, error) from error


def report(audit: dict[str, Any]) -> str:
    """The page as text."""
    name = Path(str(audit["set"]["path"])).name or str(audit["set"]["path"])
    title = f"Audit of {name}"
    head = element(
        "head",
        None,
        element("meta", {"charset": "utf-8"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": _policy()}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("title", None, title),
        element("style", None, _part("report.css")),
    )
    body = element("body", None, *_body(audit, title), element("script", None, _part("report.js")))
    return f"<!doctype html>\n{element('html', {'lang': 'en'}, head, body)}\n"


def _body(audit: dict[str, Any], title: str) -> Iterator[Markup]:
    sections = [(anchor, name, content) for anchor, name, content in _sections(audit) if content]
    links = (
        element("li", None, element("a", {"href": f"#{anchor}"}, name))
        for anchor, name in (*((one[0], one[1]) for one in sections), foot.READING)
    )
    yield element(
        "header",
        None,
        element("h1", None, title),
        element("p", {"class": "sub"}, "A persona set beside the official figures of India."),
        findings.facts(audit),
        element("nav", {"aria-label": "Sections"}, element("ul", None, *links)),
    )
    yield element("main", None, *(_section(*section) for section in sections))
    yield element("footer", None, foot.foot(audit))


def _sections(audit: dict[str, Any]) -> Iterator[tuple[str, str, Markup | None]]:
    yield "alarms", "Alarms", findings.alarms(audit)
    yield "unknown", "What is unknown", findings.unknown(audit)
    yield "maps", "Maps", maps.maps(audit)
    yield "tables", "Tables", comparisons.comparisons(audit)
    yield "people", "Ages and grids", people.people(audit)
    yield "independence", "Pairs of attributes", checks.independence(audit)
    yield "coverage", "Support", checks.coverage(audit)
    yield "low-visibility", "Groups easily missed", checks.low_visibility(audit)
    yield "stewardship", "What is said of whom", stewardship.stewardship(audit)


def _section(anchor: str, name: str, content: Markup) -> Markup:
    return element("section", None, join(element("h2", {"id": anchor}, name), "\n", content, "\n"))


def _part(name: str) -> Markup:
    """Style or script of the page, which is ours and is not escaped."""
    return Markup((resources.files(page) / name).read_text(encoding="utf-8"))


def _policy() -> str:
    """Nothing is loaded, and nothing runs but our own style and script."""
    style, script = (
        base64.b64encode(hashlib.sha256(_part(name).encode("utf-8")).digest()).decode("ascii")
        for name in ("report.css", "report.js")
    )
    return f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'"
