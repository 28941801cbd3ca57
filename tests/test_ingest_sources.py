"""Sources become pages, and what cannot be read is counted or said clearly."""

import gzip
import json
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.errors import SourceError
from indic_persona_hub.ingest.sources import Source, read_pages
from indic_persona_hub.records import PAGE, REJECTED

HINDI = "आशा दीदी ने बुधवार को टीकाकरण का पर्चा बाँटा।"


def read(**settings: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    batches = list(read_pages(Source(**settings)))
    assert all(one.pages.schema == PAGE and one.rejected.schema == REJECTED for one in batches)
    return (
        [row for one in batches for row in one.pages.to_pylist()],
        [row for one in batches for row in one.rejected.to_pylist()],
    )


def write(path: Path, content: bytes | str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def lines(*rows: object) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_a_row_keeps_its_source_licence_and_address(tmp_path: Path) -> None:
    row = {"body": HINDI, "t": "सूचना", "n": 7, "meta": {"url": "https://example.in/7"}, "l": "hi"}
    path = write(tmp_path / "notices.jsonl", lines(row))
    fields = {"text": "body", "title": "t", "id": "n", "url": "meta.url", "language": "l"}
    pages, rejected = read(kind="jsonl", path=path, licence="CC0-1.0", fields=fields)
    assert rejected == []
    assert pages == [
        {
            "row": "notices.jsonl:1",
            "text": HINDI,
            "title": "सूचना",
            "source": "notices",
            "licence": "CC0-1.0",
            "url": "https://example.in/7",
            "source_id": "7",
            "stated_language": "hi",
        }
    ]


def test_columns_may_state_source_and_licence_row_by_row(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "text,s,lic\none,Gazette,CC-BY-4.0\ntwo,,\n")
    fields = {"source": "s", "licence": "lic"}
    pages, _ = read(kind="csv", path=path, url="https://e.in", name="a", fields=fields)
    assert [(page["source"], page["licence"], page["url"]) for page in pages] == [
        ("Gazette", "CC-BY-4.0", "https://e.in"),
        ("a", "unknown", "https://e.in"),
    ]


def test_bad_jsonl_lines_are_rejected_and_the_rest_goes_on(tmp_path: Path) -> None:
    content = (
        b"\xef\xbb\xbf"
        + lines({"text": HINDI}).encode()
        + b'{"text": "caf\xe9"}\n'
        + b"not json\n"
        + b"[1, 2]\n"
        + b"\n"
        + lines({"text": None}, {"title": "x"}, {"text": 5}).encode()
        + b'{"text": "\\ud800"}\n'
        + b"[" * 100_000
        + b"\n"
        + lines({"text": "last"}).encode().rstrip(b"\n")
    )
    pages, rejected = read(kind="jsonl", path=write(tmp_path / "bad.jsonl", content))
    assert [(page["row"], page["text"]) for page in pages] == [
        ("bad.jsonl:1", HINDI),
        ("bad.jsonl:11", "last"),
    ]
    assert [(one["row"], one["reason"]) for one in rejected] == [
        ("bad.jsonl:2", "invalid_utf8"),
        ("bad.jsonl:3", "not_json"),
        ("bad.jsonl:4", "not_json"),
        ("bad.jsonl:6", "missing_text"),
        ("bad.jsonl:7", "missing_text"),
        ("bad.jsonl:8", "missing_text"),
        ("bad.jsonl:9", "invalid_utf8"),
        ("bad.jsonl:10", "not_json"),
    ]
    assert rejected[0]["payload"] == '{"text": "caf\\xe9"}'
    assert rejected[4]["payload"] == '{"title": "x"}'
    assert {one["stage"] for one in rejected} == {"read"}


def test_a_50_mb_line_is_passed_over_without_being_held(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        file.write(lines({"text": "before"}).encode() + b'{"text": "')
        for _ in range(50):
            file.write(b"x" * 2**20)
        file.write(b'"}\n' + lines({"text": "after"}).encode())
    pages, rejected = read(kind="jsonl", path=str(path))
    assert [page["text"] for page in pages] == ["before", "after"]
    assert [(one["row"], one["reason"]) for one in rejected] == [("long.jsonl:2", "line_too_long")]
    assert rejected[0]["payload"] == ('{"text": "' + "x" * 2_000)[:2_000]


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_an_empty_file_has_no_rows(tmp_path: Path, kind: str) -> None:
    assert read(kind=kind, path=write(tmp_path / "empty", "")) == ([], [])


def test_jsonl_without_the_text_field_names_the_keys(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", lines({"contents": "a", "id": 1}, {"contents": "b"}))
    with pytest.raises(SourceError, match=r"a\.jsonl has no column 'content'.*contents") as error:
        read(kind="jsonl", path=path, fields={"text": "content"})
    assert "{text: contents}" in error.value.cure


def test_compressed_jsonl(tmp_path: Path) -> None:
    whole = gzip.compress(lines({"text": HINDI}, {"text": "b"}).encode())
    pages, _ = read(kind="jsonl", path=write(tmp_path / "a.jsonl.gz", whole))
    assert [page["row"] for page in pages] == ["a.jsonl.gz:1", "a.jsonl.gz:2"]
    assert pages[0]["source"] == "a"
    with pytest.raises(SourceError, match=r"cut\.jsonl\.gz cannot be read"):
        read(kind="jsonl", path=write(tmp_path / "cut.jsonl.gz", whole[:-12]))


def parquet(path: Path, rows: int = 5_000, **columns: Any) -> Path:
    table = pa.table(columns or {"text": [f"{HINDI} {n}" for n in range(rows)]})
    pq.write_table(table, path, write_page_checksum=True, compression="none", use_dictionary=False)
    return path


def test_parquet_is_read_in_batches(tmp_path: Path) -> None:
    source = Source(kind="parquet", path=str(parquet(tmp_path / "a.parquet")))
    sizes = [one.pages.num_rows for one in read_pages(source)]
    assert sizes == [2_000, 2_000, 1_000]


def test_parquet_rows_that_are_no_text(tmp_path: Path) -> None:
    damaged = pa.array([b"ok", None, b"caf\xe9", b"x" * 2_000], pa.binary()).view(pa.string())
    path = parquet(tmp_path / "a.parquet", text=damaged, id=[1, 2, 3, 4])
    pages, rejected = read(
        kind="parquet", path=str(path), fields={"id": "id"}, max_line_bytes=1_024
    )
    assert [(page["row"], page["text"], page["source_id"]) for page in pages] == [
        ("a.parquet:1", "ok", "1")
    ]
    assert [(one["row"], one["reason"]) for one in rejected] == [
        ("a.parquet:2", "missing_text"),
        ("a.parquet:3", "invalid_utf8"),
        ("a.parquet:4", "line_too_long"),
    ]
    assert rejected[1]["payload"] == "caf\\xe9"


def test_parquet_dictionary_columns(tmp_path: Path) -> None:
    column = pa.array(["a", "b", "a"]).dictionary_encode()
    pages, _ = read(kind="parquet", path=str(parquet(tmp_path / "d.parquet", text=column)))
    assert [page["text"] for page in pages] == ["a", "b", "a"]


def test_a_damaged_parquet_file_is_never_read_as_wrong_text(tmp_path: Path) -> None:
    content = bytearray(parquet(tmp_path / "a.parquet").read_bytes())
    cut = write(tmp_path / "cut.parquet", bytes(content[: len(content) // 2]))
    content[len(content) // 3] ^= 1
    flipped = write(tmp_path / "flipped.parquet", bytes(content))
    for path in (cut, flipped, write(tmp_path / "zero.parquet", b"")):
        with pytest.raises(SourceError, match="is not a whole Parquet file") as error:
            read(kind="parquet", path=path)
        assert path in error.value.message
        assert "fetch or write it again" in error.value.cure


def test_a_missing_column_names_the_nearest(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", text=["a"], language_code=["hi"])
    with pytest.raises(SourceError, match=r"no column 'language_cod'.*language_code"):
        read(kind="parquet", path=str(path), fields={"language": "language_cod"})
    table = write(tmp_path / "a.csv", "Text,place\n")
    with pytest.raises(SourceError, match=r"a\.csv has no column 'text'; the nearest are: Text"):
        read(kind="csv", path=table)


def test_csv_rows(tmp_path: Path) -> None:
    content = (
        "\ufefftext,place\n"
        '"two\nlines, ""quoted""",Sagar\n'
        "too,many,cells\n"
        '"not"closed,Sagar\n'
        "\n"
        f"{HINDI},Indore\n" + f"{'x' * 3_000},Indore\n"
        "after,Indore\n"
        '"never closed,Indore\nand more\n'
    ).encode() + b""
    content = content.replace(b"after,", b"caf\xe9,Sagar\nafter,")
    path = write(tmp_path / "a.csv", content)
    pages, rejected = read(kind="csv", path=path, max_line_bytes=1_024)
    assert [(page["row"], page["text"]) for page in pages] == [
        ("a.csv:2", 'two\nlines, "quoted"'),
        ("a.csv:7", HINDI),
        ("a.csv:10", "after"),
    ]
    assert [(one["row"], one["reason"]) for one in rejected] == [
        ("a.csv:4", "broken_row"),
        ("a.csv:5", "broken_row"),
        ("a.csv:8", "line_too_long"),
        ("a.csv:9", "invalid_utf8"),
        ("a.csv:11", "broken_row"),
    ]
    assert rejected[-1]["payload"] == '"never closed,Indore\nand more'


def test_a_folder_of_texts(tmp_path: Path) -> None:
    write(tmp_path / "texts" / "b" / "अर्ज़ी.txt", "\ufeff" + HINDI)
    write(tmp_path / "texts" / "a.md", "first")
    write(tmp_path / "texts" / "c.txt", b"caf\xe9")
    write(tmp_path / "texts" / "d.txt", "x" * 5_000)
    write(tmp_path / "texts" / ".hidden.txt", "no")
    write(tmp_path / "texts" / "readme.pdf", "no")
    pages, rejected = read(kind="text", path=str(tmp_path / "texts"), max_line_bytes=1_024)
    assert [(page["row"], page["title"], page["text"], page["source"]) for page in pages] == [
        ("a.md:1", "a", "first", "texts"),
        ("b/अर्ज़ी.txt:1", "अर्ज़ी", HINDI, "texts"),
    ]
    assert [(one["row"], one["reason"]) for one in rejected] == [
        ("c.txt:1", "invalid_utf8"),
        ("d.txt:1", "line_too_long"),
    ]


def test_a_limit_counts_rejected_rows_too(tmp_path: Path) -> None:
    write(tmp_path / "1.jsonl", "bad\n" + lines({"text": "a"}))
    write(tmp_path / "2.jsonl", lines({"text": "b"}, {"text": "c"}))
    pages, rejected = read(kind="jsonl", path=str(tmp_path), limit=3)
    assert ([page["text"] for page in pages], len(rejected)) == (["a", "b"], 1)


json_lines = st.one_of(
    st.binary(max_size=60),
    st.dictionaries(
        st.sampled_from(["text", "id", "title"]),
        st.one_of(st.none(), st.integers(), st.text(max_size=20), st.lists(st.integers())),
    ).map(lambda row: json.dumps(row).encode()),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(json_lines, max_size=12))
def test_every_line_is_a_page_or_rejected(content: list[bytes]) -> None:
    rows = [line.replace(b"\n", b" ") for line in content]
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "a.jsonl", b"\n".join([*rows, b'{"text": "one"}']))
        pages, rejected = read(kind="jsonl", path=path, fields={"id": "id", "title": "title"})
    blank = sum(
        not line.removeprefix(b"\xef\xbb\xbf" if n == 0 else b"").strip()
        for n, line in enumerate(rows)
    )
    assert len(pages) + len(rejected) == len(rows) + 1 - blank
    places = [one["row"] for one in pages + rejected]
    assert len(set(places)) == len(places)
