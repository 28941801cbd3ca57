"""Contact data: what would let a reader reach, or identify, a real person."""

from __future__ import annotations

from typing import ClassVar, Final

from daft import Expression, col, lit
from daft.functions import regexp, translate, when
from pydantic import Field

from indic_persona_hub.judge.measure import Measured, by_row
from indic_persona_hub.judge.words import bounded, listed, matches
from indic_persona_hub.stage import RowJudge

_ZEROS: Final = (
    0x660,
    0x6F0,
    0x966,
    0x9E6,
    0xA66,
    0xAE6,
    0xB66,
    0xBE6,
    0xC66,
    0xCE6,
    0xD66,
    0x1C50,
)
_DIGITS: Final = "".join(chr(zero + digit) for zero in _ZEROS for digit in range(10))
_LATIN_DIGITS: Final = "0123456789" * len(_ZEROS)

_KINDS: Final = (
    # Mobile and landline numbers, helplines.
    r"(?:\+?91[ -]?|\b0)?\b[6-9]\d{4}[ -]?\d{5}\b|\b[6-9]\d{2}[ -]\d{3}[ -]\d{4}\b"
    r"|\b0\d{2,4}[ -]\d{6,8}\b|\b1[89]00[ -]?\d{2,4}[ -]?\d{3,4}[ -]?\d{0,4}\b"
    r"|\+\d[\d -]{8,14}\d\b",
    # E-mail, UPI id, web address.
    r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)*\b|(?i:\b(?:https?://|www\.)\S+)"
    r"|\b[\w-]{2,}\.(?:com|org|net|info|gov|nic|ac|edu|co|in)(?:\.in)?(?:/\S*)?\b",
    # Aadhaar, ABHA, PAN, GSTIN, IFSC, voter card, passport, vehicle plate.
    r"\b[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}\b|\b\d{2}-\d{4}-\d{4}-\d{4}\b|\b[A-Z]{5}\d{4}[A-Z]\b"
    r"|\b\d{2}[A-Z]{5}\d{4}[A-Z]\d[A-Z][\dA-Z]\b|\b[A-Z]{4}0[A-Z\d]{6}\b|\b[A-Z]{3}\d{7}\b"
    r"|\b[A-Z]\d{7}\b|\b[A-Z]{2}[ -]?\d{1,2}[ -]?[A-Z]{1,2}[ -]?\d{4}\b|\b\d{11,18}\b",
    # PIN code or door number: an address.
    r"(?i:\bpin ?(?:code)?|पिन ?(?:कोड)?|பின் ?கோடு|அஞ்சல் குறியீடு|পিন ?(?:কোড)?|పిన్ ?(?:కోడ్)?)"
    r"\W{0,3}\d{3} ?\d{3}\b"
    r"|[\p{L}\p{M}] ?[-–] ?[1-8]\d{2} ?\d{3}\b|\b[A-Z][a-z]{2,} [1-8]\d{5}\b"
    r"|(?i:\b(?:h\.? ?no|house no|door no|flat no|plot no|d\.? ?no|मकान नं|मकान संख्या))\W{0,3}\d+",
)
_CONTACT: Final = bounded("|".join(f"(?:{kind})" for kind in _KINDS))


class ContactData(RowJudge):
    """Count phone numbers, addresses on the web and in the street, and identity numbers.

    Digits of every Indian script are read. `value` is their number, `score` 1 / (1 + 3 value);
    `detail` shows them.
    """

    name: ClassVar[str] = "contact_data"

    max_found: int = Field(0, ge=0)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`."""
        persona = col("persona")
        foreign = regexp(persona, f"[{_DIGITS}]")
        translated = translate(when(foreign, persona).otherwise(lit("")), _DIGITS, _LATIN_DIGITS)
        text = when(foreign, translated).otherwise(persona)
        return by_row(self._measure, matches(text, _CONTACT))

    def _measure(self, data: list[str]) -> Measured:
        value = len(data)
        return Measured(value, 1 / (1 + 3 * value), value > self.max_found, listed(data))
