"""The formats of published lists of stereotypes, told by their columns.

Each becomes claims: an identity as it is written there, and words that are said of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from indic_persona_hub.audit.stewardship.list_rows import Row
from indic_persona_hub.judge.generic_words import FUNCTION_WORDS, GENERIC_WORDS, INDIC_GENERIC_WORDS
from indic_persona_hub.judge.words import words_of, written_words

#: What names an identity, and what is said of it, in lists of pairs.
_IDENTITY: Final = ("identity_term", "identity term", "identity", "identity group", "group")
_SAID: Final = ("token", "attribute token", "attribute_token", "attribute", "stereotype")
_COUNTS: Final = ("stereotypical", "non_stereotypical")
_LABELS: Final = frozenset({"stereotypical", "stereotype", "yes", "1", "true"})
_MASK: Final = "MASK"
_QUOTED: Final = re.compile(r"'([^']+)'|\"([^\"]+)\"")
_NEGATIONS: Final = frozenset(
    "don didn doesn wasn isn aren weren couldn wouldn shouldn hasn haven hadn won ain"
    " dont didnt doesnt wasnt isnt arent couldnt wouldnt hasnt havent cant".split()
)
#: Words that say nothing of anybody in particular.
EMPTY_OF_MEANING: Final = FUNCTION_WORDS | GENERIC_WORDS | INDIC_GENERIC_WORDS | _NEGATIONS


class Claim(NamedTuple):
    """What a list says of an identity.

    Attributes:
        identities: Words that may be the identity, the likeliest first.
        said: Phrases of which most must stand in a text that repeats the claim.
        otherwise: The same as `identities` of the row in its other language.
    """

    identities: tuple[str, ...]
    said: tuple[str, ...]
    otherwise: tuple[str, ...] = ()


Reader = Callable[[Sequence[Row]], Iterator[Claim]]


def claims_of(rows: Sequence[Row]) -> tuple[str, list[Claim]] | None:
    """The name of the format and its claims; None where the columns are those of no list."""
    columns = frozenset(rows[0]) if rows else frozenset[str]()
    for name, fits, read in _FORMATS:
        if fits(columns):
            return name, [one for one in read(rows) if one.identities and one.said]
    return None


def _pair_columns(columns: frozenset[str]) -> tuple[str, str] | None:
    identity = next((one for one in _IDENTITY if one in columns), None)
    said = next((one for one in _SAID if one in columns), None)
    return (identity, said) if identity and said else None


def _counted(rows: Sequence[Row]) -> Iterator[Claim]:
    """Pairs with annotators: at least half of them must have called the pair a stereotype."""
    for row in rows:
        yes, no = (_amount(row[name]) for name in _COUNTS)
        asked = max(_amount(row.get("total", "")), yes + no)
        if yes and 2 * yes >= asked:
            yield from _pair(row)


def _annotated(rows: Sequence[Row]) -> Iterator[Claim]:
    """The same with a row for each annotator."""
    votes: dict[tuple[str, str], Counter[str]] = {}
    names = _pair_columns(frozenset(rows[0]))
    assert names is not None
    for row in rows:
        pair = row[names[0]], row[names[1]]
        votes.setdefault(pair, Counter())[row["annotation"].strip().lower()] += 1
    for (identity, said), counted in votes.items():
        yes = sum(counted[answer] for answer in _LABELS)
        if yes and 2 * yes >= counted.total():
            yield Claim((identity,), (said,))


def _amount(cell: str) -> float:
    """A number of annotators; what is no number is none."""
    try:
        return float(cell)
    except ValueError:
        return 0.0


def _pairs(rows: Sequence[Row]) -> Iterator[Claim]:
    for row in rows:
        yield from _pair(row)


def _pair(row: Row) -> Iterator[Claim]:
    names = _pair_columns(frozenset(row))
    if names and row[names[0]].strip() and row[names[1]].strip():
        yield Claim((row[names[0]],), (row[names[1]],))


def _sentence_pairs(rows: Sequence[Row]) -> Iterator[Claim]:
    """Two sentences that differ in the identity; the first repeats the stereotype where the row
    says `stereo`. What a row of the other direction means differs by row, so it is left out.
    """
    columns = frozenset(rows[0])
    named = [one for one in _SENTENCES if columns.issuperset(one)]
    for row in rows:
        if row.get("stereo_antistereo", "stereo") == "stereo":
            claims = [_by_difference(row[more], row[less]) for more, less in named]
            for claim in claims:
                yield claim._replace(otherwise=claims[0].identities)


def _by_difference(more: str, less: str) -> Claim:
    ours, theirs = written_words(more), frozenset(words_of(less))
    only = tuple(dict.fromkeys(word for word in ours if word.casefold() not in theirs))
    return Claim(only, _meaning([word.casefold() for word in ours if word.casefold() in theirs]))


def _masked(rows: Sequence[Row]) -> Iterator[Claim]:
    """Sentences with a hole and what fills it stereotypically."""
    for row in rows:
        filled = [first or second for first, second in _QUOTED.findall(row[_TARGET])]
        said = words_of(row["sentence"].replace(_MASK, " "))
        yield Claim(tuple(filled), _meaning(said))


def _meaning(words: Sequence[str]) -> tuple[str, ...]:
    told = [word for word in words if word not in EMPTY_OF_MEANING and len(word) > 1]
    return tuple(dict.fromkeys(told))


_SENTENCES: Final = (
    ("modified_eng_sent_more", "modified_eng_sent_less"),
    ("sent_more_hindi", "sent_less_hindi"),
    ("sent_more", "sent_less"),
)
_TARGET: Final = "target_stereotypical"


def _has(*names: str) -> Callable[[frozenset[str]], bool]:
    return lambda columns: columns.issuperset(names)


def _has_pair(*names: str) -> Callable[[frozenset[str]], bool]:
    return lambda columns: columns.issuperset(names) and _pair_columns(columns) is not None


#: Name, whether columns are of it, and how it is read; the first that fits is taken.
_FORMATS: Final[Sequence[tuple[str, Callable[[frozenset[str]], bool], Reader]]] = (
    ("masked sentences", _has(_TARGET, "sentence"), _masked),
    *(("sentence pairs", _has(*names), _sentence_pairs) for names in _SENTENCES),
    ("counted annotations", _has_pair(*_COUNTS), _counted),
    ("annotations", _has_pair("annotation"), _annotated),
    ("pairs", _has_pair(), _pairs),
)
#: Files that come with such lists and hold no stereotypes: columns that tell them.
BESIDE_LISTS: Final[Sequence[frozenset[str]]] = (
    frozenset({"identity term"}),
    frozenset({"identity_terms"}),
    frozenset({"identity_term"}),
    frozenset({"category", "template"}),
    frozenset(
        {
            "proxy_identity_terms (first names)",
            "parent_idterm(idterm for which names is used as proxy)",
        }
    ),
)


def holds_no_claims(row: Mapping[str, str]) -> bool:
    """Whether a file with such rows is known to come with lists and to be none."""
    return frozenset(row) in BESIDE_LISTS
