"""Attributes on hand-labelled texts: what is read is right, and as reliable as it says."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from attribute_codes import CODES
from indic_persona_hub import reference
from indic_persona_hub.judge.reading.reliability import CONFIDENCE
from indic_persona_hub.records import ATTRIBUTES
from indic_persona_hub.reference.labels import place_name

ROOT = Path(__file__).parents[1]
LABELLED = Path(__file__).parent / "attributes_labelled.tsv"
SHARED = ROOT.parent / "shared" / "data" / "personas" / "dev.parquet"
#: Kinds whose number is a decision, see `reliability`.
DECIDED = {("community", "loose")}


@cache
def script() -> ModuleType:
    path = ROOT / "scripts" / "reference" / "measure_attributes.py"
    spec = importlib.util.spec_from_file_location("measure_attributes", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["measure_attributes"] = module
    spec.loader.exec_module(module)
    return module


@cache
def seen(with_real_rows: bool = False) -> list[Any]:
    personas = SHARED if with_real_rows else None
    return list(script().judged(script().labelled(LABELLED, personas)))


def test_there_are_hundreds_of_labelled_personas() -> None:
    lines = LABELLED.read_text("utf-8").splitlines()[1:]
    parts = [line.split("\t")[0] for line in lines]
    assert len(lines) >= 400
    assert parts.count("held_out") * 3 >= parts.count("tuned")
    assert len({line.split("\t")[1] for line in lines}) == len(lines)


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_precision_and_recall_on_hand_labelled_texts(name: str) -> None:
    mine = [one for one in seen() if one.name == name]
    found = [one.right for one in mine if one.value]
    stated = [one.right for one in mine if one.label]
    assert len(stated) >= 15
    assert sum(found) / len(found) >= 0.98
    assert sum(stated) / len(stated) >= 0.85


@pytest.mark.skipif(not SHARED.is_file(), reason="../shared is not here")
def test_personas_that_others_wrote_are_read_right_too() -> None:
    rows = [one for one in seen(with_real_rows=True) if one not in seen()]
    read = [one for one in rows if one.value]
    assert len(read) >= 50
    assert sum(one.right for one in read) / len(read) >= 0.97


def test_confidence_is_what_the_labelled_texts_measure() -> None:
    for (name, kind), (right, read) in script().reliability(seen()).items():
        said = CONFIDENCE[name][kind]
        measured = (right + 1) / (read + 2)
        assert (name, kind) in DECIDED or said <= measured + 0.03, (name, kind)
        assert said >= min(measured - 0.08, 0.9) or (name, kind) in DECIDED, (name, kind)


def test_hand_labels_are_known_values() -> None:
    states = set(reference.load("states")["name"].to_pylist())
    known = CODES | {"state": states, "district": set(map(place_name, CODES["district"]))}
    for row in script().labelled(LABELLED):
        for name, label in row.labels.items():
            assert label == "?" or label in known[name], (name, label, row.text)
