"""Ids as numbers: no id changes, and numbers sort as strings do."""

from __future__ import annotations

import uuid

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.id_arrays import id_texts, ids_of

some_ids = st.lists(st.uuids().map(str), max_size=50)


@settings(deadline=None)
@given(some_ids, st.integers(0, 5))
def test_an_id_comes_back_as_it_was(ids: list[str], skipped: int) -> None:
    texts = pa.array(ids, pa.string()).slice(min(skipped, len(ids)))
    assert id_texts(ids_of(texts)).to_pylist() == texts.to_pylist()
    chunks = pa.chunked_array([texts, texts])
    assert id_texts(ids_of(chunks)).to_pylist() == chunks.to_pylist()


@settings(deadline=None)
@given(some_ids)
def test_numbers_are_those_of_the_uuid_and_sort_as_strings_do(ids: list[str]) -> None:
    numbers = ids_of(pa.array(ids, pa.string()))
    whole = [(int(high) << 64) | int(low) for high, low in numbers]
    assert whole == [uuid.UUID(one).int for one in ids]
    order = np.lexsort((numbers[:, 1], numbers[:, 0]))
    assert [ids[at] for at in order] == sorted(ids)


@pytest.mark.parametrize("bad", ["", "x", None, "0" * 37])
def test_what_is_no_uuid_is_refused(bad: str | None) -> None:
    with pytest.raises(ValueError, match="not a UUID"):
        ids_of(pa.array([str(uuid.uuid4()), bad], pa.string()))
