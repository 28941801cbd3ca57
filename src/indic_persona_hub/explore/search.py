"""Search a release or a hub by words in any script, with filters on its columns.

The index is a cache, built on the first search: of a hub in `hub/index/`, of a release outside it.
"""

from __future__ import annotations

import difflib
import fcntl
import json
import os
import re
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from indic_persona_hub.errors import HubError, StorageError

if TYPE_CHECKING:
    from tantivy import DocAddress, Query, Schema, Searcher, TextAnalyzer

#: Folder for the indexes of releases; `~/.cache/indic-persona-hub` where it is not set.
CACHE_VARIABLE: Final = "INDIC_PERSONA_HUB_CACHE"

_FORMAT: Final = "1"  # raise it when `fold` or a field changes: older indexes are then left behind
_ABOUT: Final = "about.json"
_MAX_WORDS: Final = 200  # of a query; words after that no longer move the ranking
_TIES: Final = 5_000

_PHRASE: Final = re.compile('["“”]([^"“”]*)["“”]')
# What writers put in or leave out at will: Latin accents, Arabic vowel marks and tatweel, the six
# nuktas, joiners, soft hyphens. Lone surrogates go too, for they cannot be encoded.
_DROPPED: Final = re.compile(
    "[\u0300-\u036f\u0640\u064b-\u0652\u0670\u093c\u09bc\u0a3c\u0abc\u0b3c\u0cbc"
    "\u00ad\u200c\u200d\u2060\ufeff\ud800-\udfff]"
)
_SAME: Final = {"ي": "ی", "ى": "ی", "ك": "ک", "ه": "ہ"}  # Urdu words typed on Arabic keyboards
# Letter, virama, ZWJ: how chillus and khanda ta were written before they had code points.
_OLD_JOINED: Final = re.compile("(?:[ണനരലളക]\u0d4d|\u09a4\u09cd)\u200d")
_JOINED: Final = dict(zip("ണനരലളക\u09a4", "ൺൻർൽൾൿ\u09ce", strict=True))


@dataclass(frozen=True)
class Hit:
    """A persona that was found.

    `score` is BM25 over the words of the query, comparable within one answer only; 1,000 more where
    the query is the whole text; 0 where only filters were asked. `record` holds the other columns,
    each attribute (`state`, `gender`, ...) also under its own name. `domain` may be "".
    """

    id: str
    persona: str
    domain: str
    score: float
    record: dict[str, Any]


def search(
    path: Path, query: str, *, k: int = 10, where: Mapping[str, str] | None = None
) -> list[Hit]:
    """The `k` personas that match best, best first; equals in file order.

    Args:
        path: A release folder or a hub folder. Of a hub, only kept personas are searched.
        query: Words in any script; a persona needs one of them and ranks by how many and how rare.
            Words in double quotes must be there, in that order. English endings do not count
            ("nurse", "nurses"). Nothing else is syntax. Without words, filters alone decide.
        where: Column to value; each must be equal, in any case. Text, whole-number and true/false
            columns can be asked, attributes by their own name (`{"state": "Bihar"}`).

    Raises:
        HubError: The path is no release or hub, a column is unknown, or `k` is under 1.
        StorageError: A file cannot be read, or the index cannot be written.
    """
    if k < 1:
        raise HubError(f"Cannot return {k} personas.", cure="Ask for 1 or more.")
    searcher, schema, columns = _open(build_index(path))
    filters = [_filter(schema, columns, *pair) for pair in (where or {}).items()]
    return _best(searcher, _text_query(schema, query), filters, min(k, searcher.num_docs + 1))


