"""The manifest: every file of a release with its bytes, rows and sha256."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from indic_persona_hub.release.layout import FORMAT, FORMAT_VERSION, rows_by_name
from indic_persona_hub.release.proofs import GateProof, TakenDown
from indic_persona_hub.run.settings import Anonymity, Sensitive


class FileEntry(BaseModel):
    """A file of a release. `rows` is None for the card, the schema and the tombstones."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    path: str
    bytes: int
    rows: int | None
    sha256: str


class Manifest(BaseModel):
    """What a release holds; `recipe_sha256` is that of the function of the same name, `sensitive`
    and `anonymity` are what the release was made under.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: Literal["indic-persona-hub-release"] = FORMAT
    format_version: Literal[4] = FORMAT_VERSION
    package_version: str
    name: str
    recipe_sha256: str
    rows: int = Field(ge=1)
    rows_per_file: int = Field(ge=1)
    sensitive: Sensitive
    anonymity: Anonymity
    gate: GateProof
    taken_down: TakenDown
    files: list[FileEntry]

    @property
    def digest(self) -> str:
        """sha256 over all that the manifest says, the sorted list of files included."""
        return sha256(_canonical(self.model_dump())).hexdigest()

    def to_bytes(self) -> bytes:
        """The one way in which this manifest is written."""
        content = {**self.model_dump(), "digest": self.digest}
        return (json.dumps(content, indent=2) + "\n").encode()


def parse_manifest(content: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        ValueError: It is not a manifest of this format, not byte for byte as it was written, or
            does not list the files that a release of its rows has.
    """
    try:
        said = json.loads(content)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    digest = said.pop("digest", None) if isinstance(said, dict) else None
    try:
        manifest = Manifest.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise ValueError(f"{place}: {first['msg']}") from error
    if digest != manifest.digest:
        raise ValueError("its digest does not fit its contents")
    if manifest.to_bytes() != content:
        raise ValueError("it is not in the form in which it was written")
    if not _lists_its_files(manifest):
        raise ValueError(f"it does not list the files that {manifest.rows} rows make")
    return manifest


def recipe_sha256(recipe: dict[str, Any]) -> str:
    """sha256 of what in a recipe can change a release.

    Left out are the place of the hub, the engine, the limits and the folders of the sources: the
    same recipe on another machine is the same recipe.
    """
    parts = {key: value for key, value in recipe.items() if key not in ("hub", "engine", "limits")}
    parts["sources"] = [
        {**source, "path": Path(str(source.get("path"))).name}
        for source in recipe.get("sources") or ()
    ]
    return sha256(_canonical(parts)).hexdigest()


def read_recipe(path: Path) -> dict[str, Any]:
    """The recipe of a hub as plain values.

    Raises:
        ValueError: It cannot be read, or is not a mapping.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ValueError(f"{path} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise ValueError(f"{path} is not a mapping")
    return content


def _lists_its_files(manifest: Manifest) -> bool:
    files = -(-manifest.rows // manifest.rows_per_file)
    if len(manifest.files) != 2 * files + 3:
        return False  # Asked first: a forged number of rows must not cost memory.
    names = rows_by_name(manifest.rows, manifest.rows_per_file)
    return [(entry.path, entry.rows) for entry in manifest.files] == list(names.items())


def _canonical(content: Any) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
