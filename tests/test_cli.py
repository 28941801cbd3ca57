"""The command line as a newcomer uses it, with the scripted model."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripted_hub import corpus_texts, scripted_recipe, write_source

IPH = str(Path(sys.executable).with_name("iph"))


def iph(*words: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([IPH, *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def data(*words: object) -> object:
    return json.loads(iph(*words, "--json").stdout)


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("demo")
    done = iph("demo", "--model", "scripted", "--out", out)
    assert f"iph verify {out}/release" in done.stdout
    return out


def test_the_demo_leaves_a_hub_and_a_whole_release(demo) -> None:
    assert "is whole" in iph("verify", demo / "release").stdout
    stages = data("status", demo / "hub")["stages"]
    asked = sum(s["rows_in"] for s in stages if s["name"].endswith("to_persona"))
    assert asked >= 90
    released = data("search", demo / "release", "a", "-k", "500")
    assert isinstance(released, list)
    kept = next(stage for stage in stages if stage["name"] == "select")["rows_out"]
    assert kept >= 24


def test_the_demo_again_is_quick_and_asks_nothing(demo) -> None:
    before = data("status", demo / "hub")["usage"]
    begun = time.monotonic()
    iph("demo", "--model", "scripted", "--out", demo)
    assert time.monotonic() - begun < 10
    assert data("status", demo / "hub")["usage"] == before


def test_search_show_and_trace_lead_from_words_to_the_source(demo) -> None:
    hits = data("search", demo / "release", "village school teacher", "-k", 3)
    assert 1 <= len(hits) <= 3
    assert {"id", "persona", "domain", "score"} <= set(hits[0])
    shown = data("show", demo / "release", hits[0]["id"])
    assert shown["persona"] == hits[0]["persona"]
    assert hits[0]["persona"] in iph("show", demo / "hub", hits[0]["id"]).stdout
    for hit in hits:
        traced = data("trace", demo / "hub", hit["id"])
        assert traced["verdict"]["kept"]
        assert traced["prompt"][0]["role"] == "system"
        assert traced["reply"]["finish_reason"] == "stop"
        assert traced["evidence"]["hedging"]["fails"] is False
        root = traced if traced["document"] else data_of_root(demo, traced)
        text = root["document"]["text"]
        start, end = root["document"]["span"]
        assert text[start:end] == root["document"]["passage"]
        assert any(row["text"].split()[0] in text for row in corpus_texts())


def data_of_root(demo: Path, traced: dict) -> dict:
    root = data("trace", demo / "hub", traced["parents"][-1]["id"])
    assert root["children"], "a parent knows its children"
    return root


def test_trace_reads_well_without_json(demo) -> None:
    hit = data("search", demo / "hub", "worker", "-k", 1)[0]
    text = iph("trace", demo / "hub", hit["id"]).stdout
    for heading in ("Verdict", "Evidence", "Prompt as sent", "Raw reply"):
        assert heading in text


def test_plan_forecasts_what_build_then_does(tmp_path) -> None:
    source = write_source(tmp_path / "texts.jsonl", corpus_texts())
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(scripted_recipe(tmp_path / "hub", source).to_yaml(), encoding="utf-8")
    plan = data("plan", recipe)
    assert not (tmp_path / "hub").exists(), "a plan writes nothing"
    iph("build", recipe)
    stages = {stage["name"]: stage for stage in data("status", tmp_path / "hub")["stages"]}
    forecast = {stage["name"]: stage for stage in plan["stages"]}
    assert plan["rows"] == stages["ingest"]["rows_in"]
    assert plan["documents"] == stages["ingest"]["rows_out"]
    assert forecast["text_to_persona"]["rows_in"] == stages["text_to_persona"]["rows_in"]
    assert plan["calls"] >= sum(one["calls"] for one in data("status", tmp_path / "hub")["usage"])
    assert plan["cost_usd"] == 0
    again = data("plan", recipe)
    assert again["yield_is_measured"]
    assert again["calls"] <= plan["calls"]
    assert "Disk: about" in iph("plan", recipe).stdout


def test_plan_stops_at_a_price_that_is_not_known(tmp_path) -> None:
    source = write_source(tmp_path / "texts.jsonl", corpus_texts())
    recipe = tmp_path / "recipe.yaml"
    change = "models.default={kind: openai_compatible, base_url: 'http://localhost:1', model: m}"
    recipe.write_text(scripted_recipe(tmp_path / "hub", source, change).to_yaml(), "utf-8")
    said = iph("plan", recipe, code=2).stderr
    assert "The price of the model 'm' is not known" in said
    assert "price: {prompt_usd_per_million: ..., completion_usd_per_million: ...}" in said
    priced = "models.default.price={prompt_usd_per_million: 1, completion_usd_per_million: 2}"
    plan = data("plan", recipe, "--set", priced)
    expected = (plan["prompt_tokens"] + 2 * plan["completion_tokens"]) / 1e6
    assert plan["cost_usd"] == pytest.approx(expected)


def test_a_pilot_is_paid_once_and_gives_an_interval(tmp_path) -> None:
    source = write_source(tmp_path / "texts.jsonl", corpus_texts()[:12])
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(scripted_recipe(tmp_path / "hub", source).to_yaml(), "utf-8")
    plan = data("plan", recipe, "--pilot", 20)
    assert 0 < plan["pilot_calls"] <= 20
    calls = plan["intervals"]["calls"]
    assert calls["low"] <= plan["calls"] <= calls["high"]
    iph("build", recipe)
    asked = sum(one["calls"] for one in data("status", tmp_path / "hub")["usage"])
    assert calls["low"] <= asked <= calls["high"]


def test_init_writes_a_recipe_that_plan_reads(tmp_path) -> None:
    iph("init", tmp_path / "recipe.yaml")
    iph("init", tmp_path / "recipe.yaml", code=2)
    (tmp_path / "texts").mkdir()
    write_source(tmp_path / "texts" / "a.jsonl", corpus_texts())
    assert data("plan", tmp_path / "recipe.yaml")["documents"] > 30


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("build", "absent.yaml"), 2, "iph init"),
        (("status", "absent"), 5, "not a hub"),
        (("verify", "absent"), 1, ""),
        (("search", "absent", "nurse"), 1, ""),
        (("show", "absent", "0e0ed30a-90e8-4759-943e-6314313d2a30"), 5, "not a hub"),
    ],
)
def test_errors_are_one_line_and_a_cure(words, code, said, tmp_path) -> None:
    done = iph(*(tmp_path / word if "absent" in word else word for word in words), code=code)
    assert said in done.stdout + done.stderr


def test_an_unknown_id_and_a_bad_one_are_told_apart(demo) -> None:
    absent = iph("show", demo / "hub", "0e0ed30a-90e8-8759-943e-6314313d2a30", code=1)
    assert "There is no persona" in absent.stderr
    assert "not a persona id" in iph("trace", demo / "hub", "nurse", code=1).stderr
    assert "is a release" in iph("trace", demo / "release", data_id(demo), code=1).stderr


def data_id(demo: Path) -> str:
    return data("search", demo / "release", "worker", "-k", 1)[0]["id"]


def test_a_changed_release_fails_verify(demo, tmp_path) -> None:
    iph("release", demo / "hub", "--out", tmp_path / "release")
    card = tmp_path / "release" / "README.md"
    card.write_text(card.read_text("utf-8").replace("0", "1", 1), encoding="utf-8")
    assert "README.md" in iph("verify", tmp_path / "release", code=1).stdout