def build_index(release_or_hub: Path) -> Path:
    """The folder of the index for the files as they are now, built where there is none yet.

    Neither a crash nor a second process leaves half an index. Older ones of the path are removed.

    Raises:
        HubError: The path is no release or hub.
        StorageError: A file cannot be read, or the index cannot be written.
    """
    root = os.environ.get(CACHE_VARIABLE) or Path.home() / ".cache" / "indic-persona-hub"
    outside = Path(root) / "search" / _digest(str(release_or_hub.resolve()))
    home = outside if _is_release(release_or_hub) else release_or_hub / "index"
    folder = home / _digest(f"{_FORMAT} {version('tantivy')} {_state(release_or_hub)}")
    try:
        if not (folder / _ABOUT).is_file():
            _build(folder, release_or_hub)
        _open(folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StorageError(
            f"{release_or_hub} cannot be indexed in {home}: {error!r}.",
            cure=f"Check its files and the room on the disk; where both are well, delete {folder}.",
        ) from error
    return folder


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Every searchable persona with all its columns, each attribute also under its own name.

    A release gives its detailed records, else its compact ones; a hub its kept personas.
    """
    from indic_persona_hub.records import ATTRIBUTES

    files = sorted(path.glob("detailed/*.jsonl")) or sorted(path.glob("data/*.parquet"))
    published = (record for file in files for record in _read(file))
    for record in published if _is_release(path) else _hub_rows(path):
        if (stated := record.get("attributes")) is not None:
            values = {name: (stated.get(name) or {}).get("value") for name in ATTRIBUTES}
            record = {**values, **record}
        yield record


def fold(text: str) -> str:
    """`text` as it is indexed: one form for all spellings that readers take for the same word."""
    if text.isascii():
        return text.lower()
    text = _OLD_JOINED.sub(lambda old: _JOINED[old[0][0]], unicodedata.normalize("NFKD", text))
    text = _DROPPED.sub("", text.casefold())
    for old, new in _SAME.items():
        text = text.replace(old, new)
    return re.sub(r"[^\D0-9]", lambda digit: str(unicodedata.digit(digit[0])), text)


def _is_release(path: Path) -> bool:
    return any((path / "data").glob("*.parquet"))


def _state(path: Path) -> list[tuple[str, int, int]]:
    """Name, size and time of every file that the index is made from, in a fixed order."""
    release = "data/*.parquet", "detailed/*.jsonl"
    hub = "verdicts/*.parquet", "personas/*.parquet", "evidence/attributes/*.parquet"
    tables = release if _is_release(path) else hub
    if not any(path.glob(tables[0])):
        raise HubError(
            f"{path} is neither a release (data/*.parquet) nor a hub with verdicts.",
            cure="Give the folder of a release, or of a hub whose `iph build` has gone through.",
        )
    files = sorted(file for table in tables for file in path.glob(table))
    states = ((str(file.relative_to(path)), file.stat()) for file in files)
    return [(name, state.st_size, state.st_mtime_ns) for name, state in states]


def _hub_rows(hub: Path) -> Iterator[dict[str, Any]]:
    for verdicts in sorted(hub.glob("verdicts/*.parquet")):
        kept = {row["id"]: row for row in _read(verdicts) if row.pop("kept")}
        rounds = sorted(hub.glob(f"personas/{verdicts.stem}-*.parquet"))
        for personas in (hub / "personas" / verdicts.name, *rounds):
            attributes = _read(hub / "evidence" / "attributes" / personas.name)
            stated = {row.pop("id"): row for row in attributes if row["id"] in kept}
            for row in _read(personas):
                if verdict := kept.pop(row["id"], None):
                    del verdict["reason"]
                    yield {**row, **verdict, "attributes": stated.get(row["id"])}


def _read(file: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSON Lines or Parquet file, none where there is no such file."""
    import pyarrow.parquet as pq

    if file.suffix == ".jsonl":
        with file.open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())
    elif file.is_file():
        with pq.ParquetFile(file, page_checksum_verification=True) as table:
            for batch in table.iter_batches(batch_size=4096):
                yield from batch.to_pylist()


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _build(folder: Path, path: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / _ABOUT).is_file():  # built while this process waited
            return
        for old in folder.parent.glob("*/"):
            shutil.rmtree(old)
        (building := folder.parent / "building").mkdir()
        _write(building, rows(path))
        building.rename(folder)


