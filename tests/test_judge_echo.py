"""Copying: from the passage, from the parent, from the prompt's examples."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.judge.prompt_leakage import PromptLeakage
from indic_persona_hub.judge.repeats_parent import RepeatsParent
from indic_persona_hub.judge.source_echo import SourceEcho, longest_run, shared_share
from judge_rows import judged

NOTICE = (
    "Widows of the Kerala State Coir Workers Welfare Board may claim a pension of one thousand "
    "rupees when they have paid into the fund for five years without a break."
)
SHOT = (
    '{"persona": "A 17-year-old in Kota sleeps under his drop year timetable.", '
    '"domain_label": "entrance coaching", "attributes": []}'
)

words = st.lists(st.sampled_from("ab cd ef gh नदी மரம்".split()), max_size=30)


@given(words, words)
def test_the_longest_run_is_in_both_and_no_longer_one_is(one: list[str], other: list[str]) -> None:
    run = list(longest_run(one, other))

    def inside(part: list[str], whole: list[str]) -> bool:
        return any(whole[at : at + len(part)] == part for at in range(len(whole) + 1))

    assert inside(run, one) and inside(run, other)
    longer = (one[at : at + len(run) + 1] for at in range(len(one) - len(run)))
    assert not any(inside(part, other) for part in longer)


@given(words)
def test_a_text_shares_all_of_its_runs_with_itself(one: list[str]) -> None:
    assert list(longest_run(one, one)) == one
    assert shared_share(one, one) == (1 if len(one) >= 4 else 0)


def test_a_copied_phrase_is_an_echo() -> None:
    persona = "A spinner in Kayamkulam who has paid into the fund for five years without a break."
    evidence = judged(SourceEcho(), persona, origin=NOTICE)
    assert evidence["fails"]
    assert evidence["detail"] == "paid into the fund for five years without a break"
    assert evidence["score"] == 0


def test_the_name_of_a_board_is_no_echo() -> None:
    persona = (
        "A spinner in Kayamkulam who stood all day at the Kerala State Coir Workers Welfare Board "
        "because her card had a wrong date of birth."
    )
    assert not judged(SourceEcho(), persona, origin=NOTICE)["fails"]


def test_a_child_may_echo_its_parent_but_not_repeat_it() -> None:
    parent = "A 34-year-old fish vendor in Kochi who sells sardines in three colonies at dawn."
    child = "The 12-year-old niece of a fish vendor in Kochi draws buses and collects tickets."
    twin = "A 34-year-old fish vendor in Kochi who sells prawns in three colonies at dusk."
    method = "persona_to_persona"
    assert not judged(SourceEcho(), twin, origin=parent, method=method)["fails"]
    assert not judged(RepeatsParent(), child, origin=parent, method=method)["fails"]
    assert judged(RepeatsParent(), twin, origin=parent, method=method)["fails"]
    assert not judged(RepeatsParent(), twin, origin=parent)["fails"]


def test_words_of_the_examples_leak_unless_the_passage_has_them() -> None:
    persona = "A girl in Rewa on her drop year who paints the timetable of buses."
    assert judged(PromptLeakage(), persona, shots=[SHOT])["detail"] == "drop year; drop; timetable"
    assert judged(PromptLeakage(), persona, shots=[SHOT])["fails"]
    passage = "After a drop year she pinned the timetable to the wall."
    assert judged(PromptLeakage(), persona, shots=[SHOT], origin=passage)["value"] == 0


def test_only_the_persona_of_an_example_counts() -> None:
    persona = "A coaching clerk in Rewa who guards the entrance and has no domain of her own."
    assert judged(PromptLeakage(), persona, shots=[SHOT])["value"] == 0
    plain = "A boy in Kota sleeps.\nField: entrance coaching"
    assert judged(PromptLeakage(), persona, shots=[plain])["value"] == 0
