"""The card tells what is in the rows, in numbers that anyone can count again."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from hub_factory import make_hub
from indic_persona_hub.release.card import domain_section
from indic_persona_hub.release.publish import publish
from indic_persona_hub.run.settings import Anonymity, ReleaseSettings

STYLE = ReleaseSettings(title="Title {{rows}}", rows_per_file=9)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("card")
    return publish(make_hub(folder / "hub"), folder / "release", settings=STYLE).path


@pytest.fixture(scope="module")
def lines(release: Path) -> list[dict[str, Any]]:
    files = sorted((release / "detailed").iterdir())
    return [json.loads(line) for file in files for line in file.open(encoding="utf-8")]


@pytest.fixture(scope="module")
def card(release: Path) -> str:
    return (release / "README.md").read_text("utf-8")


def table(card: str, heading: str) -> dict[str, list[str]]:
    """Cells of the table under a heading, by its first cell."""
    section = card.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in section.splitlines()
        if line.startswith("|")
    ]
    return {row[0]: row[1:] for row in rows[2:]}


def test_the_domain_table_has_the_form_of_the_seed() -> None:
    domains = Counter({f"d{n:02}": 1000 for n in range(40)} | {"computer_engineer": 100_000})
    head, top, blank, heads, marks, first, *rest = domain_section(domains).split("\n")
    assert head == "Selected 140,000 Personas across 41 domain buckets."
    assert (top, blank) == ("Top domain distribution:", "")
    assert heads == "| Domain            |   Count |"
    assert marks == "| ----------------- | ------: |"
    assert first == "| computer_engineer | 100,000 |"
    assert rest == [f"| d{n:02}               |   1,000 |" for n in range(29)]


def test_domains_are_counted_from_the_rows(card: str, lines: list[dict[str, Any]]) -> None:
    assert domain_section(Counter(line["domain"] for line in lines)) in card


def test_what_a_model_wrote_is_shown_as_text(card: str) -> None:
    assert r"| a\|b \*c\* &lt;d> !\[e\](http://f) |" in card


@pytest.mark.parametrize(
    ("heading", "field"), [("Methods", "synth_method"), ("Languages", "language")]
)
def test_splits_are_counted_from_the_rows(
    card: str, lines: list[dict[str, Any]], heading: str, field: str
) -> None:
    said = {key.split("`")[1]: int(cells[0]) for key, cells in table(card, heading).items()}
    assert said == Counter(line[field] for line in lines)


def test_known_attributes_are_counted_from_the_rows(card: str, lines: list[dict[str, Any]]) -> None:
    said = {key: int(cells[1]) for key, cells in table(card, "Known attributes").items()}
    known = Counter(name for line in lines for name in line["attributes"])
    assert known
    assert said == {name: known[name] for name in said}


def test_the_card_says_how_many_state_an_attribute_and_of_how_many_it_is_told(
    tmp_path: Path,
) -> None:
    hub = make_hub(tmp_path / "hub")
    rules = {
        "all": ReleaseSettings(title="T", anonymity=Anonymity(over="all")),
        "none": ReleaseSettings(title="T", anonymity=Anonymity(k=1)),
    }
    cards = {
        name: (publish(hub, tmp_path / name, settings=one).path / "README.md").read_text("utf-8")
        for name, one in rules.items()
    }
    hidden, open_ = (table(cards[name], "Known attributes") for name in rules)
    assert any(int(cells[0]) for cells in open_.values())
    for name, cells in open_.items():
        assert cells[0] == cells[1] == hidden[name][0]
        assert int(hidden[name][1]) <= int(cells[1])
    assert any(int(cells[0]) > int(cells[1]) == 0 for cells in hidden.values())


def test_the_prose_of_the_card_is_wrapped(card: str) -> None:
    prose = card.split("\n## Domain distribution")[0] + card.split("\n## Sensitive attributes")[1]
    long = [line for line in prose.splitlines() if len(line) > 112 and not line.startswith("|")]
    assert long == []


def test_quantiles_are_scores_of_rows(card: str, lines: list[dict[str, Any]]) -> None:
    scores = sorted(line["confidence_score"] for line in lines)
    said = table(card, "Confidence")["confidence_score"]
    assert (said[0], said[3], said[-1]) == (
        f"{scores[0]:.3f}",
        f"{scores[len(scores) // 2]:.3f}",
        f"{scores[-1]:.3f}",
    )


def test_sources_and_models_are_counted_from_the_rows(
    card: str, lines: list[dict[str, Any]]
) -> None:
    for heading, first, second in (
        ("Sources", "source", "source_licence"),
        ("Models", "model", "model_licence"),
    ):
        counted = Counter(
            f"{line[first] or 'not stated'} {line[second] or 'not stated'}" for line in lines
        )
        section = card.split(f"\n## {heading}\n")[1].split("\n## ")[0]
        said = {
            f"{name.strip()} {licence.strip()}": int(count)
            for name, licence, count in re.findall(
                r"^\| (.*?) \| (.*?) \| +(\d+) \|", section, re.M
            )
        }
        assert said == counted


def test_yields_stand_in_the_order_of_the_recipe_with_reasons(card: str) -> None:
    said = table(card, "Yields")
    assert list(said) == ["`ingest`", "`text_to_persona`", "`hedging`", "`select`"]
    assert said["`ingest`"] == ["40", "40", "12", "", "no_person 20, duplicate 8"]
    assert said["`hedging`"] == ["18", "18", "18", "2", ""]
    assert "The target of 99 personas is out of reach." in card


def test_the_line_of_the_verdicts_is_counted_anew(card: str) -> None:
    """The hub's ledger says 99, 98 and over_cap."""
    assert table(card, "Yields")["`select`"] == [
        "20", "20", "17", "", "not_best_of_document 2, judge:hedging 1",
    ]  # fmt: skip


def test_a_title_is_not_a_template(card: str) -> None:
    assert "\n# Title {{rows}}\n" in card
