"""A sketch: what a small model says of a passage before it writes about anyone.

Asked for a whole persona at once, a small model copies the passage and invents places; asked first
for the topic, the place and the roles of those concerned, it stays with the text, and its second
reply, written without the passage, has nothing to copy. Measured: docs/first_run.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from indic_persona_hub.prompts.people import gender, may_be
from indic_persona_hub.prompts.replies import opening
from indic_persona_hub.prompts.wanted import Wanted
from indic_persona_hub.records import unit_interval
from indic_persona_hub.reference.homes import settled_place

#: How the prompts speak of each stance.
STANCES: Final = {
    "read": "reads about it",
    "write": "writes about it",
    "like": "likes it",
    "dislike": "dislikes it",
}
_LINE: Final = re.compile(
    r"^\W*(topic|place|reads|writes|likes|dislikes)\W*:[ \t]*(.+?)\s*$", re.I | re.M
)
_MOST_ROLE_WORDS: Final = 7
_MOST_TOPIC_WORDS: Final = 6
#: What a small model writes where a person's role should stand.
_NOT_A_ROLE: Final = re.compile(
    r"\b(?:association|committee|department|ministry|government|office|agency|company|society|"
    r"family|families|group|team|board|council|court|union|school|college|university|hospital|"
    r"bank|organi[sz]ation|community|public|people|media|police|party|court|market|shop|centre|"
    r"center|scheme|gameplay|subtitles|toys?|animals?|dogs?|cats?|fish|forest|none|nobody|"
    r"unknown|n/a|prince|princess|king|queen|fairy|ghost|god|goddess|"
    r"chief minister|prime minister|president of india|foreign \w+)$|[\d:;/]",
    re.I,
)
_CHILD: Final = re.compile(
    r"\b(?:boy|girl|child|daughter|son|toddler|school(?:boy|girl|child)|pupil)\b"
)
_ELDER: Final = re.compile(r"\b(?:retired|grand\w+|old|elder|elderly|widow|widower|pensioner)\b")
_YOUTH: Final = re.compile(
    r"\b(?:student|apprentice|trainee|aspirant|intern|youth|teenager|college|young)\b"
)


#: Ages of a role that says nothing of age: as they are drawn, and as they can be.
_USUAL: Final = (22, 63)
_GROWN: Final = (18, 74)


class Subject(NamedTuple):
    """Whom the second prompt is about. Fields are named like its placeholders."""

    topic: str
    place: str
    role: str
    stance: str
    stance_phrase: str
    age: str
    gender: str
    opening: str


def subject(
    reply: str,
    *,
    language: str,
    stances: Sequence[str],
    draw: int,
    chance: str,
    wanted: Wanted | None = None,
) -> Subject | None:
    """The person to write about, from a sketch; None where it names no usable role or no topic.

    Args:
        reply: The model's sketch.
        language: The document's language, ISO 639-3; bounds where a place is drawn.
        stances: Those that the recipe wants.
        draw: Which of the candidates; each takes another stance while there are some.
        chance: Seeds everything that is drawn.
        wanted: Whom a gap asks for: age, gender and place are theirs, and so is the role.
    """
    lines = {name.lower(): value for name, value in _LINE.findall(reply)}
    topic = _cleaned(lines.get("topic", ""))
    roles = {stance: _role(lines.get(f"{stance}s", "")) for stance in stances}
    usable = sorted(
        (stance for stance in stances if roles[stance] and _is_open(roles[stance], wanted)),
        key=lambda stance: unit_interval("stance", chance, stance),
    )
    if not usable or not topic or len(topic.split()) > _MOST_TOPIC_WORDS:
        return None
    stance = usable[draw % len(usable)]
    role, drawn = roles[stance], f"{chance} {draw}"
    if wanted:
        told = wanted.told(_ages(role, _GROWN), chance)
        return Subject(topic, role=role, stance=stance, stance_phrase=STANCES[stance], **told)
    place = settled_place(lines.get("place", ""), language=language, chance=chance)
    low, high = _ages(role, _USUAL)
    age = low + int(unit_interval("age", drawn) * (high - low + 1))
    of_gender = gender(role, age, drawn)
    begin = opening(age)
    return Subject(topic, place, role, stance, STANCES[stance], str(age), of_gender, begin)


def _is_open(role: str, wanted: Wanted | None) -> bool:
    """Whether the role can be that of whoever is wanted."""
    return wanted is None or (may_be(role, wanted.sex) and wanted.may_be(_ages(role, _GROWN)))


def _cleaned(text: str) -> str:
    return " ".join(text.strip(" .*\"'`").split())


def _role(text: str) -> str:
    """One person's role in lower case, or "" where the words name none."""
    words = _cleaned(text.split(",")[0].split("(")[0]).lower().split()
    if words[:1] and words[0] in ("a", "an", "the"):
        words = words[1:]
    if not 1 <= len(words) <= _MOST_ROLE_WORDS:
        return ""
    if "who" not in words and "in" not in words and "of" not in words:
        words[-1] = _singular(words[-1])
    role = " ".join(words)
    return "" if _NOT_A_ROLE.search(role) else role


def _singular(word: str) -> str:
    if word.endswith("men"):
        return word[:-3] + "man"
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is", "'s")):
        return word[:-1]
    return word


def _ages(role: str, otherwise: tuple[int, int]) -> tuple[int, int]:
    """Youngest and oldest age that fit the role, in years."""
    if _ELDER.search(role):
        return 60, 79
    if _CHILD.search(role):
        return 7, 14
    return (17, 24) if _YOUTH.search(role) else otherwise
