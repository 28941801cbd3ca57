"""Publish the kept personas of a hub as a release: whole, or not at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from indic_persona_hub import __version__
from indic_persona_hub.errors import ReleaseError
from indic_persona_hub.release.anonymity import Plan, planned
from indic_persona_hub.release.card import card, reasons
from indic_persona_hub.release.gate import gate_report
from indic_persona_hub.release.kept import count_verdicts, kept_rows, unfinished
from indic_persona_hub.release.layout import (
    CARD,
    MANIFEST,
    SCHEMA,
    TOMBSTONES,
    file_rows,
    rows_by_name,
)
from indic_persona_hub.release.manifest import FileEntry, Manifest, read_recipe, recipe_sha256
from indic_persona_hub.release.proofs import GateProof, TakenDown
from indic_persona_hub.release.replacing import refuse_foreign, replacing
from indic_persona_hub.release.schema import schema_bytes
from indic_persona_hub.release.shards import durable, write_pair
from indic_persona_hub.release.tally import Tally
from indic_persona_hub.release.yields import stage_yields
from indic_persona_hub.run.hub import RECIPE, Hub, file_sha256, locked
from indic_persona_hub.run.tombstones import read_tombstones
from indic_persona_hub.run.workers import in_processes

if TYPE_CHECKING:
    from indic_persona_hub.run.settings import ReleaseSettings


@dataclass(frozen=True)
class Summary:
    """A release that was made. `files` and `bytes` count the manifest too."""

    path: Path
    rows: int
    domains: int
    files: int
    bytes: int
    digest: str


def publish(
    hub: Hub, out: Path, *, settings: ReleaseSettings, override: str | None = None
) -> Summary:
    """Write the release of `hub` to `out`; the same hub and settings give the same bytes.

    It is written beside `out` and renamed, so that `out` is never half-written. The hub is held
    meanwhile, so that no build changes it. Memory is bounded by a slice or two for each worker.

    Args:
        out: A new or empty folder, or an earlier release, which is replaced.
        override: Why it is to be published even where it does not pass the gate of its settings.

    Raises:
        GateError: It does not pass the gate.
        ReleaseError: The hub is unfinished or keeps no persona, or `out` holds something else.
        StorageError: The disk is full, or a file cannot be read or written.
        HubBusyError: A build is running.
    """
    out = out.resolve()
    refuse_foreign(out)
    with locked(hub), replacing(out) as folder:
        taken_down = TakenDown.of(read_tombstones(hub).released)
        tally, gate = _write_contents(hub, folder, settings, taken_down, override)
        manifest = _manifest_of(folder, hub, settings, tally.rows, gate, taken_down)
        _write_bytes(folder / MANIFEST, manifest.to_bytes())
    size = sum(entry.bytes for entry in manifest.files) + len(manifest.to_bytes())
    files = len(manifest.files) + 1
    return Summary(out, tally.rows, len(tally.domains), files, size, manifest.digest)


def _write_contents(
    hub: Hub,
    folder: Path,
    settings: ReleaseSettings,
    taken_down: TakenDown,
    override: str | None,
) -> tuple[Tally, GateProof]:
    """Write everything but the manifest."""
    recipe = _recipe_of(hub)
    kept, ruled_out = count_verdicts(hub, recipe["engine"]["slices"])
    rows = sum(kept)
    if rows == 0:
        raise _nothing_kept(hub, ruled_out)
    report = gate_report(hub, kept, settings.gate)
    report.proof(override)  # refused before hours of writing
    yields = stage_yields(hub, recipe, rows, ruled_out)
    sizes = file_rows(rows, settings.rows_per_file)
    workers = recipe["engine"].get("workers", 1)
    plan = planned(hub, len(kept), settings.sensitive, settings.anonymity, workers=workers)
    tally = Tally(over=plan.over)
    units = [
        (str(hub.path), str(folder), kept, sizes, number, plan) for number in range(len(sizes))
    ]
    for one in in_processes(workers, _write_file, units):
        tally.merge(one)
    gate = report.with_combinations(tally.combinations, settings.anonymity.k).proof(override)
    proofs = {"gate": gate.section(rows), "taken_down": taken_down.section()}
    _write_bytes(folder / CARD, card(tally, yields, plan, proofs, settings, __version__).encode())
    _write_bytes(folder / SCHEMA, schema_bytes())
    _write_bytes(folder / TOMBSTONES, read_tombstones(hub).released.to_bytes())
    return tally, gate


def _write_file(
    hub: str, folder: str, kept: list[int], sizes: list[int], number: int, plan: Plan
) -> Tally:
    """Write one compact and one detailed file; what they hold is counted."""
    tally = Tally(over=plan.over)
    first = sum(sizes[:number])
    written = kept_rows(Hub(Path(hub)), kept, first, first + sizes[number])
    rows = (_released(one, plan, tally) for one in written)
    write_pair(rows, Path(folder), number=number, sizes=sizes, seen=tally.add)
    return tally


def _released(rows: pa.Table, plan: Plan, tally: Tally) -> pa.Table:
    tally.add_stated(rows)
    return plan.released(rows)


def _manifest_of(
    folder: Path,
    hub: Hub,
    settings: ReleaseSettings,
    rows: int,
    gate: GateProof,
    taken_down: TakenDown,
) -> Manifest:
    entries = [
        FileEntry(
            path=name,
            bytes=(folder / name).stat().st_size,
            rows=file_rows,
            sha256=file_sha256(folder / name),
        )
        for name, file_rows in rows_by_name(rows, settings.rows_per_file).items()
    ]
    return Manifest(
        package_version=__version__,
        name=settings.name,
        recipe_sha256=recipe_sha256(_recipe_of(hub)),
        rows=rows,
        rows_per_file=settings.rows_per_file,
        sensitive=settings.sensitive,
        anonymity=settings.anonymity,
        gate=gate,
        taken_down=taken_down,
        files=entries,
    )


def _write_bytes(path: Path, content: bytes) -> None:
    with durable(path) as sink:
        sink.write(content)


def _recipe_of(hub: Hub) -> dict[str, Any]:
    """The hub's recipe, which has a number of slices."""
    try:
        recipe = read_recipe(hub.path / RECIPE)
    except ValueError as error:
        raise unfinished(hub, f"its recipe is missing ({error})") from error
    engine = recipe.get("engine")
    if not isinstance(engine, dict) or not isinstance(engine.get("slices"), int):
        raise unfinished(hub, f"its {RECIPE} does not say how many slices it has")
    return recipe


def _nothing_kept(hub: Hub, ruled_out: Counter[str]) -> ReleaseError:
    if not ruled_out:
        return ReleaseError(
            f"The hub {hub.path} has no persona to release: none was made.",
            cure="`iph status` says where the rows were lost.",
        )
    return ReleaseError(
        f"The hub {hub.path} keeps none of its {ruled_out.total():,} personas"
        f" ({reasons(ruled_out)}).",
        cure="Loosen `select`, or the judges named here, in the recipe, then build again.",
    )
