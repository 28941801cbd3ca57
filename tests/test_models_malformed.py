"""Malformed replies: none crashes, none is accepted without a mark, none loses or gains a word."""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import RootModel

from indic_persona_hub.models.replies import Usable, usable
from indic_persona_hub.models.replies.json_scan import UnreadableError, scan_object
from indic_persona_hub.models.replies.repair import mend
from indic_persona_hub.models.replies.thinking import without_thinking
from indic_persona_hub.models.socket import Message, Reply
from malformed_replies import MENDED, PEOPLE, REJECTED, STRICT, Person, Shape, Spoil

MESSAGES = (
    Message("system", "You imagine people of India, one at a time, and reply with JSON."),
    Message("user", "Passage: the ferry stops at three when the river is high."),
)
REASONS = {"truncated", "empty_reply", "refusal", "not_json", "not_in_schema", "echo_of_prompt"}
READABLE: dict[str, Spoil] = STRICT | {name: spoil for name, (_, spoil) in MENDED.items()}
FAMILIES: dict[str, Spoil] = READABLE | {name: spoil for name, (_, spoil) in REJECTED.items()}
VARIANTS = 8000

Object = RootModel[dict[str, Any]]


def judged(text: str, model: Any = Shape) -> Usable:
    return usable(Reply(text, "stop", 1, 0, 1, 0.0), MESSAGES, model)


def letters(text: str) -> str:
    return "".join(one for one in text if unicodedata.category(one)[0] in "LMN")


def unescaped(text: str) -> str:
    def meant(escape: re.Match[str]) -> str:
        if len(escape[1]) > 1:
            return chr(int(escape[1][1:], 16))
        return " " if escape[1] in "nrtbf" else escape[1]

    plain = re.sub(r"\\(u[0-9a-fA-F]{4}|.)", meant, text, flags=re.DOTALL)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def loose(text: str) -> str:
    """Without quotation marks, and with single spaces."""
    return " ".join(re.sub(r"[\"']", "", text).split())


def is_right(found: Usable, person: Person) -> bool:
    value = Shape.model_validate_json(found.text or "")
    said = (loose(value.persona), value.domain_label, value.note)
    return said == (loose(person.text), person.label, None)


@pytest.mark.parametrize("family", STRICT)
def test_what_is_json_is_read_as_it_is(family: str) -> None:
    for person in PEOPLE:
        found = judged(STRICT[family](person))
        assert (found.reason, found.repaired, found.detail) == (None, False, "")
        assert is_right(found, person)


@pytest.mark.parametrize("family", MENDED)
def test_what_is_almost_json_is_mended_and_marked(family: str) -> None:
    faults, spoil = MENDED[family]
    for person in PEOPLE:
        found = judged(spoil(person))
        assert (found.reason, found.repaired) == (None, True)
        assert found.detail == f"mended: {faults}"
        assert is_right(found, person)


@pytest.mark.parametrize("family", REJECTED)
def test_all_else_has_a_reason(family: str) -> None:
    reason, spoil = REJECTED[family]
    for person in PEOPLE:
        found = judged(spoil(person))
        assert (found.text, found.reason, found.repaired) == (None, reason, False)
        assert found.detail or reason == "empty_reply"


@pytest.mark.parametrize("family", READABLE)
def test_a_reply_cut_anywhere_is_never_accepted(family: str) -> None:
    for person in PEOPLE[1:4]:
        text = READABLE[family](person)
        for end in range(text.rfind("}")):
            found = judged(text[:end])
            assert found.text is None, text[:end]


def test_a_cut_reply_is_told_from_a_malformed_one() -> None:
    for person in PEOPLE:
        for end in range(1, len(person.json)):
            assert judged(person.json[:end]).reason == "truncated", person.json[:end]


def changed(text: str, chance: random.Random) -> str:
    """`text` after one small accident."""
    at = chance.randrange(len(text) + 1)
    match chance.randrange(6):
        case 0:
            return text[:at] + text[at + 1 :]
        case 1:
            return text[:at] + chance.choice("\"'{}[]:,\\\n`#aअக1 ") + text[at:]
        case 2:
            return text[:at] + text[at : at + 1] * 2 + text[at + 1 :]
        case 3:
            return text[:at]
        case 4:
            return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
        case _:
            swapped = chance.choice(["'", '"', ",", ":", "\\"])
            return text.replace(chance.choice("\"',:{}"), swapped, chance.randrange(1, 3))


