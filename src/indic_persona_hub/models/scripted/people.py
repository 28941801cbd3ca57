"""How the scripted model makes a sentence about somebody out of what it was asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from indic_persona_hub.models.scripted import words
from indic_persona_hub.prompts.shown import CLOSES, OPENS
from indic_persona_hub.records import unit_interval

T = TypeVar("T")

_OPENING: Final = re.compile(r"\bbegin with: (An? (\d{1,3})-year-old)", re.I)
#: Whom the second call of the small preset is about.
_SUBJECT: Final = re.compile(
    r"^Topic: (?P<topic>.+?)\. A person who [a-z ]+: (?P<role>.+?)\."
    r" Age (?P<age>\d+), [a-z]+\. Place: (?P<place>.+?)\.$",
    re.M,
)
_RELATION: Final = re.compile(
    r"^(?:the )?(?:other person|relation|person)\s*:\s*(.+?)(?:\. Age \d.*)?$", re.I | re.M
)
_AGE: Final = re.compile(r"\bAge (\d{1,3}), ")
#: Somebody who is wanted in one cell: a home that says whether it is a village or a town.
_HOME: Final = r"(?P<home>(?:a village|a town) in .+? district|the city of .+?)"
_WANTED: Final = re.compile(
    rf"(?:, (?P<gender>woman|man|girl|boy)\. Place: |year-old (?P<of>woman|man|girl|boy) in )"
    rf"{_HOME}, (?P<state>[A-Z][A-Za-z ]+?)\.?$",
    re.M,
)
#: Share of the wanted people whom it writes about as if nobody had been wanted.
ELSEWHERE: Final = 0.1
_HEAD: Final = re.compile(
    r"^(?:the|an?) ((?:[a-z-]+ ){0,2}?[a-z-]+?)(?: or [a-z-]+)?"
    r" (?:who|whom|whose|that|which|where|of|in|at|to|with|from|near|on|beside)\b"
)
#: One of a numbered list of people: by their stance to a passage, or by their relation to somebody.
_PERSON: Final = re.compile(r"^\d+\. (.+); (begin with: An? \d{1,3}-year-old(?: .+)?)$", re.M)
_ADJECTIVE: Final = re.compile(r"^(?:old|elderly|ageing|aged|young|little|small) ")
_KIN: Final = frozenset(
    ("grandmother grandfather daughter son grandchild cousin brother sister wife husband aunt uncle"
     " daughter-in-law nephew niece mother father").split()
)  # fmt: skip
#: Heads of a relation that do not say what the other person does.
_EMPTY_HEADS: Final = frozenset(
    "one person relative woman man child neighbour keeper attendant owner head first".split()
)
_LABEL: Final = re.compile(r"^[A-Z][a-z]+(?: [a-z]+)?: ")
#: A plural that ends a noun phrase, as far as small words and punctuation show it.
_NOUN: Final = re.compile(
    r"\b(?:the|an?|of|for|with|every|their|no) (?:[a-z]+ )?([a-z]{3,11}[a-rtv-z]s)"
    r"(?=[,.;:]| (?:of|and|is|are|was|were|will|at|in|from|to|for|by|on)\b)"
)
_NO_NOUN: Final = re.compile(r".*(?:ing|ed|ly|est|ous|ive|able|ible|ful|less|ical|self|selves)$")
_NO_TOPIC: Final = frozenset(
    ("about above after again against along also among another away back because been before behind"
     " being below between both each either else even every first from have here home into itself"
     " just know last later least like many more most much must near next none once only other over"
     " part persona person rest same second side such text than that them then there these they"
     " this those time times under until used very well were what when where which while will with"
     " work year years your").split()
)  # fmt: skip
_MOST_WORDS = 35
_GROWN: Final = (words.HABITS, words.WISHES)
_CHILD: Final = (words.CHILD_HABITS, words.CHILD_WISHES)


@dataclass(frozen=True)
class Asked:
    """What the scripted model understands of a request.

    Attributes:
        message: The last user message.
        context: All messages, so that nothing of the examples is said again.
        chance: What every choice hangs on.
    """

    message: str
    context: str
    chance: tuple[str, ...]

    @property
    def passage(self) -> str:
        """The longest line of the message: the passage, or the parent persona."""
        longest = _LABEL.sub("", max(self.message.splitlines(), key=len, default=""))
        return longest.removeprefix(OPENS).removesuffix(CLOSES)

    @property
    def subject(self) -> re.Match[str] | None:
        """Topic, role, age and place, where the message settles them."""
        return _SUBJECT.search(self.message)

    @property
    def wanted(self) -> tuple[str, str, str] | None:
        """Gender, home and state of somebody who is wanted in one cell, where it minds them."""
        found = _WANTED.search(self.message)
        if found is None or unit_interval(*self.chance, "elsewhere") < ELSEWHERE:
            return None
        return found["gender"] or found["of"], found["home"], found["state"]

    @property
    def relation(self) -> str:
        """The relation's phrase, or ""."""
        found = _RELATION.search(self.message)
        return found[1].strip() if found else ""

    def pick(self, what: str, options: Sequence[T]) -> T:
        """One of `options`."""
        return options[int(unit_interval(*self.chance, what) * len(options))]

    def people(self) -> list[Asked]:
        """Each person of a numbered list, as if asked for alone; empty where there is no list."""
        rest = _PERSON.sub("", self.message)
        return [
            replace(
                self,
                message=f"{rest}\nThe other person: {found[1]}\n{found[2]}",
                chance=(*self.chance, str(number)),
            )
            for number, found in enumerate(_PERSON.finditer(self.message))
        ]

    def unsaid(self, options: Sequence[str]) -> list[str]:
        """Those that begin as nothing in the request does; all where none is left."""
        new = [one for one in options if not any(way in self.context for way in _ways(one))]
        return new or list(options)


