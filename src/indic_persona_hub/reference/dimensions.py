"""The dimensions of the official tables: their values in a fixed order, and codes of attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from indic_persona_hub import reference
from indic_persona_hub.errors import HubError, nearest
from indic_persona_hub.records import (
    AGE_BANDS,
    DISABILITIES,
    EDUCATION_LEVELS,
    RELIGIONS,
    RESIDENCES,
)

#: The sexes that the Census of India 2011 tabulates.
SEXES: Final = ("female", "male")
#: Castes and tribes that the census counts; `other` are all the rest.
COMMUNITIES: Final = ("scheduled_caste", "scheduled_tribe", "other")
#: The census does not tell postgraduates from graduates.
EDUCATION: Final = tuple(level for level in EDUCATION_LEVELS if level != "postgraduate")
LITERACY: Final = ("literate", "illiterate")
#: Household industry is within `other_worker`: an occupation does not say where it is done.
WORK_CLASSES: Final = ("cultivator", "agricultural_labourer", "other_worker")
DIVISIONS: Final = tuple("123456789")  # NCO-2015

#: NCO-2015 codes of those whom the census counts as cultivators and as agricultural labourers. The
#: groups on the last line hold both kinds, and growers whom the census counts elsewhere.
_WORKERS: Final[Mapping[str, str | None]] = {
    **dict.fromkeys(("611", "613", "631", "633"), "cultivator"),
    **dict.fromkeys(("9211", "9213"), "agricultural_labourer"),
    **dict.fromkeys(("6112", "6113", "6115", "6116", "9214"), None),
}
#: Titles of the table `occupations` that say more of the class of work than their codes.
_TITLES: Final = {
    "farmer": "cultivator",
    "tenant farmer": "cultivator",
    "agricultural labourer": "agricultural_labourer",
}
#: Titles of those who do not work, or of whom the title does not tell whether they till land. Every
#: other title names an other worker, whatever its code: a nurse, a porter, a fisher.
_UNTOLD: Final = frozenset(
    (
        *("student", "research scholar", "homemaker", "retired person", "ex-serviceman"),
        *("job seeker", "beggar", "nun", "monk", "activist", "self-help group leader"),
        *("daily wage labourer", "farm owner", "estate supervisor", "seed keeper", "gardener"),
        *("mango grower", "rubber tapper", "plantation worker", "tea garden worker"),
    )
)


class Dimension(NamedTuple):
    """One dimension of a table. The code of a value is its place in `values`."""

    name: str
    values: tuple[str, ...]


def _states() -> tuple[str, ...]:
    return tuple(reference.load("states")["code"].to_pylist())


def _districts() -> tuple[str, ...]:
    return tuple(str(code) for code in reference.load("districts")["lgd_code"].to_pylist())


def _languages() -> tuple[str, ...]:
    codes = reference.load("languages")["code"].to_pylist()
    return (*(code for code in codes if code is not None), "other")


_VALUES: Final[Mapping[str, Callable[[], tuple[str, ...]]]] = {
    "state": _states,
    "residence": lambda: RESIDENCES,
    "sex": lambda: SEXES,
    "age_band": lambda: AGE_BANDS,
    "language": _languages,
    "religion": lambda: RELIGIONS,
    "community": lambda: COMMUNITIES,
    "education": lambda: EDUCATION,
    "literacy": lambda: LITERACY,
    "occupation_division": lambda: DIVISIONS,
    "work_class": lambda: WORK_CLASSES,
    "disability": lambda: ("none", *DISABILITIES),
    "district": _districts,
}


class _Dimensions(Mapping[str, Dimension]):
    """All dimensions by name; a table behind one is read when it is first asked for."""

    def __getitem__(self, name: str) -> Dimension:
        if name not in _VALUES:
            raise HubError(
                f"There is no dimension called '{name}'{nearest(name, _VALUES)}.",
                cure="Use a name of reference.dimensions.DIMENSIONS.",
            )
        return _dimension(name)

    def __iter__(self) -> Iterator[str]:
        return iter(_VALUES)

    def __len__(self) -> int:
        return len(_VALUES)


@cache
def _dimension(name: str) -> Dimension:
    return Dimension(name, _VALUES[name]())


#: Every dimension by its name.
DIMENSIONS: Final[Mapping[str, Dimension]] = _Dimensions()


def codes(name: str, attributes: Mapping[str, pa.Array | pa.ChunkedArray]) -> NDArray[np.int16]:
    """One code a row of the dimension `name`, from arrays of attribute values (strings, by name).

    -1 where the attribute is unknown, or says nothing of the dimension: a transgender person has no
    census sex, and one of the NCO sub-division 92 may be an agricultural labourer or not. The class
    of work is read from `occupation_code`, and from `occupation` where that is given too.

    Raises:
        HubError: There is no such dimension (it names the nearest), or `attributes` lacks the
            attribute that it is read from.
    """
    values = DIMENSIONS[name].values
    attribute, value_of = _READ_FROM.get(name, (name, _same))
    if attribute not in attributes:
        raise HubError(
            f"The dimension '{name}' is read from the attribute '{attribute}', which is not given.",
            cure=f"Give an array of '{attribute}', null where it is unknown.",
        )
    places = {value: place for place, value in enumerate(values)}
    found = _coded(attributes[attribute], lambda value: places.get(value_of(value) or "", -1))
    if name == "work_class" and "occupation" in attributes:
        classes = _title_classes()
        titled = _coded(attributes["occupation"], lambda one: places.get(classes.get(one, ""), -1))
        return np.where(titled >= 0, titled, found)
    return found


def _coded(column: pa.Array | pa.ChunkedArray, code_of: Callable[[str], int]) -> NDArray[np.int16]:
    """`code_of` each value, looked up once a distinct value; -1 where null."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    whole = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    distinct = whole.dictionary.to_pylist()
    table = [-1 if value is None else code_of(value) for value in distinct]
    rows = whole.indices.fill_null(len(distinct)).to_numpy(zero_copy_only=False)
    found: NDArray[np.int16] = np.array([*table, -1], np.int16)[rows]
    return found


