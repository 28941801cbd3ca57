"""What the card says of sensitive attributes: the policies, how many personas share each released
combination, what was made coarser for it, and totals of what no row tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from indic_persona_hub.release.coarser import steps
from indic_persona_hub.release.combinations import Combination
from indic_persona_hub.release.markdown import table
from indic_persona_hub.release.tally import most_frequent

if TYPE_CHECKING:
    from indic_persona_hub.release.anonymity import Plan
    from indic_persona_hub.run.settings import Anonymity, Sensitive

_POLICIES: Final = {
    "keep": "told of each persona",
    "aggregate": "told as totals only",
    "audit_only": "not told; audited in the hub",
    "drop": "not told, not audited",
}
_SCOPES: Final = {
    "sensitive": "with a religion, a community, a disability or the gender transgender",
    "all": "with any attribute",
}
_OF_COLUMNS: Final = (
    "This holds for the attributes' values. The prose of a persona is as it was written, and may"
    " tell what no attribute does."
)


def sensitive_section(
    known: Counter[str],
    combinations: Counter[Combination],
    plan: Plan,
    sensitive: Sensitive,
    anonymity: Anonymity,
) -> str:
    """Markdown.

    Args:
        known: Released personas by attribute that is told of them.
        combinations: Released personas by combination, of those in the scope.
    """
    policies = [
        (name, f"`{policy}`: {_POLICIES[policy]}", f"{known[name]:,}") for name, policy in sensitive
    ]
    parts = [
        table(["Attribute", "Policy", "Personas"], policies, left=(0, 1)),
        shared_line(combinations, anonymity),
        _OF_COLUMNS,
    ]
    if anonymity.k > 1 and any(plan.personas):
        parts.append(_coarser(plan))
    parts += [_totals(name, counts, anonymity.k) for name, counts in sorted(plan.totals.items())]
    return "\n\n".join(parts)


def shared_line(combinations: Counter[Combination], anonymity: Anonymity) -> str:
    """How many personas share each combination, in one sentence; `iph verify` looks for it."""
    scope = f"{combinations.total():,} personas {_SCOPES[anonymity.over]}"
    if not combinations:
        return f"k-anonymity of at least {anonymity.k}: of {scope}."
    return (
        f"k-anonymity of at least {anonymity.k}: of {scope}, each shares its combination of"
        f" attribute values with {min(combinations.values()) - 1:,} others or more"
        f" ({len(combinations):,} combinations)."
    )


def _coarser(plan: Plan) -> str:
    """How many personas each step released."""
    done = zip(steps(plan.over), plan.personas, strict=True)
    rows = [(step.words, f"{count:,}") for step, count in done if count]
    scope = _SCOPES[plan.over].removeprefix("with ")
    return table([f"Attributes of those with {scope}", "Personas"], rows)


def _totals(name: str, counts: dict[str, int], least: int) -> str:
    """Totals of an attribute that no row tells; small ones are left out."""
    rows: Sequence[tuple[str, str]] = [
        (f"`{value}`", f"{count:,}") for value, count in most_frequent(Counter(counts))
    ]
    said = f"Totals of {name}, where at least {least:,} personas state the same"
    return f"{said}:\n\n{table([name, 'Personas'], rows)}" if rows else f"{said}: none."
