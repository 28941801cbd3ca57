"""The recipe: YAML and Python are the same object; what is not known is refused by name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.errors import RecipeError
from indic_persona_hub.run.catalogue import stages
from indic_persona_hub.run.recipe import Recipe, load_recipe, parse_recipe
from indic_persona_hub.run.starter import demo_recipe, starter_text, write_starter

SMALL = """
sources: [{kind: jsonl, path: texts.jsonl}]
models: {default: {kind: scripted}}
stages: [ingest, text_to_persona, persona_to_persona, hedging]
"""

sources = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["jsonl", "parquet", "csv", "text"]),
        "path": st.text(min_size=1, max_size=20),
        "name": st.text(min_size=1, max_size=20),
        "licence": st.text(max_size=20),
        "limit": st.none() | st.integers(1, 10**9),
    }
)
first_stages = {"adopt", "ingest", "text_to_persona", "persona_to_persona", "fill_gaps"}
optional_stages = sorted(set(stages()) - first_stages)
recipes = st.builds(
    lambda seed, source, rounds, filled, judges, cap, target, workers: Recipe.model_validate(
        {
            "seed": seed,
            "sources": [source],
            "models": {"default": {"kind": "scripted"}},
            "stages": [
                "ingest",
                {"text_to_persona": {"candidates": 2}},
                *([{"persona_to_persona": {"rounds": rounds}}] if rounds else []),
                *([{"fill_gaps": {"rounds": filled}}] if filled and "attributes" in judges else []),
                *judges,
            ],
            "select": {"cap": cap, "target": target},
            "engine": {"workers": workers},
        }
    ),
    st.integers(0, 2**31 - 1),
    sources,
    st.integers(0, 6),
    st.integers(0, 3),
    st.lists(st.sampled_from(optional_stages), unique=True),
    st.integers(1, 10**6),
    st.none() | st.integers(1, 10**6),
    st.integers(1, 8),
)


@given(recipes)
@settings(max_examples=60, deadline=None)
def test_yaml_and_python_are_the_same_recipe(recipe: Recipe) -> None:
    assert parse_recipe(recipe.to_yaml()) == recipe


def test_the_starter_is_a_recipe_and_names_every_stage() -> None:
    recipe = parse_recipe(starter_text())
    others = {"adopt", "fill_gaps", "semantic_duplicates", "other_script", "translations"}
    assert {stage.name for stage in recipe.stages} == set(stages()) - others
    assert all(name in starter_text() for name in others)


def test_the_starter_does_not_overwrite(tmp_path) -> None:
    path = tmp_path / "recipe.yaml"
    write_starter(path)
    before = path.read_text(encoding="utf-8")
    with pytest.raises(RecipeError, match="there already"):
        write_starter(path)
    assert path.read_text(encoding="utf-8") == before


def test_paths_are_relative_to_the_recipe(tmp_path) -> None:
    path = tmp_path / "recipe.yaml"
    path.write_text(SMALL, encoding="utf-8")
    recipe = load_recipe(path)
    assert recipe.hub == str(tmp_path / "hub")
    assert recipe.sources[0].path == str(tmp_path / "texts.jsonl")


@pytest.mark.parametrize(
    ("place", "nearest"),
    [
        ("sorces", "sources"),
        ("select.capp", "cap"),
        ("sources.0.licens", "licence"),
        ("stages.text_to_persona.candidate", "candidates"),
        ("engine.worker", "workers"),
        ("limits.request", "requests"),
        ("release.titel", "title"),
        ("models.default.kindd", "kind"),
    ],
)
def test_an_unknown_key_is_refused_and_the_nearest_named(place: str, nearest: str) -> None:
    with pytest.raises(RecipeError, match=f"unknown key.*'{nearest}'"):
        parse_recipe(SMALL, (f"{place}=1",))


def test_an_unknown_stage_is_refused_and_the_nearest_named() -> None:
    with pytest.raises(RecipeError, match=r"unknown stage 'hedgin'.*'hedging'"):
        parse_recipe(SMALL.replace("hedging", "hedgin"))


@pytest.mark.parametrize(
    "broken",
    [
        "sources: [",
        "just words",
        SMALL.replace("ingest, text_to_persona", "text_to_persona, ingest"),
        SMALL.replace("persona_to_persona, hedging", "hedging, persona_to_persona"),
        SMALL.replace("hedging", "hedging, hedging"),
        SMALL.replace("default:", "other:"),
        SMALL + "engine: gpu",
        SMALL + "seed: -1",
    ],
)
def test_what_does_not_fit_is_refused_with_a_cure(broken: str) -> None:
    with pytest.raises(RecipeError) as caught:
        parse_recipe(broken)
    assert caught.value.cure


def test_set_is_the_only_other_layer() -> None:
    changes = ("seed=5", "stages.text_to_persona.candidates=4", "select.target=9", "engine=native")
    recipe = parse_recipe(SMALL, changes)
    assert recipe.seed == 5
    assert recipe.stages[1].settings()["candidates"] == 4
    assert recipe.select.target == 9


@pytest.mark.parametrize("change", ["seed", "=3", "stages.nothing.here=1"])
def test_a_set_that_is_not_understood_is_refused(change: str) -> None:
    with pytest.raises(RecipeError):
        parse_recipe(SMALL, (change,))


def test_the_demo_differs_only_in_its_model(tmp_path) -> None:
    local, scripted = (demo_recipe(tmp_path, local=one) for one in (True, False))
    assert local.models["default"].kind == "llama_cpp"
    assert scripted.models["default"].kind == "scripted"
    assert local.stages == scripted.stages
