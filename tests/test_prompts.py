"""A prompt file has one form, is filled once, and is known by its bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from importlib import resources
from itertools import takewhile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.errors import RecipeError
from indic_persona_hub.models.endpoint.completion_requests import RequestWriter
from indic_persona_hub.models.socket import Message, Request
from indic_persona_hub.prompts import Prompt, load, parse
from indic_persona_hub.prompts.people import brief, gender, with_article
from indic_persona_hub.prompts.replies import StructuredPersonas
from indic_persona_hub.prompts.shown import shown

FILE = (
    "# system\nBe plain.\n# example user\nA\n# example assistant\nB\n"
    "# user\n{{role}} at {{place}}\n"
)
SHIPPED = sorted(
    path.name.removesuffix(".md")
    for path in resources.files("indic_persona_hub.prompts").iterdir()
    if path.name.endswith(".md")
)


def test_a_file_has_system_examples_and_user() -> None:
    prompt = parse("p", FILE.encode())

    assert (prompt.system, prompt.examples) == ("Be plain.", (("A", "B"),))
    assert prompt.placeholders == ("role", "place")
    assert prompt.messages({"role": "cook", "place": "Puri"}) == (
        ("system", "Be plain."),
        ("user", "A"),
        ("assistant", "B"),
        ("user", "cook at Puri"),
    )


@pytest.mark.parametrize(
    "content",
    [
        "",
        "# user\nA",
        "# system\nA",
        "# user\nA\n# system\nB",
        "# system\nA\n# example user\nB\n# user\nC",
        "# system\nA\n# example assistant\nB\n# example user\nC\n# user\nD",
    ],
)
def test_a_file_out_of_form_is_refused(content: str) -> None:
    with pytest.raises(RecipeError, match="'p' is not in form"):
        parse("p", content.encode())


@pytest.mark.parametrize(
    "name", ["text_to_persona_small_wanted", "persona_to_persona_small_wanted"]
)
def test_the_words_that_are_asked_for_are_no_shots(name: str) -> None:
    """Else whoever lives where an example does, and says it as told, would count as copied."""
    prompt = load(name)
    for (user, reply), shot in zip(prompt.examples, prompt.shots, strict=True):
        begin = user.rsplit("Begin with: ", 1)[1]
        assert reply == begin + shot
    assert not any("district" in shot for shot in prompt.shots)


def test_an_age_alone_leaves_a_shot_whole() -> None:
    prompt = load("persona_to_persona_structured")
    assert prompt.shots == tuple(reply for _, reply in prompt.examples)


def test_an_unknown_prompt_is_refused() -> None:
    with pytest.raises(RecipeError, match="no prompt called 'nowhere'"):
        load("nowhere")


@given(st.text(max_size=40))
def test_what_is_filled_in_is_never_filled_again(text: str) -> None:
    prompt = parse("p", FILE.encode())

    filled = prompt.messages({"role": "{{place}}" + text, "place": "{{role}}"})[-1][1]

    assert filled == shown("{{place}}" + text) + " at {{role}}"


def test_the_hash_is_of_the_bytes() -> None:
    assert parse("p", FILE.encode()).content_hash == sha256(FILE.encode()).hexdigest()
    changed = FILE.replace("plain", "plainer")
    assert parse("p", changed.encode()).content_hash != parse("p", FILE.encode()).content_hash


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_prompt_is_in_form(name: str) -> None:
    prompt = load(name)

    assert prompt.placeholders
    assert prompt.examples
    assert not any("{{" in turn for shot in prompt.examples for turn in (prompt.system, *shot))


#: Placeholders that a whole build fills alike.
SETTINGS = {"granularity", "language"}


def common_beginning(texts: Sequence[Any]) -> int:
    """How many first items all of `texts` share."""
    same = takewhile(lambda items: len(set(items)) == 1, zip(*texts, strict=False))
    return sum(1 for _ in same)


def rows_of(prompt: Prompt) -> list[dict[str, str]]:
    """Rows of one build whose other values have nothing in common."""
    return [
        {name: "same" if name in SETTINGS else f"{start} {name}" for name in prompt.placeholders}
        for start in "ABCD"
    ]


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_that_varies_by_row_stands_before_the_system_text_and_the_examples(
    name: str,
) -> None:
    prompt = load(name)
    examples = [
        turn for user, reply in prompt.examples for turn in (("user", user), ("assistant", reply))
    ]

    told = [prompt.messages(row) for row in rows_of(prompt)]

    assert common_beginning(told) == len(told[0]) - 1
    assert told[0][:-1] == (("system", prompt.system), *examples)


@pytest.mark.parametrize("name", [name for name in SHIPPED if name.endswith("_several")])
def test_what_a_build_fills_alike_stands_before_what_rows_fill(name: str) -> None:
    fills = load(name).placeholders

    assert sorted(fills, key=lambda name: name not in SETTINGS) == list(fills)
    assert fills[-1] == "people", "calls on one passage or parent share all before it"


@pytest.mark.parametrize("api", ["chat", "completions"])
@pytest.mark.parametrize("name", SHIPPED)
def test_a_request_begins_with_all_that_its_neighbours_share(name: str, api: Any) -> None:
    prompt = load(name)
    writer = RequestWriter("model", api=api, reply_format="none", send_min_p=True)

    bodies = [
        writer.body(
            Request(
                tuple(Message(*turn) for turn in prompt.messages(row)),
                *(64, 0.8, 0.95, 0.05, ()),
                seed=number,
            )
        )
        for number, row in enumerate(rows_of(prompt))
    ]

    shared = bodies[0][: common_beginning(bodies)].decode("utf-8", "ignore")
    for _, content in prompt.messages(rows_of(prompt)[0])[:-1]:
        assert json.dumps(content, ensure_ascii=False)[1:-1] in shared


@pytest.mark.parametrize("name", [name for name in SHIPPED if name.endswith("_structured")])
def test_the_prompt_for_several_asks_for_the_fields_that_the_one_for_one_does(name: str) -> None:
    one, several = load(name), load(f"{name}_several")

    fields = [prompt.system.partition("- `domain_label`")[2] for prompt in (one, several)]
    assert fields[0].partition("Reply with")[0] == fields[1].partition("Reply with")[0]
    for user, reply in several.examples:
        people = user.partition("People:\n")[2].splitlines()
        assert len(StructuredPersonas.model_validate_json(reply).personas) == len(people) >= 2
        for number, line in enumerate(people, 1):
            assert line.startswith(f"{number}. ")
            assert "; begin with: A" in line


@pytest.mark.parametrize(
    ("persona", "words"),
    [
        ("A 34-year-old nurse in Dharwad keeps the night register.", "nurse"),
        ("An 8-year-old fisherman's daughter near Puri tells stories.", "fisherman's daughter"),
        ("A mango grower, tired, counts crates.", "mango grower"),
        ("Grandmother of three.", "Grandmother"),
        ("नाशिक की एक किसान जो प्याज़ का भाव लिखती है।", "नाशिक की एक किसान जो प्याज़"),
        ("", ""),
    ],
)
def test_a_brief_says_who_a_persona_is(persona: str, words: str) -> None:
    assert brief(persona) == words


@given(st.text(max_size=200))
def test_a_brief_is_at_most_six_words_of_the_persona(persona: str) -> None:
    words = brief(persona).split()

    assert len(words) <= 6
    assert all(word in persona for word in words)


@given(st.text(max_size=40), st.integers(0, 100), st.text(max_size=5))
def test_gender_fits_the_age(role: str, age: int, chance: str) -> None:
    assert gender(role, age, chance) in (("girl", "boy") if age < 18 else ("woman", "man"))


@pytest.mark.parametrize(
    ("who", "written"),
    [("mango grower", "a mango grower"), ("old potter", "an old potter"), ("the dai", "the dai")],
)
def test_an_article_is_put_where_there_is_none(who: str, written: str) -> None:
    assert with_article(who) == written
