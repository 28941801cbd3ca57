"""llama.cpp in this process: one model, a number of slots, no port open.

Its server part always listens somewhere. Here that is a socket file in a folder that only this user
can enter, with a key; it is used to hand a prompt's read state from one slot to the others.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import socket
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.failures import BadRowError
from indic_persona_hub.models.local.held_folder import HeldFolder

_LONGEST_SOCKET_PATH: Final = 80  # the system allows about 100 bytes
_TIMEOUT_S: Final = 30.0
_QUIET: Final = -1
#: Free white space costs tokens, and small models lose themselves in it.
_ONE_LINE: Final = MappingProxyType(
    {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}
)
#: How often a thread looks before it sleeps, each of the hundreds of times a token that threads
#: meet: never is a quarter slower on a quiet machine, long looks starve them on a busy one.
_SPINS: Final = "1000"


class LlamaServer:
    """One loaded model. Threads may use it at once, each with a slot of its own.

    Args:
        weights: A GGUF file.
        slots: Requests worked on at once.
        threads: CPU threads; null is all cores.
        context_tokens: Longest prompt and reply of one request.

    Raises:
        ModelError: xllamacpp is not installed, or the weights cannot be loaded.
    """

    def __init__(
        self, weights: Path, *, slots: int, threads: int | None, context_tokens: int
    ) -> None:
        runtime = load_runtime()
        self._held = HeldFolder("iph-", _short_folder())
        self._folder = self._held.path
        self._key = secrets.token_urlsafe(32)
        self._grammar_of = runtime.json_schema_to_grammar
        params = runtime.CommonParams()
        params.model.path = str(weights)
        params.n_parallel = slots
        params.n_ctx = slots * context_tokens
        # One worker for each core that this process may use; more only wait for one another.
        workers = threads or len(os.sched_getaffinity(0))
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = workers
        params.verbosity = _QUIET
        params.fit_params = params.ui = params.endpoint_slots = params.warmup = False
        params.cache_ram_mib = 0  # a second cache, of prompts that slots gave up: never hit here
        params.hostnames = [str(self._folder / "s.sock")]
        params.api_keys = [self._key]
        params.slot_save_path = f"{self._folder}/"
        try:
            self._server = runtime.Server(params)
        except (RuntimeError, ValueError) as error:
            self._held.remove()
            raise ModelError(
                f"llama.cpp cannot load {weights}: {error}",
                cure="See that the file is a whole GGUF file and that there is memory for it.",
            ) from error

    def chat(self, body: Mapping[str, Any], *, slot: int) -> dict[str, Any]:
        """Answer a chat request, in OpenAI's form and with llama.cpp's own fields.

        Raises:
            BadRowError: llama.cpp refuses this request.
        """
        return self._ask(self._server.handle_chat_completions, body, slot)

    def complete(self, body: Mapping[str, Any], *, slot: int) -> dict[str, Any]:
        """Continue a text, in OpenAI's form and with llama.cpp's own fields.

        Raises:
            BadRowError: llama.cpp refuses this request.
        """
        return self._ask(self._server.handle_completions, body, slot)

    def grammar(self, schema: Mapping[str, Any]) -> str:
        """The grammar of JSON of this schema on one line, for the field `grammar` of a request."""
        # By a grammar and not by the field `json_schema`: for that, a cut reply can be an error.
        return str(self._grammar_of({"x-guidance": dict(_ONE_LINE), **schema}))

    def save(self, slot: int, name: str) -> bool:
        """Keep what an idle slot has read; false where that failed."""
        return self._act(slot, "save", name)

    def restore(self, slot: int, name: str) -> bool:
        """Give an idle slot what was kept; false where that failed."""
        return self._act(slot, "restore", name)

    def close(self) -> None:
        """Unload the model. No request may be running."""
        self._server = None
        self._held.remove()

    def _ask(
        self, handle: Callable[[dict[str, Any]], Any], body: Mapping[str, Any], slot: int
    ) -> dict[str, Any]:
        try:
            reply: dict[str, Any] = handle({**body, "id_slot": slot, "cache_prompt": True})
        except (ValueError, RuntimeError) as error:
            raise BadRowError("bad_request", str(error)) from error
        if "error" in reply:
            raise BadRowError("bad_request", str(reply["error"].get("message")))
        return reply

    def _act(self, slot: int, action: str, name: str) -> bool:
        connection = _FileConnection(self._folder / "s.sock")
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        try:
            body = json.dumps({"filename": name})
            connection.request("POST", f"/slots/{slot}?action={action}", body, headers)
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False  # the slot then reads the prompt itself
        finally:
            connection.close()


class _FileConnection(http.client.HTTPConnection):
    """HTTP over a socket file."""

    def __init__(self, file: Path) -> None:
        super().__init__("localhost", timeout=_TIMEOUT_S)
        self._file = file

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._file))


def load_runtime() -> Any:
    """The module xllamacpp, with threads that wait as suits this package.

    Raises:
        ModelError: It is not installed.
    """
    # Read once, when OpenMP loads; what the user says stays.
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", _SPINS)
    try:
        import xllamacpp
    except ImportError as error:
        raise ModelError(
            "The in-process runtime xllamacpp is not installed.",
            cure='Run: pip install "indic-persona-hub[local]"',
        ) from error
    return xllamacpp


def _short_folder() -> Path:
    """Where temporary folders go: the default, unless its path is long for a socket."""
    default = tempfile.gettempdir()
    return Path("/tmp" if len(default) > _LONGEST_SOCKET_PATH else default)