@dataclass(frozen=True)
class Sentence:
    """A persona, its field, and what the passage states of it ({name, value, words})."""

    persona: str
    field: str
    stated: list[dict[str, str]]


@dataclass(frozen=True)
class _Scene:
    """Who it is about and where; `noun` is a word of the passage, "" where it has none."""

    opening: str
    age: int
    role: str
    field: str
    place: str
    state: str
    where: str
    noun: str
    stated: list[dict[str, str]]

    def told(self, template: str) -> str:
        return template.format(**vars(self) | {"noun": self.noun or "local work"})


def hedged(asked: Asked) -> Sentence:
    """Somebody who may be anybody: what the hedging judge is for."""
    scene = _scene(asked)
    return Sentence(scene.told(asked.pick("hedge", words.HEDGED)), scene.field, [])


def body(asked: Asked) -> Sentence:
    """An organisation: what the not-a-person judge is for."""
    scene = _scene(asked)
    return Sentence(scene.told(asked.pick("body", words.BODIES)), scene.field, [])


def persona(asked: Asked) -> Sentence:
    """Somebody in particular, in 18 to 35 words."""
    scene = _scene(asked)
    child = scene.age < 18
    habits, wishes = _CHILD if child else _GROWN
    he, his = _pronouns(asked)
    habit = asked.pick("habit", asked.unsaid(habits)).format(he=he, his=his)
    wish = asked.pick("wish", asked.unsaid(wishes)).format(he=he, his=his)
    weave = scene.told(asked.pick("weave", words.WEAVES))
    woven = [f"{weave}, {habit} and {wish}", f"{weave} and {asked.pick('one', (habit, wish))}"]
    shapes = [f"{habit} and {wish}", habit]
    if scene.noun and not child:
        shapes = [*woven, *shapes]
    told = [f"{scene.opening} {scene.role} {scene.where} {shape}." for shape in shapes]
    fitting = [one for one in told if len(one.split()) <= _MOST_WORDS]
    return Sentence(fitting[0] if fitting else told[-1], scene.field, scene.stated)


def _pronouns(asked: Asked) -> tuple[str, str]:
    if asked.wanted is None:
        return asked.pick("pronoun", words.PRONOUNS)
    return words.PRONOUNS[asked.wanted[0] in ("man", "boy")]


