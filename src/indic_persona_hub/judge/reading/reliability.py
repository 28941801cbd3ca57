"""How often each kind of evidence is right, as measured on labelled texts.

Each number is (right + 1) / (read + 2), rounded down, over the texts of
`tests/attributes_labelled.tsv` that hold the evidence, so that no kind is ever certain;
`scripts/reference/measure_attributes.py` prints them, and a test holds this table to what it
measures. Three are by decision: "Dalit", "Adivasi" and "tribal" (`loose`) are not the words of the
law, and nothing measures them; a model's claim counts where its words stand in the text; a column
is the set's own word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: By attribute and kind of evidence.
CONFIDENCE: Final[Mapping[str, Mapping[str, float]]] = {
    "state": {"lives": 0.99, "from": 0.96, "script": 0.90},
    "district": {"lives": 0.99, "from": 0.94, "script": 0.90},
    "residence": {"word": 0.95, "city": 0.95},
    "age_band": {"years": 0.96, "stage": 0.92},
    "gender": {"word": 0.98, "pronoun": 0.98},
    "mother_tongue": {"stated": 0.96},
    "religion": {"stated": 0.96},
    "community": {"stated": 0.90, "loose": 0.85},
    "education": {"stated": 0.98},
    "occupation": {"title": 0.99},
    "occupation_code": {"title": 0.99},
    "disability": {"stated": 0.96},
}
BY_MODEL: Final = 0.85
BY_COLUMN: Final = 0.98
