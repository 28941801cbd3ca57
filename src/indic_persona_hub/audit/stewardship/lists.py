"""Published lists of stereotypes, from any file, as one table of what is said of whom."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from indic_persona_hub.audit.stewardship.identities import Identity, identity_of
from indic_persona_hub.audit.stewardship.list_formats import Claim, claims_of, holds_no_claims
from indic_persona_hub.audit.stewardship.list_rows import ENDINGS, list_files, list_rows
from indic_persona_hub.audit.stewardship.terms import Words
from indic_persona_hub.errors import SourceError
from indic_persona_hub.judge.words import words_of

#: Of the words of a sentence so large a share must stand in a text that repeats it.
_REPEATED: Final = 0.75


class Said(NamedTuple):
    """What is said: `least` of the phrases must stand in a text."""

    phrases: tuple[Words, ...]
    least: int

    @property
    def name(self) -> str:
        """As a table shows it."""
        return " + ".join(" ".join(one) for one in self.phrases)


class Source(NamedTuple):
    """A file that was read: `claims` were made of its rows, `left_out` named no identity."""

    name: str
    format: str
    claims: int
    left_out: int


@dataclass(frozen=True)
class Lists:
    """All claims of all files.

    Attributes:
        claims: (place in `identities`, place in `said`), each once.
        path: Where they were read from.
        passed_over: Files of the folder that are no list of stereotypes.
    """

    identities: tuple[Identity, ...] = ()
    said: tuple[Said, ...] = ()
    claims: tuple[tuple[int, int], ...] = ()
    sources: tuple[Source, ...] = ()
    path: str = ""
    passed_over: tuple[str, ...] = ()


NO_LISTS: Final = Lists()


def read_lists(path: Path) -> Lists:
    """The list at `path`, or all lists of a folder, whose other files are passed over and named.

    Raises:
        SourceError: Nothing is there, a file cannot be read, or no file is a list that we know.
    """
    table, sources, others = _Table(), list[Source](), list[str]()
    for file in list_files(path):
        rows = list_rows(file)
        found = claims_of(rows)
        if found is None:
            if path.is_file() and rows and not holds_no_claims(rows[0]):
                raise _unknown(file, rows[0])
            others.append(file.name)
            continue
        name, claims = found
        kept = sum(table.add(claim) for claim in claims)
        sources.append(Source(file.name, name, kept, len(claims) - kept))
    if not table.claims:
        raise _nothing(path, sources, others)
    return table.lists(sources, str(path), others)


def _nothing(path: Path, sources: Sequence[Source], others: Sequence[str]) -> SourceError:
    read = [f"{one.name}: {one.left_out:,} rows name nobody that we know" for one in sources]
    read += [f"{name}: no columns of a list" for name in others]
    return SourceError(
        f"No file of {path} says what is said of whom ({'; '.join(read[:5])}).",
        cure="Give a list of stereotypes; docs/stereotypes.md names the formats.",
    )


def _unknown(file: Path, row: Any) -> SourceError:
    return SourceError(
        f"{file} is no list of stereotypes that we know: its columns are {', '.join(row)}.",
        cure="Name two columns `identity` and `attribute`, one pair a row"
        f" ({', '.join(ENDINGS)}); docs/stereotypes.md names the other formats.",
    )


class _Table:
    """Claims with identities and sayings numbered."""

    def __init__(self) -> None:
        self.identities: dict[Identity, int] = {}
        self.said: dict[Said, int] = {}
        self.claims: dict[tuple[int, int], None] = {}

    def add(self, claim: Claim) -> bool:
        """Whether an identity is named, and something is said of it that is not the identity."""
        identity = identity_of(claim.identities) or _group_of(claim.otherwise)
        if identity is None:
            return False
        named = {word for words in identity.words for word in words}
        phrases = [tuple(words_of(one)) for one in claim.said]
        told = tuple(one for one in phrases if one and not named.issuperset(one))
        if not told:
            return False
        said = Said(told, math.ceil(_REPEATED * len(told)))
        pair = (
            self.identities.setdefault(identity, len(self.identities)),
            self.said.setdefault(said, len(self.said)),
        )
        self.claims[pair] = None
        return True

    def lists(self, sources: Sequence[Source], path: str, others: Sequence[str]) -> Lists:
        """All of it."""
        table = tuple(self.identities), tuple(self.said), tuple(self.claims)
        return Lists(*table, tuple(sources), path, tuple(others))


def _group_of(candidates: Sequence[str]) -> Identity | None:
    """A group that words of another language name; a word alone is found in no text of this one."""
    identity = identity_of(candidates)
    return identity if identity and identity.group is not None else None
