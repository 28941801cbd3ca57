"""Exactly N: waves of growing effort end at N, or when the sources or the judges end it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.run.accepted import until_accepted
from indic_persona_hub.run.steps import Effort


class World:
    """Documents of which a share gives one persona each, more with more candidates."""

    def __init__(self, documents: int, yield_share: float, wanted: int) -> None:
        self.documents = documents
        self.yield_share = yield_share
        self.wanted = wanted
        self.efforts: list[Effort] = []

    def run(self, effort: Effort) -> int:
        self.efforts.append(effort)
        missing = (1 - self.yield_share) ** (1 + effort.more_candidates)
        passed = int(self.documents * effort.share * (1 - missing))
        return min(self.wanted, passed)


def test_it_stops_at_n_and_asks_for_little_more() -> None:
    world = World(documents=100_000, yield_share=0.5, wanted=10_000)
    reached = until_accepted(10_000, 100_000, world.run)
    assert reached.kept == 10_000
    assert "10,000 of 10,000 personas are accepted" in reached.statement
    assert world.efforts[-1].share * 100_000 * 0.5 < 10_000 * 1.15
    assert len(world.efforts) <= 6


def test_sources_that_end_say_so() -> None:
    world = World(documents=100, yield_share=0.5, wanted=1000)
    reached = until_accepted(1000, 100, world.run)
    assert reached.kept < 1000
    assert "the sources ended" in reached.statement
    assert reached.effort.share == 1.0


def test_more_candidates_are_asked_for_once_all_documents_were() -> None:
    world = World(documents=100, yield_share=0.5, wanted=90)
    reached = until_accepted(90, 100, world.run)
    assert reached.kept == 90
    assert reached.effort.more_candidates > 0


def test_no_documents_are_no_endless_loop() -> None:
    world = World(documents=0, yield_share=0.5, wanted=5)
    assert until_accepted(5, 0, world.run).kept == 0


@settings(deadline=None)
@given(st.integers(1, 5000), st.floats(0, 1), st.integers(1, 3000))
def test_effort_only_grows_and_ends(documents: int, yield_share: float, wanted: int) -> None:
    world = World(documents, yield_share, wanted)
    reached = until_accepted(wanted, documents, world.run)
    sizes = [(effort.share, effort.more_candidates) for effort in world.efforts]
    assert sizes == sorted(sizes)
    assert len(sizes) < 120
    assert reached.kept <= wanted
