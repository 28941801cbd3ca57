"""What a build shows of its models while it works."""

from __future__ import annotations

from collections import Counter

from indic_persona_hub.cli.screen import models_line
from indic_persona_hub.models.answers import Tally
from indic_persona_hub.models.load.lanes import LaneStanding
from indic_persona_hub.run.watching import Standing, Watch


def test_rates_are_those_of_the_last_seconds_and_counts_are_added_up() -> None:
    now = 0.0
    tally = Tally()
    lanes = [
        LaneStanding("a:1", 3, 8, None, open=False, waits_s=0.0),
        LaneStanding("b:1", 0, 4, 5.0, open=True, waits_s=2.5),
    ]
    standing: Standing = {"default": (tally, lanes)}
    watch = Watch(lambda: standing, clock=lambda: now)
    for second in range(1, 31):
        now = float(second)
        tally.answered += 10 if second <= 15 else 40
        tally.completion_tokens += 100
        reading = watch.read()
    assert reading.requests_per_s == 40
    assert reading.tokens_per_s == 100
    assert (reading.answered, reading.limit) == (750, 8)
    assert reading.waiting == {"b:1": 2.5}


def test_the_line_says_rate_room_money_and_what_failed() -> None:
    tally = Tally(answered=50, in_flight=3, cost_usd=0.5, errors=Counter({"500": 2, "reset": 7}))
    lanes = [LaneStanding("a:1", 3, 8, None, open=False, waits_s=0.0)]
    reading = Watch(lambda: {"default": (tally, lanes)}, clock=lambda: 1.0).read()
    line = models_line(reading, 50, 200)
    assert "3 in flight of 8" in line
    assert "0.5000 USD, about 2.0000 USD" in line
    assert "failed: reset 7, 500 2" in line
