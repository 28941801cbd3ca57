"""What columns of a persona set are often called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, get_args

#: Our fields of a persona set. Those of `records.STATED_COLUMNS` state an attribute each;
#: `language` is that of the text, `mother_tongue` that of the person.
PersonaField = Literal[
    "persona", "domain", "id", "language", "licence", "source", "url", "synth_method", "model",
    "country", "state", "district", "residence", "age", "gender", "mother_tongue", "religion",
    "community", "education", "occupation", "disability",
]  # fmt: skip

#: Usual names, likeliest first; letter case does not count.
USUAL: Final[Mapping[PersonaField, tuple[str, ...]]] = {
    "persona": ("persona", "text"),
    "domain": ("domain", "domain_label"),
    "id": ("id", "uuid"),
    "language": ("language", "lang"),
    "licence": ("licence", "license"),
    "source": ("source",),
    "url": ("url",),
    "synth_method": ("synth_method",),
    "model": ("model",),
    "country": ("country",),
    "state": ("state", "state_name"),
    "district": ("district", "district_name"),
    "residence": ("residence", "zone", "area_type", "rural_urban"),
    "age": ("age", "age_band", "age_group"),
    "gender": ("gender", "sex"),
    "mother_tongue": ("mother_tongue", "first_language"),
    "religion": ("religion",),
    "community": ("community", "social_group", "caste_category"),
    "education": ("education", "education_level"),
    "occupation": ("occupation",),
    "disability": ("disability",),
}
#: Our field by its name, or by a name that its columns usually have, as `sex`.
FIELD_OF: Final[Mapping[str, PersonaField]] = {
    name: ours for ours, names in USUAL.items() for name in (*names, ours)
}


def usual_columns(
    columns: Iterable[str], fields: Iterable[PersonaField] = get_args(PersonaField)
) -> dict[PersonaField, str]:
    """Our field -> the column of a file that is usually called so, for each of `fields`."""
    present = {name.casefold(): name for name in columns}
    found = {ours: next((one for one in USUAL[ours] if one in present), None) for ours in fields}
    return {ours: present[name] for ours, name in found.items() if name is not None}
