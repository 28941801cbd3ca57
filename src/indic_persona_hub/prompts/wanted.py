"""Somebody who is missing from a set: in which cell, and how prompts ask for them."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import pyarrow as pa

from indic_persona_hub.prompts.replies import opening
from indic_persona_hub.records import AGE_BANDS, unit_interval
from indic_persona_hub.reference.homes import home_in

#: Youngest and oldest age that is asked for.
YOUNGEST, OLDEST = 4, 88
_AGES: Final = {
    band: (int(band.split("-")[0]), int(band.split("-")[-1]))
    for band in AGE_BANDS
    if band[-1] != "+"
} | {AGE_BANDS[-1]: (int(AGE_BANDS[-1][:-1]), OLDEST)}


class Wanted(NamedTuple):
    """Somebody who is missing.

    Attributes:
        number: Tells asks about one document or parent apart, over all rounds.
        state: ISO 3166-2.
        residence, sex, age_band: Values of the dimensions of that name.
    """

    number: int
    state: str
    residence: str
    sex: str
    age_band: str

    @property
    def ages(self) -> tuple[int, int]:
        """Youngest and oldest age that is asked for, in years."""
        low, high = _AGES[self.age_band]
        return max(low, YOUNGEST), high

    def may_be(self, ages: tuple[int, int]) -> bool:
        """Whether some age of the band is among `ages` (youngest, oldest)."""
        return self.ages[0] <= ages[1] and ages[0] <= self.ages[1]

    def age(self, ages: tuple[int, int], *chance: str) -> int:
        """An age of the band that is among `ages`, by seeded chance; of the band where none is."""
        low, high = max(self.ages[0], ages[0]), min(self.ages[1], ages[1])
        if low > high:
            low, high = self.ages
        return low + int(unit_interval("wanted age", *chance) * (high - low + 1))

    def told(self, ages: tuple[int, int], *chance: str) -> dict[str, str]:
        """What the prompts' placeholders say of them: `age`, `gender`, `place`, `opening`.

        Args:
            ages: Those that fit what is known of them.
            chance: Seeds the age and the place.
        """
        seeds = (*chance, str(self.number))
        age = self.age(ages, *seeds)
        gender = self._gender(age)
        place = home_in(self.state, self.residence, chance=" ".join(seeds))
        begin = f"{opening(age)} {gender} in {place}"
        return {"age": str(age), "gender": gender, "place": place, "opening": begin}

    def _gender(self, age: int) -> str:
        if age < 18:
            return "girl" if self.sex == "female" else "boy"
        return "woman" if self.sex == "female" else "man"


#: The column `wanted` of documents or personas that are asked about to fill gaps.
WANTED: Final = pa.list_(
    pa.struct([("number", pa.int64()), *((name, pa.string()) for name in Wanted._fields[1:])])
)


def wanted_of(row: dict[str, Any]) -> list[Wanted] | None:
    """The people that a row's column `wanted` asks for; null where it has no such column."""
    asked = row.get("wanted")
    return None if asked is None else [Wanted(**one) for one in asked]
