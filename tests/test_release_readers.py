"""Everyone's reader takes a release as it is, without a warning."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

from hub_factory import make_hub
from indic_persona_hub.release.publish import publish
from indic_persona_hub.run.settings import ReleaseSettings

# Each script leaves the rows in `ids`. Libraries are imported first: their own warnings at import
# say nothing of the release.
READERS = {
    "pyarrow": (
        "import pyarrow.dataset as ds",
        "ids = [one for batch in ds.dataset('data', format='parquet').to_batches("
        "columns=['id', 'persona', 'domain']) for one in batch['id'].to_pylist()]",
    ),
    "datasets": (
        "import datasets, pathlib",
        "files = sorted(map(str, pathlib.Path('data').iterdir()))\n"
        "by_file = datasets.load_dataset('parquet', data_files=files, split='train')\n"
        "assert by_file.column_names == ['id', 'persona', 'domain']\n"
        "by_folder = datasets.load_dataset(str(pathlib.Path.cwd()))\n"
        "assert list(by_folder) == ['train']\n"
        "assert by_folder['train']['persona'][:] == by_file['persona'][:]\n"
        "ids = by_file['id'][:]",
    ),
    "pandas": ("import pandas", "ids = list(pandas.read_parquet('data')['id'])"),
    "polars": (
        "import polars",
        "table = polars.scan_parquet('data/*.parquet').collect()\n"
        "assert set(table.dtypes) == {polars.String}\n"
        "ids = table['id'].to_list()",
    ),
    "duckdb": (
        "import duckdb",
        "ids = [one for one, in duckdb.sql(\"SELECT id FROM 'data/*.parquet'\").fetchall()]",
    ),
}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readers")
    style = ReleaseSettings(title="A title: with a colon", licence="cc-by-4.0", rows_per_file=9)
    return publish(make_hub(folder / "hub"), folder / "release", settings=style).path


def ids_of(release: Path) -> list[str]:
    return [
        one
        for file in sorted((release / "data").iterdir())
        for one in pq.read_table(file)["id"].to_pylist()
    ]


def run(script: str, folder: Path, cache: Path) -> str:
    """Standard output of `script` run in `folder`; nothing may be said on standard error."""
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(cache), "HF_HUB_DISABLE_TELEMETRY": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={**os.environ, **offline, "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("reader", READERS)
def test_readers_take_it_without_a_warning(release: Path, tmp_path: Path, reader: str) -> None:
    if not importlib.util.find_spec(reader):
        pytest.skip(f"{reader} is not installed")
    load, read = READERS[reader]
    strict = "import warnings\nwarnings.simplefilter('error')"
    out = run(f"{load}\n{strict}\n{read}\nprint(*ids, sep='\\n')", release, tmp_path)
    assert out.split() == ids_of(release)


def test_the_usage_snippet_of_the_card_runs(release: Path, tmp_path: Path) -> None:
    card = (release / "README.md").read_text("utf-8")
    [snippet] = re.findall(r"```python\n(.*?)```", card, re.DOTALL)
    assert "scan_batches" not in snippet
    out = run(f"{snippet}\n    print(batch.num_rows)", release, tmp_path)
    assert sum(map(int, out.split())) == 17


def test_front_matter_is_what_the_hub_reads(release: Path) -> None:
    _, front_matter, _ = (release / "README.md").read_text("utf-8").split("---\n", 2)
    assert yaml.safe_load(front_matter) == {
        "license": "cc-by-4.0",
        "language": ["en", "hi", "ta"],
        "size_categories": ["n<1K"],
        "task_categories": ["text-generation"],
        "tags": ["personas", "synthetic", "india", "indic-persona-hub"],
        "pretty_name": "A title: with a colon",
        "configs": [
            {
                "config_name": "default",
                "data_files": [{"split": "train", "path": "data/*.parquet"}],
            }
        ],
    }
