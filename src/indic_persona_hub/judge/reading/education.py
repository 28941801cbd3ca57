"""The highest level of education that a persona has completed, as its text states it.

A pupil of class 9 has completed class 8; who studies for a degree has completed the level below it.
A profession states no degree, a degree of somebody else none of the persona's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from indic_persona_hub.judge.reading import word_facts as facts
from indic_persona_hub.judge.reading.age_numbers import grade_at, grades
from indic_persona_hub.judge.reading.clauses import Reading, Span
from indic_persona_hub.judge.reading.denials import is_denied
from indic_persona_hub.judge.reading.lexicons import Schooling, education_words
from indic_persona_hub.judge.reading.persons import describes, heads_phrase, is_predicate
from indic_persona_hub.judge.reading.roles import Stated, other_before, owns_in_hindi
from indic_persona_hub.records import EDUCATION_LEVELS
from indic_persona_hub.reference.lexicon import Match

_HAS: Final = frozenset(
    "has have holds holding hold earned completed finished obtained got possesses did after "
    "completing earning gained cleared passed with finishing".split()
)
_PURSUES: Final = frozenset("pursuing pursues studying doing for towards".split())
_STUDIES: Final = frozenset("studying studies study working preparing enrolled reading".split())
_BETWEEN: Final = frozenset(
    "a an the her his their first second online distance part time double three year two four "
    "law engineering commerce science arts nursing pharmacy agriculture".split()
)
#: After a degree: it is a course, an examination or a seat, and not yet earned.
_NOT_YET: Final = frozenset(
    "student students aspirant aspirants candidate course courses class classes programme program "
    "exam exams entrance admission seat college hostel dropout degree-course coaching".split()
)
_COLLEGES: Final = frozenset("university college iit nit institute".split())
_LEFT: Final = frozenset("dropped left studied quit stopped discontinued schooling studies".split())
_UNTIL: Final = frozenset("after till until upto through".split())
_PASSED: Final = frozenset("completed passed finished cleared completing passing".split())
#: Lowest class completed for each level, from the highest.
_BY_CLASS: Final = (
    (12, "higher_secondary"), (10, "secondary"), (8, "middle"), (5, "primary"),
    (0, "below_primary"),
)  # fmt: skip


def level_of_class(completed: int) -> str:
    """The level of one who has completed this class of a school, 0 to 12."""
    return next(level for least, level in _BY_CLASS if completed >= least)


def education(reading: Reading) -> Stated | None:
    """The highest level that the text states; None where it states none, or contradicts itself."""
    if not reading.of_kind(facts.EDUCATION | facts.GRADE):
        return None
    found = [
        *_by_words(reading), *_pupils(reading), *_by_class(reading), *_graduated(reading),
    ]  # fmt: skip
    levels = {one.value for one in found}
    if not found or ("illiterate" in levels and len(levels) > 1):
        return None
    return max(found, key=lambda one: EDUCATION_LEVELS.index(one.value))


def _by_words(reading: Reading) -> Iterator[Stated]:
    for match in reading.find(education_words(), facts.EDUCATION):
        level = _level(reading, match)
        if level:
            yield Stated(level, Span(match.first, match.last))


def _level(reading: Reading, match: Match[Schooling]) -> str:
    """The level that the words at `match` state of the person, empty where they state none."""
    span, said = Span(match.first, match.last), match.value
    if not said.level or is_denied(reading, span):
        return ""
    if said.kind == "degree":
        return _by_degree(reading, span, said)
    if said.kind == "pupil":
        return said.level if heads_phrase(reading, span) else ""
    if said.kind == "unschooled" and (reading.language != "english" or span.last - span.first > 1):
        if reading.role(span.first) == "other" or other_before(reading, span.first):
            return ""
        others = reading.language == "hindi" and owns_in_hindi(reading, span.last)
        return "" if others else said.level
    if reading.key(span.first - 1) == "school":
        return ""
    named = describes(reading, span, of_body=True) or heads_phrase(reading, span)
    apposed = reading.breaks(span.first) and reading.breaks(span.last) and span.first > 0
    own = apposed and reading.role(span.first) != "other"
    return said.level if named or own or is_predicate(reading, span.first) else ""


def _by_degree(reading: Reading, span: Span, said: Schooling) -> str:
    if reading.language == "hindi":
        return _by_degree_in_hindi(reading, span.last, said)
    if not _is_written(reading.words(span)) or reading.key(span.last) in _NOT_YET:
        return ""
    if {"school", "life"} <= {reading.key(one) for one in range(span.last, span.last + 6)}:
        return ""
    place = span.first - 1
    while reading.key(place) in _BETWEEN and place > span.first - 6:
        place -= 1
    key = reading.key(place)
    if place < 0 or reading.role(place) == "other" or other_before(reading, place):
        return ""
    if reading.key(place - 1) == "to":  # "claims to have a PhD"
        return ""
    if key == "for" and reading.key(place - 1) not in _STUDIES:
        return ""
    if key in _PURSUES:
        return said.student_level
    return said.level if key in _HAS and _has(reading, place) else ""


def _has(reading: Reading, place: int) -> bool:
    """Whether the person is the one that has what follows "has", "with" or "after" at `place`."""
    if reading.key(place) != "with":
        return True
    named = facts.SOMEBODY | facts.KIN | facts.OTHERS
    return not any(reading.has(one, named) for one in range(reading.opening, place))


def _is_written(words: str) -> bool:
    """Whether an abbreviation has its capitals: "MA", not "Ma"; "B.Tech", not "be"."""
    letters = [letter for letter in words if letter.isalpha()]
    if len(letters) <= 3:
        return words.isupper() or words == "PhD" or words in ("BSc", "MSc", "BEd", "MEd")
    return any(letter.isupper() for letter in letters) or len(letters) >= 6


def _by_degree_in_hindi(reading: Reading, after: int, said: Schooling) -> str:
    if reading.role(after - 1) == "other" or owns_in_hindi(reading, after + 1):
        return ""
    key, second = reading.key(after), reading.key(after + 1)
    if key in ("पास", "किया") or (key == "की" and second == "डिग्री"):
        return said.level
    if key == "कर":
        if second.startswith("रह"):
            return said.student_level
        return said.level if second.startswith("चुक") else ""
    return ""


def _pupils(reading: Reading) -> Iterator[Stated]:
    """Pupils of a class have completed the one below it."""
    for grade, span in grades(reading):
        if reading.role(span.first) != "other":
            yield Stated(level_of_class(grade - 1), span)


def _graduated(reading: Reading) -> Iterator[Stated]:
    """ "graduated from the University of Mysore"."""
    for place in reading.of_kind(facts.EDUCATION):
        if reading.key(place) != "graduated" or reading.key(place + 1) not in ("from", "in"):
            continue
        rest = {reading.key(one) for one in range(place + 2, place + 9)}
        own = reading.role(place) != "other" and not other_before(reading, place)
        own = own and not is_denied(reading, Span(place, place + 1))
        if own and rest & _COLLEGES and "school" not in rest:
            yield Stated("graduate", Span(place, place + 2))


def _by_class(reading: Reading) -> Iterator[Stated]:
    """ "dropped out after class 8", "studied up to class 5", "passed class 10"."""
    if reading.language != "english":
        return
    for place in reading.of_kind(facts.GRADE):
        found = grade_at(reading, place)
        if found is None or is_denied(reading, Span(place, place + 1)):
            continue
        grade, last = found
        first = place - (reading.key(place - 1) == "the")
        stated = _left_at(reading, first, grade) or _passed(reading, first, last, grade)
        if stated:
            yield Stated(stated[1], Span(stated[0], last))


def _left_at(reading: Reading, first: int, grade: int) -> tuple[int, str] | None:
    """Where the words start that say that the person left school, and the level completed."""
    start = max(reading.sentence_of(first).first, first - 8)
    verb = next((one for one in range(first - 1, start - 1, -1) if reading.key(one) in _LEFT), None)
    if verb is None or reading.role(max(verb - 1, 0)) == "other" or other_before(reading, verb):
        return None
    before = reading.key(first - 1)
    if before in _UNTIL or (before == "to" and reading.key(first - 2) == "up"):
        return verb, level_of_class(grade)
    left = reading.key(verb) in ("dropped", "left", "quit")
    return (verb, level_of_class(grade - 1)) if left and before in ("in", "of", "from") else None


def _passed(reading: Reading, first: int, last: int, grade: int) -> tuple[int, str] | None:
    if reading.role(first) == "other" or other_before(reading, first):
        return None
    if reading.key(first - 1) in _PASSED:
        return first - 1, level_of_class(grade)
    stands = reading.in_phrase(first) or reading.breaks(first)
    if reading.key(last) in ("pass", "passed") and stands and first > 0:
        return first, level_of_class(grade)
    if reading.key(first - 1) == "failed":
        return first - 1, level_of_class(grade - 1)
    if reading.key(last) == "dropout" and reading.in_phrase(last):
        levels = {level_of_class(grade), level_of_class(grade - 1)}
        return (first, levels.pop()) if len(levels) == 1 else None
    return None
