"""How old a persona is, as its text states it: exact ages, decades, classes and stages of life.

Of each statement the least and the most age (in years) are kept. A band is read only where it holds
both ("in her early forties" states 35-44; "in her forties" states none). Ages of others ("her
7-year-old son"), of things ("a 40-year-old loom") and spans of time ("for 20 years") do not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from indic_persona_hub.judge.reading import number_words as words
from indic_persona_hub.judge.reading import word_facts as facts
from indic_persona_hub.judge.reading.age_numbers import grades, numbers_in, years_old
from indic_persona_hub.judge.reading.clause_words import HINDI_AGE, KIN, OTHERS
from indic_persona_hub.judge.reading.clauses import Reading, Span
from indic_persona_hub.judge.reading.lexicons import least_ages, stage_words, titles
from indic_persona_hub.judge.reading.roles import names_person, occupation, owns_in_hindi
from indic_persona_hub.records import AGE_BANDS

#: No person is older, in years.
OLDEST: Final = 120
#: Words by which a number of years is none of the person's, or not a certain one.
_ABOUT: Final = frozenset("nearly almost about around over under above below than".split())
#: What joins two ages: "aged 7 to 12".
_TO: Final = frozenset(("to", "or", "and"))
#: Their possessives describe work and studies: "a 34-year-old women's rights lawyer".
_MANY: Final = frozenset("women men children people bachelor master".split())
_THINGS: Final = frozenset(
    "tradition shop temple tree house school company car building dispute case bus truck tractor "
    "loom system mill factory library firm business mosque church fort bridge dam haveli well "
    "banyan orchard recipe festival stall hotel band theatre hall newspaper farm bakery".split()
)


class Age(NamedTuple):
    """An age that the text states of the persona, in years, and its words.

    Attributes:
        least: The least age that the words allow.
        most: The most age that the words allow.
        band: The band that the words state, where they state one.
        exact: True for a number of years.
        span: The words.
    """

    least: int
    most: int
    band: str | None
    exact: bool
    span: Span


def band_of(age: int) -> str:
    """The band of `records.AGE_BANDS` that holds `age` years."""
    lows = [int(band.rstrip("+").split("-")[0]) for band in AGE_BANDS]
    return AGE_BANDS[sum(low <= age for low in lows) - 1]


def ages(reading: Reading) -> list[Age]:
    """All ages that the text states of the persona, exact ones first, in order."""
    exact = _hindi_exact if reading.language == "hindi" else _english_exact
    found = [one for one in exact(reading) if one.most <= OLDEST]
    found += _decades(reading)
    found += _classes(reading)
    found += _stages(reading)
    return found


def _exact(value: int, span: Span) -> Age:
    return Age(value, value, band_of(value), True, span)


def _english_exact(reading: Reading) -> Iterator[Age]:
    found = list(numbers_in(reading))
    for at, (value, first, last) in enumerate(found):
        old = years_old(reading, last)
        if reading.key(first - 1) in _ABOUT or (at and _joined(reading, found[at - 1][2], first)):
            continue
        if old and _is_of_person(reading, first, old):
            yield _exact(value, Span(first, old))
        elif _is_aged(reading, first):
            after = found[at + 1] if at + 1 < len(found) else None
            if after and _joined(reading, last, after[1]):
                yield _range(value, after[0], Span(first - 1, after[2]))
            else:
                yield _exact(value, Span(first - 1, old or last))
        elif _is_apposed(reading, first, last):
            yield _exact(value, Span(first, last))


def _joined(reading: Reading, last: int, first: int) -> bool:
    """Whether a number that ends before `last` and one at `first` are one range: "20-to-30"."""
    if first == last:
        return reading.gap(first).strip() in ("-", "\u2013", "\u2011")
    return first == last + 1 and reading.key(last) in _TO and not reading.breaks(first)


def _is_of_person(reading: Reading, first: int, last: int) -> bool:
    phrase = next((one for one in reading.phrases if one.first <= first < one.last), None)
    if phrase is not None:
        rest = {reading.key(place) for place in range(last, phrase.last)}
        thing = reading.key(phrase.last - 1) in _THINGS
        others = "s" in rest and not _is_own(reading, Span(phrase.first, first), last)
        return not (thing or others) and reading.role(first) != "other"
    said = reading.key(first - 1) in ("is", "turned", "now", "am", "just")
    start = reading.sentence_of(first).first
    before = {reading.key(place) for place in range(start, first)}
    return said and reading.role(first) != "other" and not before & (KIN | OTHERS | _THINGS)


def _is_own(reading: Reading, before: Span, last: int) -> bool:
    """Whether an age that stands after `before` and ends at `last` is the person's though a
    possessive follows: "a 45-year-old farmer's wife", not "a 12-year-old girl's father".
    """
    owner = reading.keys.index("s", last) - 1
    if reading.key(owner) in _MANY:
        return True
    worker = reading.find(titles(), facts.TITLE, last, owner + 1)
    leads = "s" not in reading.keys[before.first : before.last]
    return leads and bool(worker) and worker[0].last == owner + 1


def _is_aged(reading: Reading, first: int) -> bool:
    """ "aged 34" in the opening, right after what the person is, a name or a comma."""
    place = first - 1
    if reading.role(first) != "opening" or reading.key(place) not in ("aged", "age"):
        return False
    named = place > 0 and reading.word(place - 1)[0].isupper()
    return reading.breaks(place) or named or place == 0 or reading.in_phrase(place - 1)


def _is_apposed(reading: Reading, first: int, last: int) -> bool:
    """ "Meena Devi (34)", "a tailor, 38, ..."."""
    if not 0 < first < 6 or reading.sentence_of(0).last <= first:
        return False
    ends = reading.word(first - 1)[0].isupper() or first == reading.opening
    named = ends and reading.role(first) == "opening"
    gap = reading.gap(first).strip()
    after = reading.gap(last).strip() if last < len(reading) else "."
    closes = {",": (",", ".", ""), "(": (")", "),")}.get(gap, ())
    return named and bool(after or last == len(reading)) and after in closes


def _hindi_exact(reading: Reading) -> Iterator[Age]:
    for first in reading.of_kind(facts.DIGITS):
        number = reading.key(first)
        if not number.isdecimal() or len(number) > 3 or reading.role(first) == "other":
            continue
        unit, after = reading.key(first + 1), reading.key(first + 2)
        value, years = int(number), unit in words.HINDI_YEARS
        if unit in words.HINDI_AGED:
            if not owns_in_hindi(reading, first + 2):
                yield _exact(value, Span(first, first + 2))
        elif reading.key(first - 1) in HINDI_AGE:
            yield _exact(value, Span(first - 1, first + (2 if years else 1)))
        elif years and after in ("की", "का", "के") and _hindi_person(reading, first + 3):
            yield _exact(value, Span(first, first + 3))


def _hindi_person(reading: Reading, place: int) -> bool:
    if reading.key(place) in HINDI_AGE:
        return True
    place += reading.key(place) == "एक"
    return names_person(reading, place) is not None and not owns_in_hindi(reading, place)


def _decades(reading: Reading) -> Iterator[Age]:
    """ "in her early forties", "in his late 50s"."""
    for whose in reading.of_kind(facts.POSSESSIVE):
        place = whose - 1
        said = reading.key(place) == "in" and reading.key(whose) in ("her", "his", "their")
        if not said or reading.role(place) == "other":
            continue
        part = reading.key(place + 2)
        shift = part in words.PARTS
        decade = words.DECADES.get(reading.key(place + 2 + shift))
        if decade is not None:
            low, high = words.PARTS[part] if shift else (0, 9)
            yield _range(decade + low, decade + high, Span(place, place + 3 + shift))


def _range(least: int, most: int, span: Span) -> Age:
    band = band_of(least) if band_of(least) == band_of(most) else None
    return Age(least, most, band, False, span)


def _classes(reading: Reading) -> Iterator[Age]:
    """Ages of pupils: usually grade plus 5 years."""
    for grade, span in grades(reading):
        if reading.role(span.first) != "other":
            usual = grade + 5
            band = None if usual == 12 else band_of(usual)
            yield Age(max(grade + 2, 4), grade + 11, band, False, span)


def _stages(reading: Reading) -> Iterator[Age]:
    for phrase in reading.phrases:
        for match in reading.find(stage_words(), facts.STAGE, *phrase):
            span = Span(match.first, match.last)
            band, least, most = match.value
            if reading.role(span.first) != "other" and _names_subject(reading, span, phrase):
                yield Age(least, most, band, False, span)


def _names_subject(reading: Reading, span: Span, phrase: Span) -> bool:
    """Whether the stage word is said of the person: it heads the phrase or describes its head."""
    rest = {reading.key(place) for place in range(span.last, phrase.last)}
    if "s" in rest or reading.key(span.last) in ("की", "का", "के", "को"):
        return False
    describes = reading.words(span).lower() in ("retired", "elderly", "सेवानिवृत्त", "रिटायर्ड")
    return describes or reading.breaks(span.last) or span.last >= phrase.last


def age_band(reading: Reading) -> tuple[str, Span] | None:
    """The band that the text states; None where it states none, or two, or one that nobody with the
    title has.
    """
    found = reading.once(ages)
    stated = [age for age in found if age.exact] or [age for age in found if age.band]
    bands = {age.band for age in stated}
    if len(bands) != 1 or (band := stated[0].band) is None:
        return None
    work = occupation(reading)
    if work and stated[0].most < least_ages()[work.value]:
        return None  # "a 5-year-old scooter repair shop owner": something else may be so old
    return band, stated[0].span
