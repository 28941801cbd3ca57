"""The stage that turns pages into documents, or says why a page is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

import pyarrow as pa
from pydantic import Field, field_validator

from indic_persona_hub.ingest.language import Identity, identify
from indic_persona_hub.ingest.language_codes import scripts_of, to_iso639_3
from indic_persona_hub.ingest.normalise import normalise
from indic_persona_hub.ingest.prose import why_no_person
from indic_persona_hub.ingest.scripts import NO_SCRIPT
from indic_persona_hub.privacy.redaction import redact
from indic_persona_hub.prompts.injection import why_injected
from indic_persona_hub.records import DOCUMENT, UNKNOWN_LANGUAGE, content_id
from indic_persona_hub.stage import REASON, REASON_DETAIL, RowStage, Workbench

if TYPE_CHECKING:
    from daft import DataFrame

ROMANISED: Final = "romanised"

_MADE = ("id", "text", "title", "language", "script", "romanised", REASON, REASON_DETAIL)
_MADE_TYPE = pa.struct(
    [(name, pa.bool_() if name == "romanised" else pa.string()) for name in _MADE]
)


class Ingest(RowStage):
    """Pages become documents: normalised, identified, and with a person to infer.

    Attributes:
        min_characters: Fewer characters after normalising are `too_short`. A code point counts as
            one in every script.
        max_characters: More are `too_long`.
        languages: ISO 639-3 codes, and `romanised` for Indian languages in Latin script; pages in
            others are `language_not_wanted`. Empty: all.
        max_site_share: Most that one site may have of the documents that stay, by their addresses;
            what a site has beyond it is `over_site_share` (see `ingest.sites`). Null: any share.
        remove_identifiers: Put a mark such as `[phone]` in the place of each identifier of a person
            (see `privacy.identifiers`), so that no model ever sees it.
    """

    name: ClassVar[str] = "ingest"
    revision: ClassVar[int] = 3

    min_characters: int = Field(200, ge=1)
    max_characters: int = Field(200_000, ge=1)
    languages: tuple[str, ...] = ()
    max_site_share: float | None = Field(None, gt=0, le=1)
    remove_identifiers: bool = True

    @field_validator("languages")
    @classmethod
    def _codes(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        plain = {one: one for one in (ROMANISED, UNKNOWN_LANGUAGE)}
        codes = {one: plain.get(one) or to_iso639_3(one) for one in given}
        if unknown := [one for one, code in codes.items() if code is None]:
            raise ValueError(f"no known language: {', '.join(unknown)}")
        return tuple(sorted({code for code in codes.values() if code}))

    def apply(self, frame: DataFrame, bench: Workbench) -> DataFrame:
        """Maps `records.PAGE` to `records.DOCUMENT` with `reason`, `reason_detail`, row by row.

        Reasons: `no_letters`, `too_short`, `too_long`, `injection` (a text that speaks to the model
        that reads it), `language_not_wanted`, `no_person`.
        """
        from daft import DataType, Series, col, func

        @func.batch(return_dtype=DataType.from_arrow_type(_MADE_TYPE))
        def make(text: Series, title: Series, stated: Series) -> Any:
            rows = zip(text.to_pylist(), title.to_pylist(), stated.to_pylist(), strict=True)
            made = [self._make(*row) for row in rows]
            return pa.array(self._without_identifiers(made), type=_MADE_TYPE)

        made = frame.with_column("made", make(col("text"), col("title"), col("stated_language")))
        return made.select(
            *(
                col("made").get(name).alias(name) if name in _MADE else col(name)
                for name in (*DOCUMENT.names, REASON, REASON_DETAIL)
            )
        )

    def _without_identifiers(self, made: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if not self.remove_identifiers:
            return made
        texts, _ = redact([one["text"] for one in made])
        titles, _ = redact([one["title"] or "" for one in made])
        return [
            {**one, "id": content_id([text]), "text": text, "title": title or None}
            for one, text, title in zip(made, texts, titles, strict=True)
        ]

    def _make(self, text: str | None, title: str | None, stated: str | None) -> dict[str, Any]:
        plain = normalise(text or "")
        identity = settled(stated, identify(plain))
        reason, detail = self._reason(plain, identity, f"{title or ''}\n{text}")
        return {
            "id": content_id([plain]),
            "text": plain,
            "title": " ".join(normalise(title).split()) if title else None,
            "language": identity.language,
            "script": identity.script,
            "romanised": identity.romanised,
            REASON: reason,
            REASON_DETAIL: detail,
        }

    def _reason(self, text: str, identity: Identity, given: str) -> tuple[str | None, str | None]:
        if identity.script == NO_SCRIPT:
            return "no_letters", f"{len(text):,} characters"
        if len(text) < self.min_characters:
            return "too_short", f"{len(text):,} characters"
        if len(text) > self.max_characters:
            return "too_long", f"{len(text):,} characters"
        # As it was given: what hides an instruction is lost when a text is normalised.
        if injected := why_injected(given):
            return "injection", injected
        if not self._wants(identity):
            return "language_not_wanted", ROMANISED if identity.romanised else identity.language
        why = why_no_person(text, identity)
        return ("no_person", why) if why else (None, None)

    def _wants(self, identity: Identity) -> bool:
        return (
            not self.languages
            or identity.language in self.languages
            or (identity.romanised and ROMANISED in self.languages)
        )


def settled(stated: str | None, identity: Identity) -> Identity:
    """With the stated language where the script bears it out.

    In Latin script, a stated language that has its own script is taken for romanised text only,
    and one that is written in Latin (English, Khasi) only where no other one was identified.
    """
    code = to_iso639_3(stated) if stated else None
    if code is None:
        return identity
    scripts = scripts_of(code)
    if identity.script != "Latn":
        agrees = identity.script in scripts
    elif "Latn" in scripts:
        agrees = identity.language == UNKNOWN_LANGUAGE and not (
            identity.romanised and code == "eng"
        )
    else:
        agrees = identity.romanised
    if not agrees:
        return identity
    return identity._replace(language=code, romanised="Latn" not in scripts and identity.romanised)
