"""The share of one site: what needs the whole set to be seen, over addresses and ids alone."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from indic_persona_hub.errors import SourceError

OVER_SITE_SHARE: Final = "over_site_share"

_HOST: Final = re.compile(
    r"^(?:[a-z][a-z0-9+.-]*:)?//(?:[^/\\?#]*@)?(\[[^\]/]*\]|[^/\\?#:]+)"
    # Without a scheme: what looks like a host name.
    r"|^((?:[\w-]+\.)+[^\W\d][\w-]+)(?=[:/?#]|$)",
    re.IGNORECASE,
)
#: What follows the last dot of a file's name, which is no site.
_FILE_ENDINGS: Final = frozenset(
    "csv gz htm html json jsonl md parquet pdf tsv txt warc wet xml zst".split()
)
#: Second levels under which others register: example.co.in is a site, co.in is none.
_SECOND_LEVELS: Final = frozenset(
    "co com org net gov nic ac edu res gen firm ind mil ernet up".split()
)
_COUNTRY_LETTERS: Final = 2


def site_of(address: str | None) -> str | None:
    """The site of an address: the name that somebody registered, in lower case.

    "https://blog.example.co.in/a" is of "example.co.in". Null where there is no address or it names
    no host ("file.jsonl"). Sites that let others have names below theirs (blogspot.com) are one.
    """
    found = _HOST.match(address.strip()) if address else None
    if found is None:
        return None
    host = (found[1] or found[2]).lower().strip(".")
    labels = host.split(".")
    if not found[1] and labels[-1] in _FILE_ENDINGS:
        return None
    if host.replace(".", "").isdigit() or len(labels) < 3:
        return host or None
    second = len(labels[-1]) == _COUNTRY_LETTERS and labels[-2] in _SECOND_LEVELS
    return ".".join(labels[-3:] if second else labels[-2:])


def rejected_over_share(keys: pa.Table, most_share: float) -> pa.Table:
    """Which documents go, so that no site has more than `most_share` of those that stay.

    Every site keeps as many as the largest site may, or all that it has; of a site that has more,
    those with the smallest ids stay. Ids are drawn from the texts, so that is a blind choice, and
    the order of rows changes nothing. Documents without an address count in the whole and stay.

    Args:
        keys: Columns id, source, url, row, strings; one row a document.

    Returns:
        (id, source, row, reason, detail), sorted.

    Raises:
        SourceError: There are too few sites for any number to keep to the share.
    """
    names, sites = _numbered(keys["url"])
    counts = np.bincount(sites[sites >= 0], minlength=len(names))
    most = _most_of_one(counts, keys.num_rows - int(counts.sum()), most_share)
    order = np.lexsort((keys["id"].to_numpy(zero_copy_only=False), sites))
    ordered = sites[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-2))
    rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    over = np.sort(order[(ordered >= 0) & (rank >= most)])
    details = [f"{names[one]}: {counts[one]:,} documents, {most:,} stay" for one in sites[over]]
    gone = keys.select(["id", "source", "row"]).take(pa.array(over))
    gone = gone.append_column("reason", pa.array([OVER_SITE_SHARE] * len(over), pa.string()))
    gone = gone.append_column("detail", pa.array(details, pa.string()))
    return gone.sort_by([(name, "ascending") for name in ("id", "source", "row")])


def _numbered(addresses: pa.ChunkedArray) -> tuple[list[str], NDArray[np.int64]]:
    """The sites, and the number of each address's: -1 where it has none."""
    distinct = pc.unique(addresses)
    sites = [site_of(one) for one in distinct.to_pylist()]
    names = sorted({one for one in sites if one is not None})
    number = {name: place for place, name in enumerate(names)}
    of_distinct = np.array([number.get(one or "", -1) for one in sites], np.int64)
    return names, of_distinct[pc.index_in(addresses, distinct).to_numpy()]


def _most_of_one(counts: NDArray[np.int64], others: int, most_share: float) -> int:
    """The most that each site may keep: the largest number within its share of all that stay."""
    # What stays grows ever more slowly with that number, so all smaller ones are within it too.
    low, high = 0, int(counts.max(initial=0))
    while low < high:
        middle = (low + high + 1) // 2
        stay = int(np.minimum(counts, middle).sum()) + others
        low, high = (middle, high) if middle <= most_share * stay else (low, middle - 1)
    if len(counts) and not low:
        raise SourceError(
            f"{len(counts)} sites cannot each have at most {most_share:.0%} of the documents.",
            cure="Set stages.ingest.max_site_share higher or to null, or add other sites.",
        )
    return low
