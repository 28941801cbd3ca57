"""The values that each attribute may have."""

from indic_persona_hub import reference
from indic_persona_hub.records import (
    AGE_BANDS,
    COMMUNITIES,
    DISABILITIES,
    EDUCATION_LEVELS,
    GENDERS,
    RELIGIONS,
    RESIDENCES,
)

CODES = {
    "state": set(reference.load("states")["code"].to_pylist()),
    "district": set(map(str, reference.load("districts")["lgd_code"].to_pylist())),
    "residence": set(RESIDENCES),
    "age_band": set(AGE_BANDS),
    "gender": set(GENDERS),
    "mother_tongue": set(reference.load("language_words")["code"].to_pylist()),
    "religion": set(RELIGIONS),
    "community": set(COMMUNITIES),
    "education": set(EDUCATION_LEVELS),
    "occupation": {
        *reference.load("occupations")["title"].to_pylist(),
        *reference.load("nco")["title"].to_pylist(),
    },
    "occupation_code": set(reference.load("nco")["code"].to_pylist()),
    "disability": set(DISABILITIES),
}
