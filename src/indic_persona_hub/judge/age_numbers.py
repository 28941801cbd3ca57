"""Numbers of years and of school classes as a text writes them, in English and Hindi."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from indic_persona_hub.judge.clauses import Reading, Span

_ONES: Final = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS: Final = {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
#: "twenties" and "20s", by the first year.
DECADES: Final = {
    **{word[:-1] + "ies": value for word, value in _TENS.items()},
    **{f"{value}s": value for value in _TENS.values()},
}
#: The years of a decade that its parts hold.
PARTS: Final = {"early": (0, 3), "mid": (4, 6), "middle": (4, 6), "late": (7, 9)}

_ROMAN: Final = dict(
    zip("i ii iii iv v vi vii viii ix x xi xii".split(), range(1, 13), strict=True)
)
_ORDINALS: Final = {
    **dict(
        zip(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh "
            "twelfth".split(),
            range(1, 13),
            strict=True,
        )
    ),
    **{"1st": 1, "2nd": 2, "3rd": 3, **{f"{grade}th": grade for grade in range(4, 13)}},
}
_HINDI_ORDINALS: Final = {
    "पहली": 1, "दूसरी": 2, "तीसरी": 3, "चौथी": 4, "पांचवीं": 5, "छठी": 6, "सातवीं": 7,
    "आठवीं": 8, "नौवीं": 9, "नवीं": 9, "दसवीं": 10, "ग्यारहवीं": 11, "बारहवीं": 12,
}  # fmt: skip
_CLASS: Final = ("class", "standard", "grade", "std")
_PUPILS: Final = ("student", "pupil", "girl", "boy", "topper", "learner", "schoolgirl", "schoolboy")
_HINDI_PUPILS: Final = ("छात्र", "छात्रा", "विद्यार्थी")
_STUDIES: Final = ("in", "of")

HINDI_AGED: Final = ("वर्षीय", "वर्षीया")
HINDI_YEARS: Final = ("साल", "वर्ष", "बरस")


def _number_at(reading: Reading, place: int) -> tuple[int, int] | None:
    """The number of at most three digits that starts at `place`, and where it ends."""
    word = reading.key(place)
    if word.isdecimal() and len(word) <= 3:
        return int(word), place + 1
    if word in _TENS:
        one = _ONES.get(reading.key(place + 1), 0)
        return (_TENS[word] + one, place + 2) if 0 < one < 10 else (_TENS[word], place + 1)
    return (_ONES[word], place + 1) if word in _ONES else None


def numbers_in(reading: Reading) -> Iterator[tuple[int, int, int]]:
    """All numbers of the text from left to right: value, first token, last (not included)."""
    place = 0
    while place < len(reading.tokens):
        found = _number_at(reading, place)
        if found:
            yield found[0], place, found[1]
        place = found[1] if found else place + 1


def grades(reading: Reading) -> Iterator[tuple[int, Span]]:
    """School classes (1 to 12) that the persona attends, with their words."""
    for place in range(len(reading.tokens)):
        if (found := _grade_at(reading, place)) is not None:
            grade, last = found
            end = _attended(reading, place, last)
            if end is not None:
                yield grade, Span(place, end)


def _grade_at(reading: Reading, place: int) -> tuple[int, int] | None:
    """A grade and where its words end: "class 9", "class IX", "9th standard", "ninth-grader"."""
    word, after = reading.key(place), reading.key(place + 1)
    if word in (*_CLASS, "कक्षा"):
        number = int(after) if after.isdecimal() and len(after) < 3 else _ROMAN.get(after, 0)
        return (number, place + 2) if 1 <= number <= 12 else None
    if word in _ORDINALS and after in (*_CLASS, "grader"):
        return _ORDINALS[word], place + 2
    if word in _HINDI_ORDINALS and after == "कक्षा":
        return _HINDI_ORDINALS[word], place + 2
    return None


def _attended(reading: Reading, first: int, last: int) -> int | None:
    """Where the words end by which the persona attends the class, None where it does not."""
    after = reading.key(last)
    if reading.in_phrase(first) and after in _PUPILS and not reading.breaks(last):
        return last + 1
    if reading.key(last - 1) == "grader" and reading.in_phrase(first):
        return last
    if after in ("की", "का", "के", "में") and reading.language == "hindi":
        if reading.key(last + 1) in _HINDI_PUPILS:
            return last + 2
        return last + 2 if reading.key(last + 1).startswith("पढ") else None
    studies = reading.key(first - 1) in _STUDIES and reading.key(first - 2) in (
        "studies", "studying", "student", "pupil", "enrolled",
    )  # fmt: skip
    return last if studies else None
