"""Telephone numbers of India, and of elsewhere with their country's code.

Sources: National Numbering Plan 2003 of the Department of Telecommunications (ten digits: area code
of two to four and subscriber's number, or a mobile number from 6 to 9; prefix 0; code 91; 1800 and
1860 for calls that the called party or both pay), and ITU-T E.164 (at most 15 digits).
"""

from __future__ import annotations

from typing import Final

from indic_persona_hub.privacy.identifiers.digit_runs import Run

#: How ten digits of a mobile number are grouped.
_MOBILE: Final = {
    (10,), (5, 5), (4, 6), (6, 4), (3, 7), (7, 3), (3, 3, 4), (4, 3, 3), (3, 4, 3), (2, 4, 4),
    (4, 2, 4), (2, 3, 5), (3, 2, 5), (5, 3, 2), (5, 2, 3), (2, 2, 2, 2, 2), (1,) * 10, (2, 8),
    (8, 2), (4, 4, 2), (3, 3, 2, 2), (4, 2, 2, 2), (2, 2, 3, 3),
}  # fmt: skip
#: How an area code with its 0, and a subscriber's number, are grouped.
_LANDLINE: Final = {
    (3, 8), (3, 4, 4), (4, 7), (4, 3, 4), (4, 4, 3), (5, 6), (5, 3, 3), (5, 2, 4),
    (5, 2, 2, 2), (4, 3, 2, 2), (1, 2, 8), (1, 2, 4, 4), (1, 3, 7), (1, 4, 6),
}  # fmt: skip
_PREFIXES: Final = ("0091", "091", "91", "0", "")
_TOLL_FREE: Final = ("1800", "1860")


def is_phone(run: Run) -> bool:
    """Whether the digits are grouped as those of a telephone number of India, or of E.164."""
    if run.digits.endswith("00000"):
        return False
    if run.plus and not run.digits.startswith("91"):
        return _is_foreign(run.digits, run.shape[0])
    if len(run.shape) == 1 and run.digits.startswith("00") and not run.digits.startswith("0091"):
        return len(run.digits) >= 12 and _is_foreign(run.digits[2:], len(run.digits))
    return _is_mobile(run) or _is_landline(run) or _is_toll_free(run)


def _is_foreign(digits: str, first_group: int) -> bool:
    """With the code of another country; +1 is of eleven digits."""
    if digits[0] == "1" and len(digits) != 11:
        return False
    return digits[0] != "0" and 8 <= len(digits) <= 15 and first_group not in (5, 6, 7)


def _is_mobile(run: Run) -> bool:
    for prefix in _PREFIXES:
        if (
            len(run.digits) == len(prefix) + 10
            and run.digits.startswith(prefix)
            and run.digits[len(prefix)] in "6789"
        ):
            return _rest(run.shape, len(prefix)) in _MOBILE
    return False


def _rest(shape: tuple[int, ...], length: int) -> tuple[int, ...]:
    """The groups after the first `length` digits."""
    left = list(shape)
    while length and left:
        taken = min(length, left[0])
        length -= taken
        left[0] -= taken
        if not left[0]:
            left.pop(0)
    return tuple(left)


def _is_landline(run: Run) -> bool:
    digits, shape = run.digits, run.shape
    if digits.startswith("910"):  # +91 (0)471
        digits = "91" + digits[3:]
    if run.plus or (
        digits.startswith("91") and len(digits) == 12 and shape[0] == 2 and len(shape) > 1
    ):
        return len(digits) == 12 and digits[2] in "12345678"
    return len(digits) == 11 and digits[0] == "0" and digits[1] in "12345678" and shape in _LANDLINE


def _is_toll_free(run: Run) -> bool:
    digits = run.digits.removeprefix("0")
    return (
        10 <= len(digits) <= 12
        and digits.startswith(_TOLL_FREE)
        and run.shape[0] in (1, 4, 5, 10, 11, 12)
        and run.shape[-1] >= 2
        and (len(run.shape) < 4 or run.shape[0] == 1)
    )
