"""What lies where in a release, and what its compact rows look like.

```
data/train-00000-of-000NN.parquet        COMPACT, the same number of rows in every file but the last
detailed/personas-00000-of-000NN.jsonl   the same rows in the same split, one JSON object a line
schema.json  README.md  tombstones.csv  manifest.json
```
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

#: Raised whenever the layout, the columns or the schema change.
FORMAT_VERSION: Final = 4
#: The value of `format` in a manifest, by which a folder is known to be a release.
FORMAT: Final = "indic-persona-hub-release"

MANIFEST: Final = "manifest.json"
CARD: Final = "README.md"
SCHEMA: Final = "schema.json"
#: Kind and id of all that was taken down from the hub (see `run.tombstones`).
TOMBSTONES: Final = "tombstones.csv"

#: Columns of the compact files; ids ascend over all files, none is null.
COMPACT: Final = pa.schema([("id", pa.string()), ("persona", pa.string()), ("domain", pa.string())])


def compact_name(number: int, files: int) -> str:
    """Name of the compact file `number` (from 0) of `files`."""
    return f"data/train-{number:05d}-of-{files:05d}.parquet"


def detailed_name(number: int, files: int) -> str:
    """Name of the detailed file `number` (from 0) of `files`."""
    return f"detailed/personas-{number:05d}-of-{files:05d}.jsonl"


def file_rows(rows: int, rows_per_file: int) -> list[int]:
    """Rows of each file: `rows_per_file` in all but the last, which has what is left."""
    return [min(rows_per_file, rows - start) for start in range(0, rows, rows_per_file)]


def rows_by_name(rows: int, rows_per_file: int) -> dict[str, int | None]:
    """Every file of a release but the manifest, with its rows (None for those that hold none)."""
    sizes = file_rows(rows, rows_per_file)
    names: dict[str, int | None] = {CARD: None, SCHEMA: None, TOMBSTONES: None}
    for number, size in enumerate(sizes):
        names[compact_name(number, len(sizes))] = size
        names[detailed_name(number, len(sizes))] = size
    return dict(sorted(names.items()))
