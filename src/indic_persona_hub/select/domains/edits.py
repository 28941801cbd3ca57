"""Edits: a person's last word on the mapping, kept as a CSV file that is applied again.

The file has the columns `label` and `domain` and may have `area` and `field`; a mapping written
with `mapping_csv` is such a file. A row that says what the rules say anyway changes nothing, so
whoever edits a written mapping changes the cells that are wrong and leaves the rest. A row whose
label is a bucket's name moves the whole bucket.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import pyarrow as pa

from indic_persona_hub.errors import RecipeError, nearest
from indic_persona_hub.select.domains.keywords import Place
from indic_persona_hub.select.domains.labels import LONGEST, tidy
from indic_persona_hub.select.domains.tree import areas, place_of

EDITED: Final = "edited"

_NEEDED: Final = ("label", "domain")
_PLACES: Final = ("area", "field")
#: Columns of a written mapping that say why and how many: no one edits these.
_READ_OVER: Final = ("rule", "attracted_by", "placed_by", "personas")
_CURE: Final = "Correct the edits file and run again."


class Edit(NamedTuple):
    """One row of an edits file.

    Attributes:
        label: A raw label, as it is written, or the name of a bucket.
        domain: The bucket that it goes to.
        area: The bucket's area, "" where the row does not say.
        field: The area's field, "" where the row does not say.
    """

    label: str
    domain: str
    area: str = ""
    field: str = ""


def read_edits(text: str) -> tuple[Edit, ...]:
    """The edits of a CSV file.

    Args:
        text: The file's text (UTF-8), with a heading.

    Returns:
        The edits in the order of the file.

    Raises:
        RecipeError: A column is unknown or missing, a row has too many or too few cells, no domain,
            or a label that another row has, an area has no field or two, or edits lead in a circle.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    edits: dict[str, Edit] = {}
    lines: dict[str, int] = {}
    try:
        heading = [name.strip() for name in next(reader, [])]
        _check_heading(heading)
        for cells in reader:
            if cells:
                edit = _edit(dict(zip(heading, cells, strict=False)), len(cells) - len(heading),
                             reader.line_num)  # fmt: skip
                if edit.label in edits:
                    raise _wrong(f"'{edit.label}' is edited twice, on line {lines[edit.label]}"
                                 f" and on line {reader.line_num}.")  # fmt: skip
                edits[edit.label], lines[edit.label] = edit, reader.line_num
    except csv.Error as error:
        raise _wrong(f"Line {reader.line_num} is not CSV: {error}.") from error
    moved({edit.label: edit.domain for edit in edits.values()}, {})
    return tuple(edits.values())


def _check_heading(heading: list[str]) -> None:
    known = (*_NEEDED, *_PLACES, *_READ_OVER)
    for name in heading:
        if name not in known:
            raise _wrong(f"No column is called '{name}'{nearest(name, known)}.")
        if heading.count(name) > 1:
            raise _wrong(f"Two columns are called '{name}'.")
    for name in _NEEDED:
        if name not in heading:
            raise _wrong(f"There is no column '{name}'; the first line names the columns.")


def _edit(row: Mapping[str, str], extra_cells: int, line: int) -> Edit:
    if extra_cells:
        more = "more" if extra_cells > 0 else "fewer"
        raise _wrong(f"Line {line} has {more} cells than there are columns.")
    domain = tidy(row["domain"])[0]
    if not domain:
        raise _wrong(f"Line {line} has no domain for '{row['label']}'.")
    if len(domain) > LONGEST:
        raise _wrong(f"The domain on line {line} is longer than {LONGEST} characters.")
    area, field = (" ".join(row.get(name, "").split()) for name in _PLACES)
    if field and not area:
        raise _wrong(f"Line {line} has a field and no area.")
    return Edit(row["label"], domain, area, field)


def moved(domains: Mapping[str, str], computed: Mapping[str, str]) -> dict[str, str]:
    """Where every label ends: `domains` (edits) are followed first, then `computed` (rules).

    Raises:
        RecipeError: Edits lead in a circle.
    """
    return {label: _end(label, domains, computed) for label in {**computed, **domains}}


def _end(label: str, domains: Mapping[str, str], computed: Mapping[str, str]) -> str:
    path: list[str] = []
    while label not in path:
        path.append(label)
        label = domains.get(label) or computed.get(label, label)
    # An edit may call a bucket after one of its labels: `farmers` to `farmer`, where the rules
    # take `farmer` to `farmers`. That circle ends at the name that no edit moves on.
    circle = path[path.index(label) :]
    ends = [one for one in circle if one not in domains or len(circle) == 1]
    if not ends:
        raise _wrong(f"The edits lead in a circle: {' -> '.join([*circle, label])}.")
    return min(ends)


def placed(
    edits: Iterable[Edit], ends: Mapping[str, str], before: Mapping[str, str]
) -> dict[str, Place]:
    """The places that edits give to buckets, where the rules would give another.

    Args:
        edits: Of a file.
        ends: The bucket of every label and of every edit's label, after the edits.
        before: The bucket of every label, before them.

    Raises:
        RecipeError: A bucket is given two areas, or an area two fields or none.
    """
    edits = [edit for edit in edits if edit.area]
    fields = _fields(edits)
    places: dict[str, Place] = {}
    for edit in edits:
        bucket = ends[edit.label]
        place = Place(fields[edit.area], edit.area, EDITED)
        by_rule = (place_of(before.get(edit.label, edit.label)), place_of(bucket))
        if any(place[:2] == one[:2] for one in by_rule):
            continue
        known = places.setdefault(bucket, place)
        if known != place:
            raise _wrong(f"'{bucket}' is given two areas, '{known.area}' and '{place.area}'.")
    return places


def _fields(edits: Sequence[Edit]) -> dict[str, str]:
    fields = areas()
    for edit in edits:
        if edit.field and fields.setdefault(edit.area, edit.field) != edit.field:
            raise _wrong(f"The area '{edit.area}' stands in the field '{fields[edit.area]}',"
                         f" not in '{edit.field}'.")  # fmt: skip
    for edit in edits:
        if edit.area not in fields:
            raise _wrong(f"The area '{edit.area}' of '{edit.label}' is new: give its field too.")
    return fields


def mapping_csv(mapping: pa.Table) -> str:
    """The mapping as CSV with a heading: a file that can be edited and read by `read_edits`."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(mapping.column_names)
    columns = [column.to_pylist() for column in mapping.columns]
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue()


def _wrong(message: str) -> RecipeError:
    return RecipeError(message, cure=_CURE)
