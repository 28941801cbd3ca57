"""Which slot takes which waiting work."""

from __future__ import annotations

import threading
import time
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.models.local.slot_queue import SlotQueue

SLOTS = 3
AFFINITIES = st.lists(st.sampled_from(["", "a", "b", "c", "d", "e"]), max_size=12)


def queue_of(affinities: list[str]) -> SlotQueue[tuple[int, str]]:
    queue: SlotQueue[tuple[int, str]] = SlotQueue(SLOTS, patience_s=0.001)
    for number, affinity in enumerate(affinities):
        assert queue.put((number, affinity), affinity)
    return queue


@given(AFFINITIES, st.data())
def test_whatever_slot_is_free_each_work_is_taken_once_and_in_order(
    affinities: list[str], data: st.DataObject
) -> None:
    queue = queue_of(affinities)
    taken = [queue.take(data.draw(st.integers(0, SLOTS - 1))) for _ in affinities]
    assert sorted(filter(None, taken)) == list(enumerate(affinities))
    for affinity in set(affinities):
        numbers = [one[0] for one in taken if one and one[1] == affinity]
        assert numbers == sorted(numbers)


@given(AFFINITIES)
def test_a_slot_goes_on_with_what_it_has_read(affinities: list[str]) -> None:
    queue, waiting, held = queue_of(affinities), list(affinities), ""
    while waiting:
        taken = queue.take(0)
        assert taken is not None
        assert not held or held not in waiting or taken[1] == held
        held = taken[1]
        waiting.remove(held)


def test_work_that_shares_a_prompt_goes_to_one_slot_while_others_have_their_own() -> None:
    queue = queue_of(["a", "a", "a", "b", "b", "b", "c", "c", "c"])
    slots = defaultdict(set)
    for turn in range(9):
        taken = queue.take(turn % SLOTS)
        assert taken is not None
        slots[taken[1]].add(turn % SLOTS)
    assert sorted(map(len, slots.values())) == [1, 1, 1]


def test_no_slot_stands_idle_while_work_waits() -> None:
    queue = queue_of(["a"] * 6)
    assert [queue.take(slot) for slot in range(SLOTS)] == [(0, "a"), (1, "a"), (2, "a")]


def test_idle_slots_share_out_what_most_waits() -> None:
    queue = queue_of(["a", "b", "b", "b", "b"])
    assert [queue.take(slot) for slot in range(SLOTS)] == [(0, "a"), (1, "b"), (2, "b")]


def test_an_idle_slot_waits_for_other_work_before_it_reads_what_another_has_read() -> None:
    queue: SlotQueue[str] = SlotQueue(SLOTS, patience_s=5)
    queue.put("first of a", "a")
    queue.put("second of a", "a")
    assert queue.take(0) == "first of a"
    threading.Timer(0.05, queue.put, ("first of b", "b")).start()
    began = time.monotonic()
    assert queue.take(1) == "first of b"
    assert time.monotonic() - began < 4


def test_a_closed_queue_takes_nothing_and_gives_nothing_out() -> None:
    queue = queue_of(["a", "b"])
    woken: list[object] = []
    assert queue.take(0) == (0, "a")
    empty: SlotQueue[str] = SlotQueue(1)
    waiting = threading.Thread(target=lambda: woken.append(empty.take(0)))
    waiting.start()
    assert empty.close() == []
    waiting.join(5)
    assert woken == [None]
    assert queue.close() == [(1, "b")]
    assert queue.close() == []
    assert queue.take(0) is None
    assert not queue.put((2, "c"), "c")
