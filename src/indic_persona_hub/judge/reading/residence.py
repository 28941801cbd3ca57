"""Whether a persona lives or works in a village or in a town, as its text states it.

Words of the table `residence_words` count where they place the person ("in a fishing village",
"a slum near the port") or describe the work ("a village schoolteacher", "a municipal sweeper"); a
metropolis counts as urban. What the person left, sends money to or lives near does not count.
"""

from __future__ import annotations

from indic_persona_hub.judge.reading import word_facts as facts
from indic_persona_hub.judge.reading.clauses import Reading, Span
from indic_persona_hub.judge.reading.lexicons import residence_words
from indic_persona_hub.judge.reading.place_ties import tie
from indic_persona_hub.judge.reading.places import Mention, is_abroad


def residence(reading: Reading, places: list[Mention]) -> tuple[str, Span] | None:
    """`rural` or `urban` and the words; None where the text states neither, or both alike."""
    found = [*_by_words(reading), *_by_cities(reading, places)]
    strongest = max((strength for strength, _, _ in found), default=0)
    stated = [(value, span) for strength, value, span in found if strength == strongest > 0]
    return stated[0] if len({value for value, _ in stated}) == 1 else None


def _by_words(reading: Reading) -> list[tuple[int, str, Span]]:
    found = []
    for match in reading.find(residence_words(), facts.RESIDENCE):
        span = Span(match.first, match.last)
        if match.value and (strength := _strength(reading, span)):
            found.append((strength, match.value, span))
    return found


def _strength(reading: Reading, span: Span) -> int:
    if reading.role(span.first) == "other":
        return 0
    found = tie(reading, (span,), 0)
    if found.strength:
        return found.strength if found.inside else 0
    return int(reading.in_phrase(span.first) and _describes(reading, span))


def _describes(reading: Reading, span: Span) -> bool:
    """Whether the word stands before the noun that its phrase ends with."""
    phrase = next(one for one in reading.phrases if one.first <= span.first < one.last)
    if reading.language == "hindi":
        return reading.words(span).startswith(("ग्रामीण", "शहरी"))
    return span.last < phrase.last and reading.key(span.last) != "s"


def _by_cities(reading: Reading, places: list[Mention]) -> list[tuple[int, str, Span]]:
    if any(is_abroad(one) and one.tie.strength for one in places):
        return []  # "Hyderabad, Sindh"
    return [
        (one.tie.strength, "urban", one.span)
        for one in places
        if one.name.urban
        and one.tie.inside
        and one.tie.strength
        and reading.key(one.span.last) not in ("district", "जिले", "जिला")
    ]