def _same(value: str) -> str | None:
    return value


def _sex(gender: str) -> str | None:
    return gender if gender in SEXES else None


def _community(community: str) -> str | None:
    if community in ("other_backward_class", "general"):
        return "other"
    return community if community in COMMUNITIES[:2] else None


def _education(level: str) -> str | None:
    return "graduate" if level == "postgraduate" else level


def _literacy(level: str) -> str | None:
    if level == "illiterate":
        return "illiterate"
    return "literate" if level in EDUCATION_LEVELS else None


def _division(code: str) -> str | None:
    return code[:1] if code.isdigit() else None


def _work_class(code: str) -> str | None:
    """The census class of an NCO-2015 code; none where the code is too coarse to tell."""
    if code[:1] not in DIVISIONS:
        return None
    for length in range(len(code), 0, -1):
        if code[:length] in _WORKERS:
            return _WORKERS[code[:length]]
    return None if any(known.startswith(code) for known in _WORKERS) else "other_worker"


@cache
def _title_classes() -> dict[str, str]:
    """The class of work of every title of `occupations` that tells it."""
    found: dict[str, str] = {}
    for row in reference.load("occupations").to_pylist():
        title = row["title"]
        if title not in _UNTOLD:
            found[title] = _TITLES.get(title) or _work_class(row["nco"] or "") or "other_worker"
    return found


def _language(code: str) -> str | None:
    """The census language of an ISO 639-3 code: its own, or the one that it is counted under."""
    return _census_languages().get(code)


@cache
def _census_languages() -> dict[str, str]:
    languages = reference.load("languages").to_pylist()
    known = {row["census_code"]: row["code"] or "other" for row in languages}
    tongues = reference.load("mother_tongues").to_pylist()
    found = {row["code"]: known[row["census_code"]] for row in tongues if row["code"]}
    for row in languages:
        found |= dict.fromkeys([code for code in (row["code"], *row["also"]) if code], row["code"])
    return found


#: The attribute that a dimension is read from, and its value there, where that is not its own name.
_READ_FROM: Final[Mapping[str, tuple[str, Callable[[str], str | None]]]] = {
    "sex": ("gender", _sex),
    "language": ("mother_tongue", _language),
    "community": ("community", _community),
    "education": ("education", _education),
    "literacy": ("education", _literacy),
    "occupation_division": ("occupation_code", _division),
    "work_class": ("occupation_code", _work_class),
}
