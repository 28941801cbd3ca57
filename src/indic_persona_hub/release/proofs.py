"""What a release proves of itself beside its rows: what was taken down, and how the gate stood.

Both stand in the manifest, and on the card in words that `iph verify` looks for.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from indic_persona_hub.release.layout import TOMBSTONES
from indic_persona_hub.release.markdown import plain, table
from indic_persona_hub.run.tombstones import Tombstones

_PROOF = ConfigDict(frozen=True, extra="forbid", strict=True)


class TakenDown(BaseModel):
    """Tombstones of the hub when the release was made, but for those of sources.

    Attributes:
        sha256: Of the list, which is a file of the release.
    """

    model_config = _PROOF

    personas: int = Field(ge=0)
    documents: int = Field(ge=0)
    texts: int = Field(ge=0)
    sha256: str

    @classmethod
    def of(cls, tombstones: Tombstones) -> TakenDown:
        """Count those of `Tombstones.released`."""
        counts = {f"{kind}s": count for kind, count in tombstones.counts.items()}
        counts.pop("sources")
        return cls(sha256=tombstones.digest, **counts)

    def section(self) -> str:
        """Markdown."""
        counts = {"personas": self.personas, "documents": self.documents, "texts": self.texts}
        if not any(counts.values()):
            return "Nothing was taken down from the hub that this release was made from."
        listed = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        return (
            f"Taken down before this release was made: {listed}. None of it, and nothing derived"
            f" from it, is in this release. `{TOMBSTONES}` lists it by id, without any text; its"
            f" sha256 is `{self.sha256}`."
        )


class Outcome(BaseModel):
    """One line of the gate.

    Attributes:
        found: Released personas that have what is measured; null where no judge measured it.
        limit: Share of the personas that may have it; null where the recipe asks nothing.
    """

    model_config = _PROOF

    measure: str
    found: int | None
    limit: float | None
    passed: bool

    def holds(self, personas: int) -> bool:
        """Whether `passed` is what the numbers say; not measured is passed or not by the recipe."""
        if self.limit is None:
            return self.passed
        return self.found is None or self.passed == (self.found / personas <= self.limit)


class GateProof(BaseModel):
    """How the gate stood. `override` is why it was published where a line did not pass."""

    model_config = _PROOF

    outcomes: list[Outcome]
    override: str | None

    def contradictions(self, personas: int) -> list[str]:
        """Measures whose outcome is another than their own numbers say, and an override that is
        missing or was not needed.
        """
        wrong = [one.measure for one in self.outcomes if not one.holds(personas)]
        if (self.override is None) != all(one.passed for one in self.outcomes):
            wrong.append("override")
        return wrong

    def section(self, personas: int) -> str:
        """Markdown."""
        lines = table(
            ["Measure", "Personas", "Share", "At most", "Outcome"],
            [(one.measure, *shown(one, personas)) for one in self.outcomes],
        )
        if self.override is None:
            return lines
        return f"{lines}\n\n**Published although it did not pass.** Reason: {plain(self.override)}"


def shown(outcome: Outcome, personas: int) -> tuple[str, str, str, str]:
    """What was found, its share, what is allowed, and what follows, as a table shows it."""
    limit = "-" if outcome.limit is None else f"{outcome.limit:.2%}"
    verdict = "passed" if outcome.passed else "**failed**"
    if outcome.found is None:
        return "not measured", "-", limit, verdict if not outcome.passed else "-"
    if outcome.limit is None:
        verdict = "not asked"
    return f"{outcome.found:,}", f"{outcome.found / personas:.2%}", limit, verdict
