"""The report of an audit: one page that holds all it shows, and shows what the audit holds."""

from __future__ import annotations

import base64
import copy
import hashlib
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_built import RELIGIONS, STATES, built, group, pair, table
from indic_persona_hub import reference
from indic_persona_hub.audit import page
from indic_persona_hub.audit.page.bars import Bar, bars
from indic_persona_hub.audit.page.comparisons import LISTED
from indic_persona_hub.audit.page.heat_grid import heat_grid
from indic_persona_hub.audit.page.markup import Markup, element, plain
from indic_persona_hub.audit.page.pyramid import pyramid
from indic_persona_hub.audit.page.shades import EDGES, Amount, legend, shade
from indic_persona_hub.audit.page.tile_map import tile_map
from indic_persona_hub.audit.page.whiskers import Whisker, whiskers
from indic_persona_hub.audit.page.wording import count, interval, ratio, share
from indic_persona_hub.audit.report import report, write_report
from indic_persona_hub.errors import StorageError

GOLDEN = Path(__file__).parent / "golden" / "tile_map.svg"
SVG = "{http://www.w3.org/2000/svg}"
VOID = {"meta", "input", "br"}
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&\x00\u202e\ud800"
CHILDREN = {"0-5", "6-12", "13-17"}


def skewed(cell: dict[str, str]) -> float:
    """Nobody in Manipur or Goa, few Muslims, hardly any children."""
    if cell.get("state") in ("IN-MN", "IN-GA"):
        return 0.0
    times = 0.5 if cell.get("religion") == "muslim" else 1.0
    return times * (0.01 if cell.get("age_band") in CHILDREN else 1.0)


def whole() -> dict:
    return built(
        table(["state"], 100_000, skewed),
        table(["age_band"], 100_000, skewed),
        table(["state", "residence", "sex", "age_band"], 60_000, skewed),
        table(["state", "religion"], 40_000, skewed),
        table(["state", "community"], 0),
    )


