"""The command line, `iph`: one call per command.

Exit codes: 0 done; 1 a release is not whole, or a lookup found nothing; 2 the recipe or the command
line is not valid; 3 a source cannot be read; 4 a model cannot be asked; 5 the disk is full or a
file cannot be written or read; 6 another process builds the hub; 7 a cap of `limits` is reached,
and the hub is finished with what was paid for; 8 the gate refuses the release; 130 interrupted.
"""

from __future__ import annotations

import os
import sys

from indic_persona_hub.errors import HubError


def main() -> None:
    """Run `iph` with the process's arguments; a `HubError` becomes a line, its cure, and a code."""
    os.environ.setdefault("DAFT_PROGRESS_BAR", "0")  # a second set of bars would run into ours
    from indic_persona_hub.cli.scanning import app

    try:
        app()
    except HubError as error:
        print(f"iph: {error.message}\n     {error.cure}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("iph: stopped; the same command goes on from here.", file=sys.stderr, flush=True)
        # Calls in flight are not waited for: a build may be killed at any moment.
        os._exit(130)
