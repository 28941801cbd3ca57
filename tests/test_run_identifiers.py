"""A build takes identifiers out of documents, says so, and no persona holds one."""

from __future__ import annotations

from pathlib import Path

from indic_persona_hub.privacy.identifiers import find
from indic_persona_hub.run.build import build
from indic_persona_hub.run.hub import open_hub
from indic_persona_hub.run.status import status
from scripted_hub import corpus_texts, scripted_recipe, write_source

NUMBER, ADDRESS = "98640 12345", "rekha.k@mail.example"


def test_a_build_takes_identifiers_out_and_says_how_many(tmp_path: Path) -> None:
    rows = corpus_texts()[:6]
    for row in rows[:3]:
        row["text"] += f" Ring her on {NUMBER} or write to {ADDRESS}."
    source = write_source(tmp_path / "texts.jsonl", rows)
    hub = build(scripted_recipe(tmp_path / "hub", source))
    texts = open_hub(hub.path).read("documents")["text"].to_pylist()
    assert len(texts) == 6
    assert not any(find(texts))
    assert sum("Ring her on [phone] or write to [email]." in text for text in texts) == 3
    assert status(hub)["notes"]["ingest"] == (
        "Identifiers taken out of documents before any model saw them: 3 email, 3 phone."
    )
    assert not any(find(open_hub(hub.path).read("personas")["persona"].to_pylist()))