class Page(HTMLParser):
    """Reads a page strictly: every element is closed, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, f"{self.open} never closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs)
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.words)


def pictures(text: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(found) for found in re.findall(r"<svg.*?</svg>", text, re.S)]


def tiles(picture: ElementTree.Element) -> dict[str, tuple[str, str]]:
    """Shade and tip of each tile, by the name of its state."""
    groups = [one for one in picture.iter(f"{SVG}g") if one.get("class", "").startswith("t ")]
    tips = [(one.get("class", "").split()[1], one.findtext(f"{SVG}title") or "") for one in groups]
    return {tip.split(":")[0]: (kind, tip) for kind, tip in tips}


# The layout of the states


def test_every_state_of_today_has_a_tile_of_its_own() -> None:
    laid = reference.load("state_tiles").to_pylist()
    assert {one["code"] for one in laid} == set(STATES)
    assert len({(one["column"], one["row"]) for one in laid}) == len(laid) == 36
    assert len({one["label"] for one in laid}) == 36
    assert all(one["code"] == f"IN-{one['label']}" for one in laid)


def test_islands_stand_apart_and_neighbours_touch() -> None:
    laid = reference.load("state_tiles").to_pylist()
    places = {one["label"]: (one["column"], one["row"]) for one in laid}

    def touching(name: str) -> set[str]:
        column, row = places[name]
        around = {(column + x, row + y) for x in (-1, 0, 1) for y in (-1, 0, 1)}
        return {other for other, place in places.items() if place in around} - {name}

    for name, (column, row) in places.items():
        sides = {(column, row - 1), (column, row + 1), (column - 1, row), (column + 1, row)}
        assert (name in ("AN", "LD")) == (not sides & set(places.values()))
    borders = "JK-LA PB-HR HR-DL UP-UK UP-BR UP-MP RJ-GJ MH-KA KA-KL KL-TN TN-PY WB-JH OD-AP AS-AR"
    for pair_ in borders.split():
        first, second = pair_.split("-")
        assert second in touching(first)


# Shades


def test_none_observed_is_neither_few_nor_nothing_known() -> None:
    kinds = [
        shade(amount)
        for amount in (Amount(0, 50), Amount(1, 50), Amount(0, 0.2), Amount(None, 50), Amount(5, 0))
    ]
    assert kinds == ["none", "b0", "few", "unknown", "b8"]


@given(st.floats(0.01, 100), st.floats(0.01, 100), st.floats(1, 1e9))
def test_more_observed_is_never_a_lesser_shade(
    first: float, second: float, expected: float
) -> None:
    low, high = sorted((first, second))
    assert shade(Amount(low * expected, expected)) <= shade(Amount(high * expected, expected))


@given(
    st.floats(0.01, 100).filter(lambda times: min(abs(times / edge - 1) for edge in EDGES) > 1e-9)
)
def test_twice_as_many_is_as_far_as_half_as_many(times: float) -> None:
    over, under = (shade(Amount(ratio_ * 1000, 1000)) for ratio_ in (times, 1 / times))
    assert int(over[1]) + int(under[1]) == 8


# The map


def test_the_map_draws_all_36_and_says_what_each_holds() -> None:
    amounts = {"IN-KL": Amount(30, 60), "IN-GA": Amount(0, 12), "IN-LD": Amount(0, 0.1)}
    drawn = tiles(ElementTree.fromstring(tile_map(amounts, title="t", description="d")))
    assert set(drawn) == {one["name"] for one in reference.load("states").to_pylist()}
    assert drawn["Kerala"] == ("b2", "Kerala: 30 observed, 60 expected (0.50×)")
    assert drawn["Goa"] == ("none", "Goa: 0 observed, 12 expected (0×)")
    assert drawn["Lakshadweep"][0] == "few"
    assert drawn["Tamil Nadu"] == ("unknown", "Tamil Nadu: nothing known")
    assert Counter(kind for kind, _ in drawn.values())["unknown"] == 33


def test_the_map_is_drawn_as_it_was_looked_at() -> None:
    """To renew after a look at the new one: write what this test draws to the golden file."""
    amounts = {
        code: Amount(observed, 2.0 if place % 7 == 3 else 64.0, place % 5 == 0)
        for place, (code, observed) in enumerate(zip(STATES, range(0, 144, 4), strict=True))
        if place % 9 != 8
    }
    drawn = tile_map(amounts, title="Rows by state", description="Made-up numbers.")
    assert drawn + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_the_report_maps_a_missing_state_as_none_and_an_unknown_set_as_unknown() -> None:
    first = next(one for one in pictures(report(whole())) if "by state" in one[0].text)
    drawn = tiles(first)
    assert drawn["Goa"][0] == drawn["Manipur"][0] == "none"
    assert "None, though expected, in Goa, Manipur." in first[1].text
    empty = pictures(report(built(table(["state"], 0))))
    (blank,) = [one for one in empty if one[0].text == "No map"]
    assert Counter(kind for kind, _ in tiles(blank).values()) == {"unknown": 36}


# The page


def test_the_page_is_well_formed_and_its_pictures_are_xml() -> None:
    text = report(whole())
    found = Page(text)
    drawn = pictures(text)
    assert len(drawn) == sum(tag == "svg" for tag, _ in found.tags) > 15
    for one in drawn:
        assert one[0].tag == f"{SVG}title" and one[0].text
        assert one[1].tag == f"{SVG}desc" and one[1].text


def test_nothing_is_loaded_and_only_our_own_script_may_run() -> None:
    text = report(whole())
    for tag, attributes in Page(text).tags:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form"}
        assert not {"src", "srcset", "style", "background"} & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]
        assert (attributes.get("href") or "#").startswith("#")
    assert set(re.findall(r'https?:[^"\s]*', text)) == {"http://www.w3.org/2000/svg"}
    assert "url(" not in text and "@import" not in text
    for tag in ("style", "script"):
        inside = re.search(f"<{tag}>(.*?)</{tag}>", text, re.S)[1]
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src &#x27;sha256-{digest}&#x27;" in text


def test_every_link_leads_somewhere_in_the_page() -> None:
    raised = [
        {"where": where, "what": "It is off."}
        for where in ("state", "state_religion", "independence", "low_visibility", "set", "Mars")
    ]
    found = Page(report(whole() | {"alarms": raised}))
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    links = [attributes["href"] for tag, attributes in found.tags if tag == "a"]
    assert len(set(ids)) == len(ids)
    assert {link.removeprefix("#") for link in links} <= set(ids)
    assert found.text.count("see it") == 5


def test_what_comes_from_the_set_is_escaped_wherever_it_stands() -> None:
    audit = whole()
    audit["set"] = {"path": f"a/{HOSTILE}", "rows": 3, "rejected": {HOSTILE: 1}}
    audit["attributes"]["state"]["unrecognised"] = {HOSTILE: 4}
    audit["attributes"]["state"]["origins"] = {HOSTILE: 4}
    audit["attributes"][HOSTILE] = audit["attributes"]["religion"]
    audit["alarms"] = [{"where": HOSTILE, "what": HOSTILE}]
    audit["reference"]["tables"] = [{"name": HOSTILE, "source": HOSTILE, "licence": HOSTILE}]
    audit["independence"] = [pair("kept", 1.0) | {"pair": [HOSTILE, "sex"], "verdict": HOSTILE}]
    audit["low_visibility"] = [group(HOSTILE, 1, 0.1, 0.1) | {"source": HOSTILE}]
    for one in (*audit["tables"], *audit["coverage"]):
        one["table" if "k" in one else "name"] = HOSTILE
    for one in audit["tables"]:
        one |= {"title": HOSTILE, "population": HOSTILE, "note": HOSTILE}
        for cell in one["cells"][:3]:
            cell["label"] = HOSTILE
    text = report(audit)
    tags = Counter(tag for tag, _ in Page(text).tags)
    assert tags["script"] == 1 and tags["img"] == 0
    assert text.count("&lt;img src=x onerror=alert(2)&gt;") > 20
    assert not re.search("[\x00\u202e\ud800]", text)
    assert len(pictures(text)) == tags["svg"]


def test_the_same_audit_gives_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    script = (
        "from test_audit_report import *\n"
        "import sys; write_report(whole(), Path(sys.argv[1]) / 'a.html')"
    )
    paths = [str(Path(__file__).parent), *sys.path]
    surroundings = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(paths)}
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], env=surroundings, check=True)
    write_report(whole(), tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_the_audit_is_left_as_it_was() -> None:
    audit = whole()
    before = copy.deepcopy(audit)
    report(audit)
    assert audit == before


def test_a_page_that_cannot_be_written_names_a_cure(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        write_report(whole(), tmp_path / "no such folder" / "report.html")


# What the page says


def test_numbers_stand_beside_the_plots_as_people_read_them() -> None:
    text = Page(report(whole())).text
    for words in ("120,000", "1,234", "no text", "Bombay Presidency (12)", "25.0% unknown"):
        assert words in text
    assert "iph audit 'sets/my personas' --out DIR" in text
    assert "no official figure" in text and "too few rows" in text


def test_the_command_repeats_the_year_and_the_rows_a_cell_needs() -> None:
    audit = whole()
    audit["reference"]["year"] = 2026
    for one in audit["coverage"]:
        one["k"] = 5
    assert "--out DIR --year 2026 --k 5" in Page(report(audit)).text


def test_the_command_repeats_the_columns_that_were_mapped() -> None:
    audit = whole()
    audit["set"]["fields"] = {"persona": "my text", "state": "home"}
    assert "--out DIR --map 'persona=my text,state=home'" in Page(report(audit)).text


def test_a_share_that_is_a_lower_bound_says_so_and_has_no_colour() -> None:
    audit = whole()
    silent = group("Persons with disability", 4, 0.0016, 0.022) | {"at_least": True}
    audit["low_visibility"] = [silent | {"flagged": False}]
    text = report(audit)
    assert "at least 0.16%" in Page(text).text and "at least 0.073×" in Page(text).text
    (drawn,) = [one for one in pictures(text) if "easily missed" in (one[0].text or "")]
    kinds = [one.get("class") for one in drawn.iter(f"{SVG}g")]
    assert kinds == ["whisker"]


def test_all_cells_of_a_small_table_are_listed_and_the_worst_of_a_large_one() -> None:
    audit = whole()
    text = Page(report(audit)).text
    assert "All 36 cells, the worst first" in text
    assert "The worst 200 of 1,296 cells" in text
    assert "The other 1,096 cells are in audit.json, which holds all." in text


def test_a_set_with_no_usable_attribute_is_said_to_have_none() -> None:
    alarm = {"where": "set", "what": "No row states an attribute that an official table counts."}
    text = report(
        built(attributes={}, independence=[], low_visibility=[], coverage=[], alarms=[alarm])
    )
    found = Page(text)
    assert "No table could be compared" in found.text
    assert "no map can be filled" in found.text
    assert "people" not in {attributes.get("id") for _, attributes in found.tags}


def test_no_alarm_is_no_praise_where_nothing_was_compared() -> None:
    assert "this says nothing about the set" in Page(report(built(alarms=[]))).text
    fair = built(table(["sex"], 1000), alarms=[])
    assert "No alarm. 1 table compared." in Page(report(fair)).text


def test_holes_of_the_audit_are_dashes_and_not_noughts() -> None:
    audit = whole()
    for cell in audit["tables"][0]["cells"]:
        cell |= {"expected": 0.0, "ratio": None, "interval": [None, None], "z": None}
    for one in audit["tables"]:
        one["noise_total_variation"] = one["js_divergence"] = None
    audit["low_visibility"] = [group("Nobody asked", 0, None, None)]
    audit["independence"] = [pair("too few rows", None) | {"p_value": None, "cells": []}]
    found = Page(report(audit))
    assert "unknown, no official figure" in found.text
    assert "None" not in found.text.replace("None, though expected", "")
    assert "nan" not in found.text.split()


def test_the_largest_audit_stays_a_page(tmp_path: Path) -> None:
    languages = table(["state", "residence", "religion", "community"], 10**7, skewed)
    assert len(languages["cells"]) > 1500
    joints = [copy.copy(languages) for _ in range(25)]
    for place, one in enumerate(joints):
        one["name"] = f"table {place}"
        one["cells"] = [*languages["cells"], *languages["cells"]]
    write_report(whole() | {"tables": joints}, tmp_path / "report.html")
    assert (tmp_path / "report.html").stat().st_size < 3_000_000
    assert LISTED == 200


# Plots by themselves

NUMBERS = st.none() | st.floats(0, 1e6, allow_nan=False)


def inside(picture: ElementTree.Element) -> bool:
    """Whether all that is drawn lies within the picture."""
    _, _, width, height = (float(part) for part in picture.get("viewBox", "").split())
    across = ("x", "x1", "x2", "cx")
    for shape in picture.iter():
        xs = [float(shape.get(name)) for name in across if shape.get(name)]
        right = max(xs, default=0) + float(shape.get("width", 0)) * (shape is not picture)
        if not all(-0.1 <= x <= width + 0.1 for x in [*xs, right]):
            return False
    return height > 0


@given(st.lists(st.builds(Bar, st.text(), NUMBERS, st.text(), NUMBERS), max_size=5), NUMBERS)
def test_bars_stay_in_their_picture(rows: list[Bar], most: float | None) -> None:
    assert inside(ElementTree.fromstring(bars(rows, title="t", description="d", most=most)))


@given(
    st.lists(
        st.builds(Whisker, st.text(), NUMBERS, NUMBERS, NUMBERS, st.text(), mark=NUMBERS),
        max_size=5,
    ),
    st.sampled_from([None, 1.0]),
)
def test_whiskers_stay_in_their_picture(rows: list[Whisker], centre: float | None) -> None:
    drawn = whiskers(rows, title="t", description="d", tick_words=str, centre=centre)
    assert inside(ElementTree.fromstring(drawn))


@given(
    st.dictionaries(st.sampled_from(["0-5", "75+"]), st.tuples(st.floats(0, 1), st.floats(0, 1)))
)
def test_a_pyramid_stays_in_its_picture(side: dict[str, tuple[float, float]]) -> None:
    drawn = pyramid(["0-5", "75+"], side, side, ("women", "men"), title="t", description="d")
    assert inside(ElementTree.fromstring(drawn))


def test_a_grid_draws_every_cell_and_says_where_nothing_is_known() -> None:
    names = [(code, code.title()) for code in RELIGIONS]
    known = {("hindu", "sikh"): Amount(4, 100, True)}
    picture = ElementTree.fromstring(heat_grid(known, names, names, title="t", description="d"))
    drawn = tiles(picture)
    assert len(drawn) == 49 and drawn["Hindu, Sikh"][0] == "b0"
    assert sum(kind == "unknown" for kind, _ in drawn.values()) == 48
    assert inside(picture)


def test_a_ratio_is_drawn_at_its_place_on_the_log_axis() -> None:
    rows = [
        Whisker(name, value, value / 2, value * 2, "") for name, value in (("a", 0.5), ("b", 2))
    ]
    drawn = whiskers(rows, title="t", description="d", tick_words=str, centre=1.0)
    picture = ElementTree.fromstring(drawn)
    left, right = (float(dot.get("cx")) for dot in picture.iter(f"{SVG}circle"))
    (middle,) = (
        float(line.get("x1"))
        for line in picture.iter(f"{SVG}line")
        if line.get("class") == "centre"
    )
    assert right - middle == pytest.approx(middle - left, abs=0.2)


def test_nought_has_a_place_of_its_own_left_of_the_log_axis() -> None:
    rows = [Whisker("none", 0.0, 0.0, 0.3, ""), Whisker("half", 0.5, 0.4, 0.6, "")]
    picture = ElementTree.fromstring(whiskers(rows, title="t", description="d", tick_words=str))
    (square,) = picture.iter(f"{SVG}rect")
    words = {one.text: float(one.get("x")) for one in picture.iter(f"{SVG}text")}
    assert words["0.0"] == float(square.get("x")) + 4 < min(words["0.25"], words["0.5"])


# Markup and words


@given(st.text())
def test_text_never_becomes_markup(text: str) -> None:
    drawn = element("p", {"title": text}, text)
    (paragraph,) = [ElementTree.fromstring(drawn)]
    assert len(paragraph) == 0
    assert element("p", None, plain(text)) == element("p", None, text)
    assert element("p", None, Markup("<b>x</b>")) == "<p><b>x</b></p>"


@pytest.mark.parametrize(
    ("number", "words"),
    [(1_210_854_977, "1,210,854,977"), (0, "0"), (0.4, "0.4"), (7.25, "7.2"), (12.6, "13"),
     (0.01, "under 0.1"), (9.97, "10"), (None, "–"), (float("nan"), "–"), (True, "–")],
)  # fmt: skip
def test_counts(number: float | None, words: str) -> None:
    assert count(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(0.032, "3.2%"), (0.62, "62.0%"), (1.0, "100%"), (0.0, "0%"), (0.99996, "over 99.9%"),
     (0.00031, "0.031%"), (1e-7, "under 0.001%"), (0.0099, "0.99%"), (None, "–")],
)  # fmt: skip
def test_shares(number: float | None, words: str) -> None:
    assert share(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(1.0, "1.00×"), (0.031, "0.031×"), (40.4, "40×"), (0.0, "0×"), (1e-5, "under 0.001×"),
     (12345.0, "12,345×"), (None, "–"), (float("inf"), "–")],
)  # fmt: skip
def test_ratios(number: float | None, words: str) -> None:
    assert ratio(number) == words


def test_intervals() -> None:
    assert interval([0.84, 1.02]) == "0.84 to 1.02"
    assert interval([0.0, None]) == "0 to any"
    assert interval([None, None]) == interval(None) == "–"


# Colours


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_words_can_be_read_on_every_colour(scheme: int) -> None:
    style = (Path(page.__file__).parent / "report.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", style, re.S)
    colours = dict(re.findall(r"--(\w+): (#\w{6})", blocks[scheme]))
    for step in range(9):
        assert contrast(colours[f"b{step}"], colours[f"t{step}"]) >= 4.5, step
    for name in ("ink", "soft", "link"):
        assert contrast(colours[name], colours["page"]) >= 4.5, name
    for name in ("bar", "mark", "over", "under", "b0"):
        assert contrast(colours[name], colours["page"]) >= 3, name


def test_the_legend_names_every_shade() -> None:
    drawn = ElementTree.fromstring(legend())
    kinds = {one.get("class", "").split()[1] for one in drawn.iter(f"{SVG}g")}
    assert kinds == {*(f"b{step}" for step in range(9)), "none", "few", "unknown"}
