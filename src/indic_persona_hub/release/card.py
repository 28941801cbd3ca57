"""The card of a release: its README, with every number counted from the rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import yaml

from indic_persona_hub import records
from indic_persona_hub.release.markdown import plain, table
from indic_persona_hub.release.sensitive_section import sensitive_section
from indic_persona_hub.release.tally import QUANTILES, Tally, most_frequent
from indic_persona_hub.release.yields import Yields

if TYPE_CHECKING:
    from indic_persona_hub.release.anonymity import Plan
    from indic_persona_hub.run.settings import ReleaseSettings

_TOP_DOMAINS: Final = 30
_SOURCES_LISTED: Final = 200

#: Two-letter codes, which the Hugging Face Hub files data sets under, of ISO 639-3 codes.
_SHORT_CODES: Final = dict(
    pair.split(":")
    for pair in (
        "asm:as ben:bn eng:en guj:gu hin:hi kan:kn kas:ks mal:ml mar:mr nep:ne npi:ne ori:or"
        " ory:or pan:pa san:sa snd:sd tam:ta tel:te urd:ur"
    ).split()
)
_SIZES: Final = (
    (10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"),
    (10**7, "1M<n<10M"), (10**8, "10M<n<100M"), (10**9, "100M<n<1B"),
)  # fmt: skip
_METHODS: Final = {
    "text_to_persona": "inferred from a passage of a document",
    "persona_to_persona": "a person around another persona",
    "localise": "a persona from elsewhere, moved to India",
    "unknown": "made by others, who do not say how",
}


def card(
    tally: Tally,
    yields: Yields,
    plan: Plan,
    proofs: Mapping[str, str],
    settings: ReleaseSettings,
    version: str,
) -> str:
    """The README as the Hugging Face Hub reads it, in Markdown.

    Args:
        proofs: The sections `gate` and `taken_down` (see `release.proofs`).
    """
    template = (resources.files(__package__) / "card.md").read_text(encoding="utf-8")
    filled = {
        "front_matter": _front_matter(tally, settings),
        "title": settings.title,
        "rows": f"{tally.rows:,}",
        "languages": _number(len(tally.languages), "language"),
        "version": version,
        "domains": domain_section(tally.domains),
        "methods": _methods(tally),
        "language_table": _shares("Language", tally.languages, tally.rows),
        "attributes": _attributes(tally, settings),
        "sensitive": sensitive_section(tally, plan, settings.sensitive, settings.anonymity),
        "confidence": _confidence(tally),
        "yields": _yields(yields),
        "sources": _sources(tally),
        "models": _models(tally),
        **proofs,
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda place: filled[place[1]], template)


def domain_section(domains: Counter[str]) -> str:
    """The domain distribution in the form of the seed release; `iph verify` looks for it."""
    top = [(plain(name), f"{count:,}") for name, count in most_frequent(domains)[:_TOP_DOMAINS]]
    return (
        f"Selected {domains.total():,} Personas across {len(domains)} domain buckets.\n"
        f"Top domain distribution:\n\n{table(['Domain', 'Count'], top)}"
    )


def _front_matter(tally: Tally, settings: ReleaseSettings) -> str:
    codes = {_SHORT_CODES.get(code, code) for code in tally.languages} - {records.UNKNOWN_LANGUAGE}
    content: dict[str, Any] = {
        "license": settings.licence,
        "language": sorted(codes),
        "size_categories": [next((name for top, name in _SIZES if tally.rows < top), "1B<n<10B")],
        "task_categories": ["text-generation"],
        "tags": ["personas", "synthetic", "india", "indic-persona-hub"],
        "pretty_name": settings.title,
        "configs": [
            {
                "config_name": "default",
                "data_files": [{"split": "train", "path": "data/*.parquet"}],
            }
        ],
    }
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True).strip()


def _methods(tally: Tally) -> str:
    rows = [
        (f"`{name}`: {_METHODS[name]}", *_share(tally.methods[name], tally.rows))
        for name in records.METHODS
        if tally.methods[name]
    ]
    return table(["Method", "Personas", "Share"], rows)


def _shares(title: str, counts: Counter[str], rows: int) -> str:
    body = [(f"`{plain(name)}`", *_share(count, rows)) for name, count in most_frequent(counts)]
    return table([title, "Personas", "Share"], body)


def _attributes(tally: Tally, settings: ReleaseSettings) -> str:
    unsaid = settings.sensitive.under("audit_only", "drop")
    rows = [
        (
            name,
            "not said" if name in unsaid else f"{tally.stated[name]:,}",
            *_share(tally.known[name], tally.rows),
        )
        for name in records.ATTRIBUTES
    ]
    heads = ["Attribute", "State it", "Told of", "Share told"]
    return table(heads, rows) + "".join(_of_columns(tally))


def _of_columns(tally: Tally) -> Iterable[str]:
    """What of a set's columns was not recognised, or the text contradicts; nothing where all is."""
    for said, counts in (
        ("Cells of columns that mean no value of ours", tally.unrecognised),
        ("Texts that say otherwise than their column", tally.contradicted),
    ):
        if counts:
            yield f"\n\n{said}: {reasons(counts)}."


def _confidence(tally: Tally) -> str:
    heads = ["Lowest", *(f"{share:.0%}" for share in QUANTILES[1:-1]), "Highest"]
    scores = [f"{score:.3f}" for score in tally.score_quantiles()]
    return table(["Quantile", *heads], [("confidence_score", *scores)])


def _yields(yields: Yields) -> str:
    rows = [
        (
            f"`{stage.name}`",
            *(f"{count:,}" for count in (stage.rows_read, stage.rows_in, stage.rows_out)),
            f"{stage.fails:,}" if stage.fails else "",
            reasons(stage.rejected),
        )
        for stage in yields.stages
    ]
    heads = ["Stage", "Read", "In", "Out", "Failed", "Rejected"]
    notes = "".join(f"\n\n{plain(note)}" for note in yields.notes)
    return table(heads, rows, left=(0, 5)) + notes


def reasons(rejected: Mapping[str, int]) -> str:
    """Counts by reason in one line, the most frequent first."""
    return ", ".join(f"{plain(name)} {count:,}" for name, count in most_frequent(Counter(rejected)))


def _sources(tally: Tally) -> str:
    listed = most_frequent(tally.sources)
    rows = [
        (_stated(source), _stated(licence), *_share(count, tally.rows))
        for (source, licence), count in listed[:_SOURCES_LISTED]
    ]
    more = len(listed) - len(rows)
    text = table(["Source", "Licence", "Personas", "Share"], rows, left=(0, 1))
    return text + (f"\n\nand {_number(more, 'more source')} (see `detailed/`)." if more else "")


def _models(tally: Tally) -> str:
    rows = [
        (plain(model), plain(licence), *_share(count, tally.rows))
        for (model, licence), count in most_frequent(tally.models)
    ]
    return table(["Model", "Licence", "Personas", "Share"], rows, left=(0, 1))


def _share(count: int, rows: int) -> tuple[str, str]:
    return f"{count:,}", f"{count / rows:.1%}"


def _stated(value: str | None) -> str:
    return plain(value) if value else "not stated"


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
