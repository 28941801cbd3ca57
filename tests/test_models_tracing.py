"""Spans of model calls: counts and kinds of errors, and nothing that anyone said."""

import json
import subprocess
import sys
from pathlib import Path

_TRACED = """
import sys
from pathlib import Path
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

spans = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(spans))
trace.set_tracer_provider(provider)

from indic_persona_hub.models.caller import Caller
from indic_persona_hub.models.journal import Journal
from indic_persona_hub.models.load.lanes import Lanes
from indic_persona_hub.models.endpoint.openai_compatible import OpenAICompatibleModel
from indic_persona_hub.models.settings import OpenAICompatibleSettings
from indic_persona_hub.models.socket import Message, Request
from indic_persona_hub.testing.provider import Provider

with Provider(faults={"error_500": 0.3}, seed=1, key="sk-canary") as server:
    settings = OpenAICompatibleSettings(
        base_url=server.base_url, model="scripted", api_key_env="LAB_KEY"
    )
    with Journal(Path(sys.argv[1])) as journal:
        lanes = Lanes([OpenAICompatibleModel(settings)], settings)
        caller = Caller(lanes, journal, attempts=8)
        turns = [(Message("user", f"Passage: the secret haat of {n}"),) for n in range(12)]
        caller.ask_all([Request(one, 60, 0.9, 0.9, 0.1, (), 1) for one in turns], stage="sketch")
        caller.close()
print("[" + ",".join(span.to_json(indent=None) for span in spans.get_finished_spans()) + "]")
"""


def test_every_call_is_a_span_without_words_or_keys(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _TRACED, str(tmp_path / "journal.sqlite")],
        capture_output=True,
        text=True,
        check=True,
        env={"LAB_KEY": "sk-canary", "PATH": ""},
    )
    spans = json.loads(ended.stdout)
    failed = [span for span in spans if span["status"]["status_code"] == "ERROR"]
    answered = [span["attributes"] for span in spans if span not in failed]
    assert len(answered) == 12
    assert failed
    assert {span["attributes"]["error.type"] for span in failed} == {"500"}
    assert all(one["gen_ai.usage.output_tokens"] >= 0 for one in answered)
    assert {one["indic_persona_hub.stage"] for one in answered} == {"sketch"}
    for word in ("sk-canary", "secret haat"):
        assert word not in ended.stdout