def variants() -> Iterator[str]:
    chance = random.Random(7)
    made = [spoil(person) for spoil in FAMILIES.values() for person in PEOPLE]
    for number in range(VARIANTS):
        text = made[number % len(made)]
        for _ in range(chance.randrange(1, 4)):
            text = changed(text, chance)
        yield text


def assert_no_word_lost_or_invented(text: str, found: Usable) -> None:
    value = Shape.model_validate_json(found.text or "").model_dump(exclude_none=True)
    said = without_thinking(text)[0]
    inside = letters(unescaped(said[said.find("{") : said.rfind("}") + 1]))
    held = letters("".join((*value, *value.values())))
    assert all(letters(one) in inside for one in value.values()), text
    lost = Counter(inside) - Counter(held)
    assert lost in (Counter(), Counter("noteNone"), Counter("notenull")), text
    assert not Counter(held) - Counter(inside), text


def test_accidents_are_survived_and_nothing_is_accepted_silently() -> None:
    outcomes: Counter[str] = Counter()
    for text in variants():
        found = judged(text)
        if found.text is None:
            assert found.reason in REASONS
            assert not found.repaired
        else:
            assert found.repaired == found.detail.startswith("mended: ")
            assert_no_word_lost_or_invented(text, found)
        outcomes[found.reason or ("mended" if found.repaired else "strict")] += 1
    assert outcomes.total() == VARIANTS
    assert min(outcomes[name] for name in ("strict", "mended", "truncated", "not_json")) > 100


LEAVES = st.text(max_size=12) | st.sampled_from(["it's", 'a "b" c', "x\ny", "हाँ", "{x}"])
VALUES = st.recursive(
    LEAVES | st.integers(-999, 999),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LEAVES, inner, max_size=3),
    max_leaves=6,
)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    else:
        yield str(value)


@given(st.dictionaries(LEAVES, VALUES, max_size=3), st.randoms(use_true_random=False))
@settings(max_examples=400, deadline=None)
def test_a_mended_object_holds_the_words_of_the_reply_in_their_order(
    value: dict[str, Any], chance: random.Random
) -> None:
    text = changed(changed(json.dumps(value, ensure_ascii=False), chance), chance)
    found = judged(text, Object)
    if found.repaired:
        said = unescaped(text[text.find("{") : text.rfind("}") + 1])
        assert found.text is not None
        assert letters("".join(strings(json.loads(found.text)))) == letters(said)


@given(st.text("{}[]\"',:\\`\n -.019enTruabकு", max_size=40))
@settings(max_examples=400, deadline=None)
def test_marks_in_any_order_crash_nothing(marks: str) -> None:
    for text in (marks, f'{{"persona": {marks}', f'{{"persona": "{marks}", "domain_label": "x"}}'):
        for model in (Shape, Object):
            found = judged(text, model)
            assert (found.text is None) == (found.reason is not None)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ('{"a":' * 20_000, "characters are too many"),
        ("[" * 60_000, "no JSON object"),
        ('{"a":' * 9_000, "nested deeper"),
        ("{'a': " + "[" * 200 + "]" * 200 + "}", "nested deeper"),
        ("{'a': '" + "x" * 20_000 + "'}", "20009 characters"),
        ('{"a": [' + '"he "said" x", ' * 4_000 + "]}", "too many to mend"),
    ],
)
def test_size_and_depth_are_bounded(text: str, detail: str) -> None:
    found = judged(text, Object)
    assert found.reason == "not_json"
    assert detail in found.detail


def test_text_around_is_taken_off_whatever_the_size() -> None:
    body = json.dumps({"a": "x " * 20_000})
    assert mend(f"Here: {body}").text == body


def test_a_scan_says_where_the_object_stands_and_what_it_holds() -> None:
    text = 'So: {\'a\': "b \\u0939\\n", c: [1, True, -2.5], "d": {}} ok'
    scan = scan_object(text)
    assert text[scan.start : scan.end] == text[4:-3]
    assert scan.atoms == ("a", "b ह\n", "c", "1", "true", "-2.5", "d")
    assert scan.faults == ("single quotes", "keys without quotes", "Python literals")


@pytest.mark.parametrize(
    "text", ["{", '{"a', "{'a': '", '{"a": tr', '{"a": 5', '{"a": [1', '{"a":1,']
)
def test_a_scan_tells_a_cut(text: str) -> None:
    with pytest.raises(UnreadableError) as raised:
        scan_object(text)
    assert raised.value.cut
