"""The catalogue of relations: who stands beside a persona, and whom that tends to bring to light.

The file `relations.csv` beside this one is the catalogue; it opens in any spreadsheet.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import log
from typing import Final

from indic_persona_hub.errors import RecipeError
from indic_persona_hub.prompts.people import may_be
from indic_persona_hub.prompts.wanted import Wanted
from indic_persona_hub.records import unit_interval

#: Whom a relation tends to bring to light; all but `other` are people of low visibility.
REVEALS: Final = ("child", "informal_worker", "behind_the_scenes", "elder", "other")
_AGES: Final = {"child": (4, 17), "elder": (60, 95)}

_FACET_WORDS: Final = {
    "child": r"toddler|school ?(?:boy|girl|child)\b|(?:boy|girl|child)\b",
    "elder": r"grandmother|grandfather|retired|pensioner|elderly",
    "parent": r"mother|father|parent",
    "rural": r"villag|farm|panchayat|hamlet|paddy|crop|cattle|block\b|tehsil|taluk|tribal",
    "urban": r"\bcity|urban|metro\b|apartment|flat\b|mall\b|slum|suburb|Delhi|Mumbai|Kolkata"
    r"|Chennai|Bengaluru|Bangalore|Hyderabad|Pune\b|Ahmedabad",
    "student": r"student|pupil|studies\b|studying|college|exam|classmate|apprentice|trainee",
    "employer": r"owner|manager|landlord|contractor|doctor|engineer|officer|proprietor|employ"
    r"|entrepreneur|director",
    "worker": r"worker|labourer|mason\b|helper|operator|weaver|driver|mechanic|electrician|tailor",
    "office": r"office|clerk|accountant|manager|bank|software|civil servant|government",
    "farmer": r"farm|cultivat|grower|orchard|dairy|fisher|herder|sharecropper",
    "trader": r"trader|shop|vendor|sell|merchant|stall|market",
    "patient": r"patient|hospital|clinic|pregnan|illness|disab|treatment|surgery|diabet|tubercul",
}
_FACETS: Final = {
    name: re.compile(rf"\b(?:{words})", re.IGNORECASE) for name, words in _FACET_WORDS.items()
}
#: These tell who the persona is only where the sentence begins; further on they are someone else.
_WHO: Final = frozenset({"child", "elder", "parent"})
_BEGINNING: Final = 32  # characters
_AGE: Final = re.compile(
    r"\b(\d{1,2})[- ]years?[- ](?:old|of age)|\baged? (\d{1,2})\b", re.IGNORECASE
)
#: What a relation may ask of the parent, as `facets` tells it from the parent's words.
NEEDS: Final = frozenset(_FACETS) | {"adult", "midlife"}
#: Each family has this many relations that fit anyone, so that nobody is left without one.
FITTING_ANYONE: Final = 4
#: Families whose people live in villages.
_RURAL: Final = ("land_village",)
#: What is said of few people and asked for by no cell: drawn by weight, every sixth child would be
#: deaf. Whoever works in the Gulf does not live in the cell.
_BEYOND_CELLS: Final = re.compile(
    r"\b(?:transgender|deaf|treatment|temple|dargah|church|gurdwara|monastery|Adivasi|Gulf)\b"
)


@dataclass(frozen=True)
class Relation:
    """Someone beside a persona.

    Attributes:
        name: Slug, as in `records.PERSONA`.
        family: The kind of relation (`kin`, `care_work`, ...).
        reveals: Whom it tends to bring to light; one of `REVEALS`.
        weight: How often it is drawn, against the others; low-visibility people weigh more.
        needs: The parent must show one of these facets; empty fits anyone.
        ages: Youngest and oldest age of the new person, in years.
        phrase: What the prompt says: "the cook who comes to this person's home before sunrise".
    """

    name: str
    family: str
    reveals: str
    weight: int
    needs: frozenset[str]
    ages: tuple[int, int]
    phrase: str

    def fits(self, shown: frozenset[str]) -> bool:
        """True where a parent who shows these facets can have this relation."""
        return not self.needs or bool(self.needs & shown)

    def age(self, *chance: str) -> int:
        """An age from `ages`, by seeded chance."""
        low, high = self.ages
        return low + int(unit_interval(self.name, "age", *chance) * (high - low + 1))


@cache
def relations() -> tuple[Relation, ...]:
    """The shipped catalogue, in the order of its file."""
    file = resources.files(__package__) / "relations.csv"
    return parse(file.read_text(encoding="utf-8"))


def parse(content: str) -> tuple[Relation, ...]:
    """Read a catalogue.

    Raises:
        RecipeError: A row is not in form, a name stands twice, or a family has too few relations
            that fit anyone.
    """
    rows = list(csv.DictReader(content.splitlines(), strict=True))
    found = tuple(map(_relation, rows))
    for number, relation in enumerate(found, start=2):
        problem = _problem(relation)
        if relation.name in {one.name for one in found[: number - 2]}:
            problem = "the name stands twice"
        if problem:
            raise _not_in_form(f"line {number}, '{relation.name}': {problem}")
    for family in {relation.family for relation in found}:
        anyone = sum(one.family == family and not one.needs for one in found)
        if anyone < FITTING_ANYONE:
            raise _not_in_form(f"family '{family}': only {anyone} relations fit anyone")
    return found


def facets(persona: str) -> frozenset[str]:
    """What simple word tests tell of a persona: any of `NEEDS`. English words only."""
    shown = {
        name
        for name, words in _FACETS.items()
        if words.search(persona, 0, _BEGINNING if name in _WHO else len(persona))
    }
    stated = _AGE.search(persona)
    if stated:
        age = int(stated[1] or stated[2])
        shown -= {"child", "elder"}
        shown |= {"child"} if age < 18 else {"elder"} if age >= 60 else set()
        shown |= {"midlife"} if 28 <= age <= 50 else set()
    if "child" in shown:
        return frozenset(shown & {"child", "student", "rural", "urban", "patient"})
    return frozenset(shown | {"adult"})


def draw(
    persona: str, *, chance: str, count: int, families: tuple[str, ...] = ()
) -> tuple[Relation, ...]:
    """`count` different relations that fit a persona, by weight and seeded chance.

    Each relation runs an exponential race of its own, so adding one to the catalogue moves no
    other.

    Args:
        persona: The parent's text.
        chance: What the draw depends on, beside the relations' names and weights.
        count: At most `FITTING_ANYONE`.
        families: Only from these; empty is all.
    """
    shown = facets(persona)
    fitting = [
        relation
        for relation in relations()
        if relation.fits(shown) and (not families or relation.family in families)
    ]
    return tuple(sorted(fitting, key=lambda relation: _finish(relation, chance))[:count])


def fitting(persona: str, wanted: Wanted, *, chance: str) -> Relation:
    """A relation of the persona whose people can be as `wanted`: of that sex, and with an age of
    that band; it says nothing of faith, community, illness or disability. Drawn by weight and
    seeded chance; the catalogue has some for every cell.
    """
    shown = facets(persona)
    able = [
        relation
        for relation in relations()
        if relation.fits(shown)
        and wanted.may_be(relation.ages)
        and may_be(relation.phrase, wanted.sex)
        and not _BEYOND_CELLS.search(relation.phrase)
        and (wanted.residence == "rural" or relation.family not in _RURAL)
    ]
    return min(able, key=lambda relation: _finish(relation, chance))


def _finish(relation: Relation, chance: str) -> tuple[float, str]:
    return -log(1.0 - unit_interval(chance, relation.name)) / relation.weight, relation.name


def _relation(row: dict[str, str]) -> Relation:
    try:
        low, high = row["ages"].split("-")
        return Relation(
            name=row["name"],
            family=row["family"],
            reveals=row["reveals"],
            weight=int(row["weight"]),
            needs=frozenset(row["needs"].split()),
            ages=(int(low), int(high)),
            phrase=row["phrase"].strip(),
        )
    except (KeyError, ValueError, AttributeError) as error:
        raise _not_in_form(f"'{row.get('name')}': {error}") from error


def _problem(relation: Relation) -> str:
    youngest, oldest = _AGES.get(relation.reveals, (18, 95))
    checks = {
        "the name is not a slug": not re.fullmatch(r"[a-z]+(_[a-z]+)*", relation.name),
        "unknown `reveals`": relation.reveals not in REVEALS,
        "the weight is not from 1 to 9": not 1 <= relation.weight <= 9,
        "unknown `needs`": not relation.needs <= NEEDS,
        "the ages do not fit": not youngest <= relation.ages[0] < relation.ages[1] <= oldest,
        "the phrase does not name this person": "this person" not in relation.phrase,
    }
    return next((problem for problem, found in checks.items() if found), "")


def _not_in_form(detail: str) -> RecipeError:
    return RecipeError(
        f"The catalogue of relations is not in form: {detail}.", cure="Mend relations.csv."
    )
