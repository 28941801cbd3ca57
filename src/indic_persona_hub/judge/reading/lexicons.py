"""The tables of words that the rules look for, each as one lexicon."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from indic_persona_hub import reference
from indic_persona_hub.reference.lexicon import Lexicon


class Gendered(NamedTuple):
    """What a gendered word states: `gender` is empty where it states none in this phrase."""

    gender: str
    kind: str


@cache
def titles() -> Lexicon[str]:
    """Occupation titles and their synonyms in English and Hindi, by the title that is the code."""
    rows = reference.load("occupations").to_pylist()
    return Lexicon(
        (spelled, row["title"])
        for row in rows
        for spelled in (*row["synonyms"], *row["hindi"], row["title"])
    )


@cache
def title_of(text: str) -> str | None:
    """The title (a code of the table `occupations`) that `text` as a whole names, or None."""
    return titles().whole(text)


@cache
def least_ages() -> dict[str, int]:
    """Age in years below which nobody holds a title, by title; 0 where there is none."""
    table = reference.load("occupations")
    return dict(zip(table["title"].to_pylist(), table["least_age"].to_pylist(), strict=True))


@cache
def gender_words() -> Lexicon[Gendered]:
    """Gendered nouns, adjectives and pronouns."""
    rows = sorted(reference.load("gender_words").to_pylist(), key=lambda row: row["kind"] == "noun")
    return Lexicon((row["word"], Gendered(row["gender"] or "", row["kind"])) for row in rows)


@cache
def gender_adjectives() -> frozenset[str]:
    """Gendered adjectives as they are written."""
    rows = reference.load("gender_words").to_pylist()
    return frozenset(row["word"] for row in rows if row["kind"] == "adjective")


@cache
def residence_words() -> Lexicon[str]:
    """`rural` or `urban` by word; empty for phrases in which the word states neither."""
    rows = reference.load("residence_words").to_pylist()
    return Lexicon((row["word"], row["residence"] or "") for row in rows)


@cache
def language_words() -> Lexicon[str]:
    """Languages (ISO 639-3) by their names."""
    return Lexicon(
        (row["word"], row["code"]) for row in reference.load("language_words").to_pylist()
    )


@cache
def religion_words() -> Lexicon[tuple[str, str]]:
    """Religion and kind of word; both empty for phrases in which the word states none."""
    rows = reference.load("religion_words").to_pylist()
    return Lexicon((row["word"], (row["religion"] or "", row["kind"] or "")) for row in rows)


@cache
def community_words() -> Lexicon[str]:
    """Community by word; empty for phrases in which the word states none."""
    rows = reference.load("community_words").to_pylist()
    return Lexicon((row["word"], row["community"] or "") for row in rows)


class Schooling(NamedTuple):
    """What a word of education states.

    Attributes:
        level: The level that is completed, empty where the word states none.
        student_level: The level that one has completed who still studies for it.
        kind: `degree` (one has it), `holder` (one is it), `pupil` or `unschooled`.
    """

    level: str
    student_level: str
    kind: str


@cache
def education_words() -> Lexicon[Schooling]:
    """Words of education."""
    rows = reference.load("education_words").to_pylist()
    columns = ("level", "student_level", "kind")
    return Lexicon((row["word"], Schooling(*(row[one] or "" for one in columns))) for row in rows)


@cache
def disability_words() -> Lexicon[tuple[str, str]]:
    """Disability and kind of word; both empty for phrases in which the word states none."""
    rows = reference.load("disability_words").to_pylist()
    return Lexicon((row["word"], (row["disability"] or "", row["kind"] or "")) for row in rows)


@cache
def nco_of_titles() -> dict[str, str]:
    """NCO-2015 codes by title, of those titles that have one."""
    table = reference.load("occupations")
    rows = zip(table["title"].to_pylist(), table["nco"].to_pylist(), strict=True)
    return {title: code for title, code in rows if code}


@cache
def stage_words() -> Lexicon[tuple[str | None, int, int]]:
    """Band, least and most age in years by word for a stage of life."""
    return Lexicon(
        (row["word"], (row["band"], row["least_age"], row["most_age"]))
        for row in reference.load("age_words").to_pylist()
    )
