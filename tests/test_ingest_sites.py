"""No site has more than its share of the documents, whatever the order of the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.errors import SourceError
from indic_persona_hub.ingest.sites import rejected_over_share, site_of
from indic_persona_hub.records import content_id
from indic_persona_hub.run.build import build
from scripted_hub import corpus_texts, scripted_recipe, write_source


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://www.thehindu.com/a/b?c", "thehindu.com"),
        ("http://user:pw@News.Example.CO.IN:8080/x", "example.co.in"),
        ("//blog.example.org", "example.org"),
        ("https://pmkisan.gov.in/", "pmkisan.gov.in"),
        ("https://a.b.pmkisan.gov.in/", "pmkisan.gov.in"),
        ("https://10.0.0.7/x", "10.0.0.7"),
        ("http://localhost/x", "localhost"),
        ("https://உதாரணம்.இந்தியா/அ", "உதாரணம்.இந்தியா"),
        ("www.example.co.in/a", "example.co.in"),
        ("Example.com", "example.com"),
        ("http://[::1]:80/a", "[::1]"),
        ("https://a@b@good.example.com/", "example.com"),
        ("https://one.blogspot.com/a", "blogspot.com"),
        ("https://x.maharashtra.gov.in/", "maharashtra.gov.in"),
        ("mailto:a@b.com", None),
        ("a b.com", None),
        ("2021/page", None),
        ("page.html", None),
        ("file.jsonl", None),
        ("", None),
        (None, None),
    ],
)
def test_the_site_of_an_address(address: str | None, site: str | None) -> None:
    assert site_of(address) == site


def keys(sites: Sequence[str | None]) -> pa.Table:
    rows = [
        {
            "id": content_id([str(number)]),
            "source": "s",
            "url": site and f"https://x{number}.{site}/{number}",
            "row": f"f:{number}",
        }
        for number, site in enumerate(sites)
    ]
    schema = pa.schema([(name, pa.string()) for name in ("id", "source", "url", "row")])
    return pa.Table.from_pylist(rows, schema=schema)


SITES = st.lists(st.sampled_from(["a.in", "b.in", "c.com", "d.org", None]), min_size=1, max_size=60)


@settings(max_examples=50, deadline=None)
@given(SITES, st.sampled_from([0.2, 0.25, 0.34, 0.5, 1.0]), st.randoms())
def test_no_site_is_over_its_share_and_no_more_goes_than_must(
    sites: list[str | None], share: float, chance: object
) -> None:
    table = keys(sites)
    try:
        gone = rejected_over_share(table, share)
    except SourceError:
        # Not even one document of each site keeps to the share.
        assert len({*sites} - {None}) + sites.count(None) < 1 / share
        return
    dropped = {row["id"] for row in gone.to_pylist()}
    left = [
        site for site, one in zip(sites, table["id"].to_pylist(), strict=True) if one not in dropped
    ]
    counts = Counter(site for site in left if site)
    assert left.count(None) == sites.count(None)
    assert all(count <= share * len(left) for count in counts.values())
    if dropped:
        most = max(counts.values())
        more = sum(min(n, most + 1) for n in Counter(site for site in sites if site).values())
        assert most + 1 > share * (more + left.count(None))
    order = list(range(len(sites)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    assert rejected_over_share(table.take(pa.array(order)), share) == gone


def test_those_with_the_smallest_ids_stay() -> None:
    table = keys(["a.in"] * 6 + ["b.in", "c.in", "d.in"])

    gone = {row["id"] for row in rejected_over_share(table, 0.25).to_pylist()}

    of_a = sorted(table["id"].to_pylist()[:6])
    assert gone == set(of_a[1:])


def test_one_site_cannot_keep_to_half() -> None:
    with pytest.raises(SourceError, match="1 sites cannot each have at most 50%"):
        rejected_over_share(keys(["a.in"] * 4), 0.5)


def test_nothing_goes_where_no_document_has_an_address() -> None:
    assert rejected_over_share(keys([None, None]), 0.1).num_rows == 0


def with_addresses() -> list[dict[str, object]]:
    rows = corpus_texts()[:12]
    for number, row in enumerate(rows):
        site = "many.in" if number < 7 else f"s{number}.in"
        row["url"] = f"https://www.{site}/{number}"
    return rows


def test_a_build_counts_what_a_site_has_too_much_of_whatever_the_slices(tmp_path: Path) -> None:
    left = []
    for number, rows in enumerate((with_addresses(), with_addresses()[::-1])):
        source = write_source(tmp_path / f"{number}.jsonl", rows)
        recipe = scripted_recipe(
            tmp_path / f"hub{number}",
            source,
            "stages.ingest.max_site_share=0.25",
            "sources.0.fields.url=url",
            f"engine.slices={2 + 3 * number}",
            "stages.persona_to_persona.rounds=1",
        )
        hub = build(recipe)
        rejected = hub.read("rejected/ingest", ["reason", "detail"]).to_pylist()
        assert Counter(row["reason"] for row in rejected) == {"over_site_share": 6}
        assert {row["detail"] for row in rejected} == {"many.in: 7 documents, 1 stay"}
        left.append(sorted(hub.read("documents", ["id"])["id"].to_pylist()))
    assert left[0] == left[1]
    assert len(set(left[0])) == 6
