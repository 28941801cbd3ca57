"""Numbers of years and of school classes as a text writes them, in English and Hindi."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from indic_persona_hub.judge.reading import number_words as words
from indic_persona_hub.judge.reading import word_facts as facts
from indic_persona_hub.judge.reading.clauses import Reading, Span


def _number_at(keys: Sequence[str], place: int) -> tuple[int, int] | None:
    """The number of at most three digits that starts at `place`, and where it ends."""
    word = keys[place] if place < len(keys) else ""
    if word.isdecimal() and len(word) <= 3:
        return int(word), place + 1
    if word in words.TENS:
        after = keys[place + 1] if place + 1 < len(keys) else ""
        ten, one = words.TENS[word], words.ONES.get(after, 0)
        return (ten + one, place + 2) if 0 < one < 10 else (ten, place + 1)
    return (words.ONES[word], place + 1) if word in words.ONES else None


def numbers_in(reading: Reading) -> Iterator[tuple[int, int, int]]:
    """All numbers of the text from left to right: value, first word, last (not included)."""
    return numbers_among(reading.keys, reading.of_kind(facts.NUMBER))


def numbers_among(keys: Sequence[str], places: Iterable[int]) -> Iterator[tuple[int, int, int]]:
    """The same among words given by their `keys`, for numbers that start at `places`."""
    free = 0
    for place in places:
        found = _number_at(keys, place) if place >= free else None
        if found:
            yield found[0], place, found[1]
            free = found[1]


def years_old(reading: Reading, place: int) -> int | None:
    """Where "year-old", "years old", "yrs old" that starts at `place` ends."""
    if reading.key(place) in ("year", "years", "yr", "yrs") and reading.key(place + 1) == "old":
        return place + 2
    return place + 1 if reading.key(place) == "yo" else None


def past_age(reading: Reading, place: int) -> int:
    """Where an age that starts at `place` ends: "28-year-old", "28 वर्षीय"; `place` if none does."""
    if reading.breaks(place) or (found := _number_at(reading.keys, place)) is None:
        return place
    last = found[1]
    if reading.language != "hindi":
        return years_old(reading, last) or place
    if reading.key(last) in words.HINDI_AGED:
        return last + 1
    counted = reading.key(last) in words.HINDI_YEARS
    return last + 2 if counted and reading.key(last + 1) in ("का", "की", "के") else place


def grades(reading: Reading) -> Iterator[tuple[int, Span]]:
    """School classes (1 to 12) that the persona attends, with their words."""
    for place in reading.of_kind(facts.GRADE):
        if (found := grade_at(reading, place)) is not None:
            grade, last = found
            end = _attended(reading, place, last)
            if end is not None:
                yield grade, Span(place, end)


def grade_at(reading: Reading, place: int) -> tuple[int, int] | None:
    """A grade and where its words end: "class 9", "class IX", "9th standard", "ninth-grader"."""
    word, after = reading.key(place), reading.key(place + 1)
    if word in (*words.CLASS, words.HINDI_CLASS):
        number = int(after) if after.isdecimal() and len(after) < 3 else words.ROMAN.get(after, 0)
        return (number, place + 2) if 1 <= number <= 12 else None
    if word in words.ORDINALS and after in (*words.CLASS, "grader"):
        return words.ORDINALS[word], place + 2
    if word in words.HINDI_ORDINALS and after == words.HINDI_CLASS:
        return words.HINDI_ORDINALS[word], place + 2
    return None


def _attended(reading: Reading, first: int, last: int) -> int | None:
    """Where the words end by which the persona attends the class, None where it does not."""
    after = reading.key(last)
    if reading.in_phrase(first) and after in words.PUPILS and not reading.breaks(last):
        return last + 1 if reading.key(last + 1) != "s" else None
    if reading.key(last - 1) == "grader" and reading.in_phrase(first):
        return last
    if after in ("की", "का", "के", "में") and reading.language == "hindi":
        if reading.key(last + 1) in words.HINDI_PUPILS:
            others = reading.key(last + 2) in ("का", "की", "के")
            return None if others else last + 2
        return last + 2 if reading.key(last + 1).startswith("पढ") else None
    studies = reading.key(first - 1) in words.STUDIES and reading.key(first - 2) in (
        "studies", "studying", "student", "pupil", "enrolled",
    )  # fmt: skip
    sits = reading.key(first - 1) == "in" and reading.key(first - 2) in ("girl", "boy")
    return last if studies or (sits and reading.in_phrase(first - 2)) else None
