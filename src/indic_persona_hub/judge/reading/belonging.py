"""Religion and community of a persona, only where its text states them in so many words.

Never from a name, a surname, a caste, a festival or food, nor from what somebody studies, serves or
works at ("a scholar of Buddhist art", "teaches at a Christian college"). "Dalit" counts as a
Scheduled Caste, except beside Christian or Muslim, whom the Constitution (Scheduled Castes) Order
of 1950 leaves out; "Adivasi" and "tribal" count as a Scheduled Tribe, except beside "tea tribe" or
in Assam, where those whom the tea gardens brought are not scheduled.
"""

from __future__ import annotations

from typing import Final

from indic_persona_hub.judge.reading import word_facts as facts
from indic_persona_hub.judge.reading.age_numbers import past_age
from indic_persona_hub.judge.reading.clause_words import ARTICLES
from indic_persona_hub.judge.reading.clauses import Reading, Span
from indic_persona_hub.judge.reading.denials import is_denied
from indic_persona_hub.judge.reading.lexicons import community_words, religion_words, titles
from indic_persona_hub.judge.reading.persons import (
    belongs,
    comes_from,
    describes,
    heads_phrase,
    is_predicate,
)
from indic_persona_hub.judge.reading.roles import Stated, names_person

_OUTSIDE: Final = frozenset(("christian", "muslim"))
#: Abbreviations that mean other things before work: an "SC judge", an "ST bus driver".
_SHORT: Final = frozenset(("SC", "ST"))
#: Work about a community, which does not say that one belongs to it.
_SPEAKS_FOR: Final = frozenset(
    "activist leader scholar researcher officer poet writer historian lawyer politician singer "
    "healer artist painter dancer musician guide advocate".split()
)
#: Words in common use that the law does not know.
LOOSE: Final = frozenset(("dalit", "adivasi", "tribal", "दलित", "आदिवासी"))
_HAS_NONE: Final = frozenset(("atheist", "agnostic", "नास्तिक"))
_TURNS: Final = frozenset(("converted", "convert", "converts"))
_LEARNS: Final = frozenset(("student", "pupil", "farmer", "labourer"))
_DEVOUT: Final = frozenset(("devout", "practising", "practicing", "pious"))


def religion(reading: Reading) -> Stated | None:
    """The religion that the text states of the person; None where it states none, or two."""
    if not _HAS_NONE.isdisjoint(reading.keys):
        return None
    found = [
        Stated(value, span)
        for match in reading.find(religion_words(), facts.RELIGION)
        for span, (value, kind) in ((Span(match.first, match.last), match.value),)
        if value and _professes(reading, span, kind)
    ]
    return found[0] if len({one.value for one in found}) == 1 else None


def _professes(reading: Reading, span: Span, kind: str) -> bool:
    if not _is_written(reading, span) or _is_paired(reading, span):
        return False
    if kind == "faith":
        return _turned(reading, span.first)
    if describes(reading, span) or belongs(reading, span):
        return True
    if reading.language != "english":
        return False
    faith = reading.key(span.last) == "by" and reading.key(span.last + 1) in ("faith", "religion")
    ends = reading.breaks(span.last) or reading.key(span.last) in ("and", "who", "from", "in")
    predicate = ends and is_predicate(reading, span.first)
    devout = reading.key(span.first - 1) in _DEVOUT and reading.in_phrase(span.first)
    return (
        predicate
        or (faith and reading.role(span.first) != "other")
        or ((devout or reading.key(span.first - 1) in ("a", "an")) and heads_phrase(reading, span))
    )


def _turned(reading: Reading, first: int) -> bool:
    """ "converted to Buddhism", "a convert to Islam"; not "refused to convert to Islam"."""
    verb = first - 2
    if reading.key(first - 1) != "to" or reading.key(verb) not in _TURNS:
        return False
    done = reading.key(verb) != "convert" or reading.key(verb - 1) in (*ARTICLES, "recent")
    return done and reading.role(first) != "other" and not is_denied(reading, Span(verb, first))


def _is_written(reading: Reading, span: Span) -> bool:
    """Whether the word has its capital: "jain" may be anything."""
    return not reading.word(span.first)[0].islower()


def _is_paired(reading: Reading, span: Span) -> bool:
    """ "Hindu-Muslim", "Hindu and Muslim"."""
    around = {reading.key(span.first - 1), reading.key(span.last)} & {"and", "or"}
    hyphens = {reading.gap(place) for place in (span.first, span.last) if place < len(reading)}
    beside = 2 if around else 1
    names = religion_words()
    other = any(
        names.single(reading.key(place)) is not None
        for place in (span.first - beside, span.last + beside - 1)
    )
    return other or "-" in hyphens


def community(reading: Reading) -> Stated | None:
    """The community that the text states of the person; None where it states none, or two."""
    found = []
    for match in reading.find(community_words(), facts.COMMUNITY):
        span = Span(match.first, match.last)
        if match.value and _is_of(reading, span) and not _is_outside(reading, span):
            found.append(Stated(match.value, span))
    return found[0] if len({one.value for one in found}) == 1 else None


def _is_of(reading: Reading, span: Span) -> bool:
    words = reading.words(span)
    if len(words) < 4 and not words.isupper() and words.isascii():
        return False
    if reading.key(span.first) == "backward" and reading.key(span.first - 1) != "other":
        return False
    if describes(reading, span):
        after = past_age(reading, span.last)
        short = words in _SHORT and reading.find(titles(), facts.TITLE, after, after + 3)
        learns = reading.key(after) in _LEARNS or after > span.last
        return (learns or not short) and not _speaks_for(reading, after)
    if reading.language == "hindi":
        return _belongs_in_hindi(reading, span)
    if belongs(reading, span) or _names_tribe(reading, span):
        return True
    return (heads_phrase(reading, span) and words != "ST") or is_predicate(reading, span.first)


def _speaks_for(reading: Reading, place: int) -> bool:
    last = names_person(reading, place)
    return any(reading.key(one) in _SPEAKS_FOR for one in range(place, (last or place) + 2))


def _names_tribe(reading: Reading, span: Span) -> bool:
    """ "from the Gond tribe": the words of the table hold "tribe" themselves."""
    says = reading.key(span.last - 1) in ("tribe", "tribes", "caste", "castes", "class", "classes")
    return says and comes_from(reading, span.first)


def _belongs_in_hindi(reading: Reading, span: Span) -> bool:
    """ "अनुसूचित जाति की महिला", "अनुसूचित जनजाति से"."""
    if reading.role(span.first) == "other" or reading.key(span.first) in LOOSE:
        return False
    after, person = reading.key(span.last), span.last + 1
    person += reading.key(person) == "एक"
    if after in ("की", "का", "के"):
        return names_person(reading, person) is not None
    return after == "से" and reading.role(span.last) == "opening"


def _is_outside(reading: Reading, span: Span) -> bool:
    """Whether the law does not count those whom a loose word names here."""
    if reading.key(span.first) not in LOOSE and reading.key(span.last - 1) not in LOOSE:
        return False
    named = reading.find(religion_words(), facts.RELIGION)
    if reading.key(span.first) in ("dalit", "दलित"):
        return any(match.value[0] in _OUTSIDE for match in named)
    keys = set(reading.keys)
    return "assam" in keys or "असम" in keys or bool({"tea", "garden"} <= keys)
