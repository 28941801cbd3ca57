"""Measure capped selection: `indic_persona_hub.select` on seeded narrow rows, and its peers.

    python benchmarks/select.py --rows 20000000 [--json]

See `selection_runs.py` for what is measured and how.
"""

import importlib.machinery
import importlib.util
import sys
from pathlib import Path

if __name__ == "__main__":
    from selection_runs import main

    main()
else:
    # Scripts of this folder that say `import select`, or import what does, mean Python's own.
    here = Path(__file__).parent
    elsewhere = [one for one in sys.path if Path(one).resolve() != here]
    spec = importlib.machinery.PathFinder.find_spec(__name__, elsewhere)
    assert spec is not None and spec.loader is not None
    sys.modules[__name__] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
