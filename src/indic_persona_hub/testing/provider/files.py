"""Files that are sent to the provider, and that it makes: kept in memory, by id."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from indic_persona_hub.testing.provider.bodies import RefusedError

_BOUNDARY: Final = re.compile(r'multipart/form-data;.*?\bboundary="?([^";\s]+)"?', re.IGNORECASE)
_PARAMETER: Final = re.compile(r'\b(name|filename)="([^"]*)"')


@dataclass(frozen=True)
class StoredFile:
    """A file and what is known of it; `created_at` in seconds since 1970."""

    id: str
    name: str
    purpose: str
    content: bytes = field(repr=False)
    created_at: int

    def shown(self) -> dict[str, Any]:
        """As OpenAI's API shows it."""
        return {
            "id": self.id,
            "object": "file",
            "bytes": len(self.content),
            "created_at": self.created_at,
            "filename": self.name,
            "purpose": self.purpose,
            "status": "processed",
        }


class Files:
    """All files of one provider."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}

    def add(self, name: str, purpose: str, content: bytes) -> StoredFile:
        """Keep a new file."""
        digest = sha256(f"{len(self._files)}\n".encode() + content).hexdigest()
        one = StoredFile(f"file-{digest[:24]}", name, purpose, content, int(time.time()))
        self._files[one.id] = one
        return one

    def get(self, file_id: str) -> StoredFile:
        """The file with this id.

        Raises:
            RefusedError: There is none.
        """
        if file_id not in self._files:
            raise RefusedError(404, f"No such File object: {file_id}")
        return self._files[file_id]

    def add_upload(self, content_type: str, body: bytes) -> StoredFile:
        """Keep the file of a form with `purpose` and `file`.

        Args:
            content_type: The header, with the form's boundary.

        Raises:
            RefusedError: It is no such form.
        """
        parts = _parts(content_type, body)
        if "file" not in parts or "purpose" not in parts:
            raise RefusedError(400, "The form needs the parts 'purpose' and 'file'.")
        purpose = parts["purpose"][1].decode("utf-8", "replace").strip()
        if purpose != "batch":
            raise RefusedError(400, "purpose is not 'batch', the only one that is served here.")
        name, content = parts["file"]
        return self.add(name, purpose, content)


def _parts(content_type: str, body: bytes) -> dict[str, tuple[str, bytes]]:
    """(file name, content) by name, of the parts of a form (RFC 7578)."""
    found = _BOUNDARY.match(content_type)
    if found is None:
        raise RefusedError(400, "Content-Type is no multipart/form-data with a boundary.")
    parts: dict[str, tuple[str, bytes]] = {}
    pieces = (b"\r\n" + body).split(b"\r\n--" + found[1].encode("latin-1"))
    for piece in pieces[1:]:
        head, blank, content = piece.partition(b"\r\n\r\n")
        said = dict(_PARAMETER.findall(head.decode("utf-8", "replace")))
        if blank and "name" in said:
            parts[said["name"]] = (said.get("filename", ""), content)
    return parts
