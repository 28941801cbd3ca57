"""Indic Persona Hub: build, audit, publish, search and use India-centric synthetic personas."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

# Nothing phones home: Daft sends usage data by default, and reads these when it loads.
os.environ["DO_NOT_TRACK"] = "true"
os.environ["SCARF_NO_ANALYTICS"] = "true"
os.environ["DAFT_ANALYTICS_ENABLED"] = "false"

__version__ = "0.1.0"

# Loaded on first use: `import indic_persona_hub` stays cheap and loads no engine.
_LAZY = {
    "Recipe": "indic_persona_hub.run.recipe",
    "build": "indic_persona_hub.run.build",
    "search": "indic_persona_hub.explore.search",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'indic_persona_hub' has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)