def _write(folder: Path, records: Iterable[dict[str, Any]]) -> None:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("words", tokenizer_name="words")
    builder.add_text_field("where", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("order", fast=True)
    builder.add_bytes_field("record", stored=True)
    index = tantivy.Index(schema := builder.build(), str(folder))
    index.register_tokenizer("words", _analyzer())
    writer = index.writer(num_threads=1)
    columns, others = set[str](), set[str]()
    for order, record in enumerate(records):
        writer.add_document(tantivy.Document.from_dict(_fields(order, record), schema))
        columns.update(record)
        others.update(k for k, value in record.items() if not isinstance(value, str | int | None))
    writer.commit()
    writer.wait_merging_threads()
    (folder / _ABOUT).write_text(json.dumps(sorted(columns - others)), encoding="utf-8")


def _fields(order: int, record: Mapping[str, Any]) -> dict[str, Any]:
    where = [_term(name, value) for name, value in record.items() if isinstance(value, str | int)]
    stored = json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return {"order": order, "words": fold(record["persona"]), "where": where, "record": stored}


def _term(column: str, value: str | int) -> str:
    """A column's value as one term of the index, the same for values that count as equal."""
    return _digest(f"{column}={' '.join(fold(str(value)).split())}")


@lru_cache(maxsize=1)
def _analyzer() -> TextAnalyzer:
    import tantivy

    # The engine's own tokenizers break Indic words at vowel signs and virama, which are marks.
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(r"[\p{L}\p{M}\p{N}]+"))
    return builder.filter(tantivy.Filter.stemmer("english")).build()


@lru_cache(maxsize=4)
def _open(folder: Path) -> tuple[Searcher, Schema, list[str]]:
    import tantivy

    index = tantivy.Index.open(str(folder))
    index.config_reader("manual")  # a whole index never changes: nothing to watch and reload
    return index.searcher(), index.schema, json.loads((folder / _ABOUT).read_bytes())


def _text_query(schema: Schema, query: str) -> list[Query]:
    """The query as values, so that no part of it is ever read as the engine's syntax."""
    from tantivy import Occur, Query

    phrases = [_analyzer().analyze(fold(phrase)) for phrase in _PHRASE.findall(query)]
    loose = dict.fromkeys(_analyzer().analyze(fold(_PHRASE.sub(" ", query))))
    # BM25 alone can rank a persona that repeats some of the words above the one that was asked.
    whole = Query.term_query(schema, "where", _term("persona", query))
    clauses = [(Occur.Should, Query.const_score_query(whole, 1_000.0))]
    for word in list(loose)[:_MAX_WORDS]:
        clauses.append((Occur.Should, Query.term_query(schema, "words", word)))
    for words in filter(None, phrases):
        first = Query.term_query(schema, "words", words[0])
        phrase = Query.phrase_query(schema, "words", [*words]) if words[1:] else first
        clauses.append((Occur.Must, phrase))
    return [Query.boolean_query(clauses)] if clauses[1:] else []


def _filter(schema: Schema, columns: list[str], column: str, value: str) -> Query:
    from tantivy import Query

    if column not in columns:
        near = difflib.get_close_matches(column, columns, n=1, cutoff=0.5)
        cure = f"Did you mean `{near[0]}`?" if near else f"There are: {', '.join(columns)}."
        raise HubError(f"There is no column `{column}` to filter on.", cure=cure)
    return Query.const_score_query(Query.term_query(schema, "where", _term(column, value)), 0.0)


def _best(searcher: Searcher, text: list[Query], filters: list[Query], k: int) -> list[Hit]:
    """The best `k`; up to `_TIES` equals in file order, as the engine's own changes by build."""
    from tantivy import Occur, Order, Query

    query = Query.boolean_query([(Occur.Must, part) for part in text + filters])
    if not text:
        listed = searcher.search(query, k, False, order_by_field="order", order=Order.Asc)
        return [_hit(searcher, 0.0, address) for _, address in listed.hits]
    found = searcher.search(query, max(k, _TIES), count=False).hits
    orders: list[Any] = searcher.fast_field_values("order", [address for _, address in found])
    hits = [(float(f"{score:.5g}"), address) for score, address in found]  # sums differ in the 7th
    ranked = sorted(zip(hits, orders, strict=True), key=lambda one: (-one[0][0], one[1]))
    return [_hit(searcher, *hit) for hit, _ in ranked[:k]]


def _hit(searcher: Searcher, score: float, address: DocAddress) -> Hit:
    record = json.loads(searcher.doc(address)["record"][0])
    domain = record.pop("domain", None) or ""
    return Hit(record.pop("id"), record.pop("persona"), domain, score, record)