def _scene(asked: Asked) -> _Scene:
    opening, age = _opening(asked)
    role, field = _role(asked, age)
    if asked.wanted is not None:
        gender, home, state = asked.wanted
        nouns = _nouns(asked)
        noun = asked.pick("noun", nouns) if nouns else ""
        where = f"in {home}, {state}, {'an' if role[0] in 'aeioA' else 'a'} {role},"
        return _Scene(opening, age, gender, field, home, state, where, noun, [])
    place, state, stated = _place(asked)
    where = asked.pick("where", words.WHERE).format(place=place, state=state)
    nouns = _nouns(asked)
    noun = asked.pick("noun", nouns) if nouns else ""
    return _Scene(opening, age, role, field, place, state, where, noun, stated)


def _ways(template: str) -> list[str]:
    """The first four words, with either pronoun."""
    start = " ".join(template.split()[:4])
    return [start.format(he=he, his=his) for he, his in words.PRONOUNS]


def _opening(asked: Asked) -> tuple[str, int]:
    found = _OPENING.search(asked.message)
    if found:
        return found[1], int(found[2])
    stated = _AGE.search(asked.message)
    age = int(stated[1]) if stated else 7 + int(unit_interval(*asked.chance, "age") * 72)
    article = "An" if str(age).startswith("8") or age in (11, 18) else "A"
    return f"{article} {age}-year-old", age


def _role(asked: Asked, age: int) -> tuple[str, str]:
    """What they do and its field: of the relation's person where one is asked for."""
    if settled := asked.subject:
        return settled["role"], settled["topic"]
    new = [one for one in words.ROLES if one.name not in asked.context]
    fitting = [one for one in new if one.youngest <= age <= one.oldest]
    found = _HEAD.match(asked.relation)
    head = _ADJECTIVE.sub("", found[1]) if found else ""
    last = head.rsplit(" ", 1)[-1]
    if last in _KIN:
        family = asked.pick("family", [one for one in new if one.oldest > 40])
        article = "an" if family.name[0] in "aeioA" else "a"
        return f"{head} of {article} {family.name}", family.field
    if head and last not in _EMPTY_HEADS:
        return head, head
    role = asked.pick("role", fitting or words.ROLES)
    return role.name, role.field


def _place(asked: Asked) -> tuple[str, str, list[dict[str, str]]]:
    """A place, and the state where the passage states it."""
    if settled := asked.subject:
        town, _, state = settled["place"].rpartition(", ")
        return town or state, state, []
    states = sorted({state for _, state in words.PLACES if state in asked.passage})
    if not states:
        new = [one for one in words.PLACES if one[0] not in asked.context]
        return *asked.pick("place", new or words.PLACES), []
    state = asked.pick("state", states)
    place, _ = asked.pick("place", [one for one in words.PLACES if one[1] == state])
    return place, state, [{"name": "state", "value": state, "words": state}]


def _nouns(asked: Asked) -> list[str]:
    """Words of the passage that look like common nouns, in order of first use."""
    found = dict.fromkeys(_NOUN.findall(asked.passage))
    return [one for one in found if one not in _NO_TOPIC and not _NO_NOUN.fullmatch(one)]


def sketch(asked: Asked) -> str:
    """Topic, place and four roles, in the lines that the small preset's first call asks for."""
    places = [place for place, _ in words.PLACES if place in asked.passage]
    grown = [one for one in words.ROLES if one.oldest > 40 and one.name not in asked.context]
    first = int(unit_interval(*asked.chance, "roles") * len(grown))
    roles = [grown[(first + 7 * step) % len(grown)] for step in range(4)]
    nouns = _nouns(asked)
    lines = {"Topic": asked.pick("noun", nouns) if nouns else roles[0].field}
    lines["Place"] = asked.pick("place", places) if places else "none"
    lines |= {
        name: role.name
        for name, role in zip(("Reads", "Writes", "Likes", "Dislikes"), roles, strict=True)
    }
    return "\n".join(f"{name}: {value}" for name, value in lines.items())
