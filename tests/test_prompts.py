"""A prompt file has one form, is filled once, and is known by its bytes."""

from __future__ import annotations

from hashlib import sha256
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.errors import RecipeError
from indic_persona_hub.prompts import load, parse
from indic_persona_hub.prompts.people import brief, gender, with_article

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


def test_an_unknown_prompt_is_refused() -> None:
    with pytest.raises(RecipeError, match="no prompt called 'nowhere'"):
        load("nowhere")


@given(st.text(max_size=40))
def test_what_is_filled_in_is_never_filled_again(text: str) -> None:
    prompt = parse("p", FILE.encode())

    filled = prompt.messages({"role": "{{place}}" + text, "place": "{{role}}"})[-1][1]

    assert filled == "{{place}}" + text + " at {{role}}"


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
