"""Which call meets which fault: seeded, and whatever the order of the calls."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Final

from indic_persona_hub.errors import RecipeError, nearest
from indic_persona_hub.records import unit_interval

#: `rate_limited` is 429 with Retry-After, `rate_limited_bare` without; `error_500`, `bad_gateway`
#: (502, HTML), `unavailable` (503) and `overloaded` (529) are what they say; `reset` breaks the
#: connection before the model worked; `stall` is silence; `slow_drip` the whole answer in small
#: pieces over a second; `half_closed` half of the bytes that were promised; `html_page` and
#: `error_body` come with status 200; `truncated_json` and `invalid_json` are whole HTTP answers
#: whose JSON is cut in half or has a syntax error; `refusal` and `empty` are valid answers.
FAULTS: Final = (
    "rate_limited",
    "rate_limited_bare",
    "error_500",
    "bad_gateway",
    "unavailable",
    "overloaded",
    "reset",
    "stall",
    "slow_drip",
    "half_closed",
    "html_page",
    "error_body",
    "truncated_json",
    "invalid_json",
    "refusal",
    "empty",
)
#: The model worked, so the provider asks for its money; "" is a plain answer.
BILLED: Final = frozenset(
    ("", "slow_drip", "half_closed", "truncated_json", "invalid_json", "refusal", "empty")
)

_ALL: Final = "all"
_ROUNDING: Final = 1e-9
_CURE: Final = "Write 'all=0.15', or 'reset=0.02,stall=0.01'."


def parse_faults(text: str) -> dict[str, float]:
    """Shares of calls by fault, from words like "all=0.15" or "reset=0.02,stall=0.01".

    Args:
        text: Names of `FAULTS` with their shares; `all` spreads its share evenly over all of them;
            of two parts about one fault the later counts. "" is no fault.

    Raises:
        RecipeError: No such fault, not a share, or shares that sum to more than 1.
    """
    shares: dict[str, float] = {}
    for part in filter(None, map(str.strip, text.split(","))):
        name, _, said = part.partition("=")
        share = _share(said.strip(), part)
        if name.strip() == _ALL:
            shares |= dict.fromkeys(FAULTS, share / len(FAULTS))
        else:
            shares[name.strip()] = share
    check_faults(shares)
    return shares


def check_faults(shares: Mapping[str, float]) -> None:
    """Raise `RecipeError` unless `shares` are shares of calls by name of `FAULTS`."""
    for name, share in shares.items():
        if name not in FAULTS:
            known = (*FAULTS, _ALL)
            raise RecipeError(f"There is no fault '{name}'{nearest(name, known)}.", cure=_CURE)
        if not 0 <= share <= 1:
            raise RecipeError(f"{name}={share} is not a share from 0 to 1.", cure=_CURE)
    if (total := math.fsum(shares.values())) > 1 + _ROUNDING:
        raise RecipeError(f"The shares of faults sum to {total:g}, more than 1.", cure=_CURE)


def _share(said: str, part: str) -> float:
    try:
        return float(said)
    except ValueError:
        raise RecipeError(f"'{part}' is not a fault and its share.", cure=_CURE) from None


class Faults:
    """Draws the fault of each try.

    Args:
        shares: Of calls, by name of `FAULTS`.
        seed: Another seed, other faults.
    """

    def __init__(self, shares: Mapping[str, float], seed: int) -> None:
        check_faults(shares)
        self._shares = [(name, shares[name]) for name in FAULTS if shares.get(name)]
        self._seed = str(seed)
        self._tries: Counter[str] = Counter()

    def next_of(self, key: str) -> str:
        """The fault of the next try of `key`, or "" where it meets none."""
        if not self._shares:
            return ""
        self._tries[key] += 1
        left = unit_interval("fault", self._seed, key, str(self._tries[key]))
        for name, share in self._shares:
            left -= share
            if left < 0:
                return name
        return ""
