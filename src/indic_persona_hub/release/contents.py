"""Check what the files of a release say: rows, columns, ids, and that the files agree."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from indic_persona_hub.release.card import domain_section
from indic_persona_hub.release.combinations import Combination, combination_of
from indic_persona_hub.release.layout import (
    CARD,
    COMPACT,
    MANIFEST,
    SCHEMA,
    TOMBSTONES,
    compact_name,
    detailed_name,
    file_rows,
)
from indic_persona_hub.release.manifest import Manifest
from indic_persona_hub.release.proofs import TakenDown
from indic_persona_hub.release.schema import FIELDS, fault, json_schema, schema_bytes
from indic_persona_hub.release.sensitive_section import shared_line
from indic_persona_hub.run.settings import Anonymity
from indic_persona_hub.run.tombstones import Tombstones

_BATCH_ROWS: Final = 10_000
_SHOWN_IDS: Final = 5
_LINE: Final = json_schema()
_UNREADABLE: Final = (OSError, pa.ArrowException, ValueError, MemoryError, RecursionError)


class Contents:
    """The rows of a release, read once from first to last.

    Args:
        hub: What was taken down from a hub since, or nothing.

    Attributes:
        rows: Rows that were read and are as they should be.
        withdrawn: Rows that are taken down.
        problems: One line each, naming the file.
    """

    def __init__(self, path: Path, hub: Tombstones) -> None:
        self.path = path
        self._hub = hub
        self._released = Tombstones()
        self._taken_down: list[str] = []
        self.rows = 0
        self.withdrawn = 0
        self.problems: list[str] = []
        self._domains: Counter[str] = Counter()
        self._combinations: Counter[Combination] = Counter()
        self._withheld: tuple[str, ...] = ()
        self._over = ""
        self._last_id = ""

    @property
    def taken_down(self) -> Tombstones:
        """All that the rows are held to."""
        return self._released.together(self._hub)

    def check(self, manifest: Manifest, intact: set[str]) -> None:
        """Check the files named in `intact`; a file that was changed is not worth reading."""
        self._withheld = manifest.sensitive.under("aggregate", "audit_only", "drop")
        self._over = manifest.anonymity.over
        if TOMBSTONES in intact:
            self._read_tombstones(manifest)
        sizes = file_rows(manifest.rows, manifest.rows_per_file)
        for number, size in enumerate(sizes):
            names = compact_name(number, len(sizes)), detailed_name(number, len(sizes))
            if intact.issuperset(names):
                self._pair(*names, size)
        if SCHEMA in intact and (self.path / SCHEMA).read_bytes() != schema_bytes():
            self.problems.append(f"{SCHEMA} is not the schema of this format")
        # What is counted can only be counted again where every row could be read.
        if self.rows == manifest.rows:
            self._check_combinations(manifest.anonymity)
        if wrong := manifest.gate.contradictions(manifest.rows):
            self.problems.append(f"{MANIFEST} contradicts itself on the gate: {', '.join(wrong)}")
        if CARD in intact and self.rows == manifest.rows:
            self._check_card(manifest)

    def _read_tombstones(self, manifest: Manifest) -> None:
        try:
            self._released = Tombstones.parse((self.path / TOMBSTONES).read_bytes())
        except (OSError, ValueError) as error:
            self.problems.append(f"{TOMBSTONES} is damaged: {error}")
            return
        if TakenDown.of(self._released) != manifest.taken_down:
            self.problems.append(f"{TOMBSTONES} lists others than the manifest counts")

    def _check_combinations(self, anonymity: Anonymity) -> None:
        few = [count for count in self._combinations.values() if count < anonymity.k]
        if few:
            self.problems.append(
                f"{len(few):,} combinations of attribute values are shared by fewer than"
                f" {anonymity.k} personas, one of them by {min(few)}"
            )

    def _check_card(self, manifest: Manifest) -> None:
        text = (self.path / CARD).read_bytes().decode("utf-8", "replace")
        if domain_section(self._domains) not in text:
            self.problems.append(f"{CARD} counts other rows or domains than the data")
        if shared_line(self._combinations, manifest.anonymity) not in text:
            self.problems.append(f"{CARD} counts other combinations of attributes than the data")
        if manifest.gate.section(manifest.rows) not in text:
            self.problems.append(f"{CARD} says something else of the gate than the manifest")
        if manifest.taken_down.section() not in text:
            self.problems.append(f"{CARD} says something else of takedowns than the manifest")

    def _pair(self, compact: str, detailed: str, size: int) -> None:
        """Check a compact and a detailed file, which hold the same rows."""
        first, self._taken_down = self.rows, []
        try:
            with (self.path / detailed).open("rb") as lines:
                for row, line in zip_longest(_compact_rows(self.path / compact), lines):
                    self._row(row, line)
            if self.rows - first != size:
                raise ValueError(f"{self.rows - first} rows, not {size}")
        except _UNREADABLE as error:
            place = f"after {self.rows - first} rows"
            self.problems.append(f"{compact} or {detailed}, {place}: {error or repr(error)}")
        self.withdrawn += len(self._taken_down)
        if gone := self._taken_down:
            shown = ", ".join(gone[:_SHOWN_IDS]) + (" and more" if gone[_SHOWN_IDS:] else "")
            self.problems.append(
                f"{compact} and {detailed} hold what is taken down, {len(gone):,} personas: {shown}"
            )

    def _row(self, row: dict[str, Any] | None, line: bytes | None) -> None:
        """Check one row.

        Raises:
            ValueError: It is not as it should be.
        """
        if row is None or line is None:
            raise ValueError(f"{'compact' if row is None else 'detailed'} rows end here")
        if not line.endswith(b"\n"):
            raise ValueError("the last line is cut off")
        said = json.loads(line.decode())
        if problem := fault(said, _LINE):
            raise ValueError(problem)
        if list(said) != list(FIELDS):
            raise ValueError("the fields of the line are not in their order")
        if different := [name for name, value in row.items() if said[name] != value]:
            raise ValueError(f"compact and detailed row differ in {', '.join(different)}")
        if row["id"] <= self._last_id:
            raise ValueError(f"id {row['id']} is there twice or out of order")
        if told := [name for name in self._withheld if name in said["attributes"]]:
            raise ValueError(f"{', '.join(told)} is told, against the policy of the release")
        combination = combination_of(said["attributes"], self._over)
        if combination is not None:
            self._combinations[combination] += 1
        if self._released.holds(said) or self._hub.holds(said):
            self._taken_down.append(row["id"])
        self._last_id = row["id"]
        self._domains[row["domain"]] += 1
        self.rows += 1


def _compact_rows(path: Path) -> Iterator[dict[str, Any]]:
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        if not file.schema_arrow.equals(COMPACT):
            raise ValueError(f"columns are {', '.join(file.schema_arrow.names)}, not as stated")
        for batch in file.iter_batches(_BATCH_ROWS):
            yield from batch.to_pylist()
