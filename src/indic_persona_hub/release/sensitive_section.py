"""What the card says of sensitive attributes: the policies, how many personas share each released
combination, what was made coarser for it, and totals of what no row tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Final

from indic_persona_hub.release.coarser import steps
from indic_persona_hub.release.combinations import Combination
from indic_persona_hub.release.markdown import table
from indic_persona_hub.release.tally import Tally, most_frequent

if TYPE_CHECKING:
    from indic_persona_hub.release.anonymity import Plan
    from indic_persona_hub.run.settings import Anonymity, Sensitive

_WIDTH: Final = 100
_POLICIES: Final = {
    "keep": "told, as far as k-anonymity allows",
    "aggregate": "told as totals only",
    "audit_only": "not told; audited in the hub",
    "drop": "not told, not audited",
}
_SCOPES: Final = {
    "sensitive": "a religion, a community, a disability or the gender transgender",
    "all": "any attribute",
}
_OF_COLUMNS: Final = (
    "This holds for the attributes' values. The prose of a persona is as it was written, and may"
    " tell what no attribute does."
)


def sensitive_section(tally: Tally, plan: Plan, sensitive: Sensitive, anonymity: Anonymity) -> str:
    """Markdown. How many state an attribute is not said where its policy is that nothing is."""
    policies = [
        (
            name,
            f"`{policy}`: {_POLICIES[policy]}",
            f"{tally.stated[name]:,}" if policy in ("keep", "aggregate") else "not said",
            f"{tally.known[name]:,}",
        )
        for name, policy in sensitive
    ]
    parts = [
        table(["Attribute", "Policy", "State it", "Told of"], policies, left=(0, 1)),
        shared_line(tally.combinations, anonymity),
        fill(_OF_COLUMNS, _WIDTH),
    ]
    if anonymity.k > 1 and any(plan.personas):
        parts.append(_coarser(plan))
    parts += [_totals(name, counts, anonymity.k) for name, counts in sorted(plan.totals.items())]
    return "\n\n".join(parts)


def shared_line(combinations: Counter[Combination], anonymity: Anonymity) -> str:
    """How many personas share each combination, in one sentence; `iph verify` looks for it."""
    told = f"{combinations.total():,} personas {_SCOPES[anonymity.over]} is told"
    said = f"k-anonymity of at least {anonymity.k}: of {told}"
    if combinations:
        others = min(combinations.values()) - 1
        said += (
            f", and each shares its combination of attribute values with {others:,}"
            f" other{'' if others == 1 else 's'} or more ({len(combinations):,} combinations)"
        )
    return fill(f"{said}.", _WIDTH)


def _coarser(plan: Plan) -> str:
    """How many personas each step released."""
    done = zip(steps(plan.over), plan.personas, strict=True)
    rows = [(step.words, f"{count:,}") for step, count in done if count]
    withheld = f", {' and '.join(plan.withheld)} left aside" if plan.withheld else ""
    return table([f"Of those who state {_SCOPES[plan.over]}{withheld}", "Personas"], rows)


def _totals(name: str, counts: dict[str, int], least: int) -> str:
    """Totals of an attribute that no row tells; small ones are left out."""
    rows: Sequence[tuple[str, str]] = [
        (f"`{value}`", f"{count:,}") for value, count in most_frequent(Counter(counts))
    ]
    said = f"Totals of {name}, where at least {least:,} personas state the same"
    return f"{said}:\n\n{table([name, 'Personas'], rows)}" if rows else f"{said}: none."
