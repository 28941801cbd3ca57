"""Check digits: Verhoeff (Aadhaar, VID, ABHA), Luhn (cards, EPIC), and modulo 36 (GSTIN).

Sources: J. Verhoeff, "Error detecting decimal codes" (1969), of which the tables are built here
from the dihedral group of order 10; ISO/IEC 7812-1 annex B (Luhn); the check character of a GSTIN
is Luhn's rule over the 36 characters 0-9A-Z.
"""

from __future__ import annotations

from typing import Final

_CHARACTERS: Final = {
    sign: value for value, sign in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}


def _product(left: int, right: int) -> int:
    """The product of two elements of the dihedral group of order 10."""
    turned = right % 5 if left < 5 else -right % 5
    mirrored = (left < 5) != (right < 5)
    return (left + turned) % 5 + 5 * mirrored


_PRODUCTS: Final = [[_product(left, right) for right in range(10)] for left in range(10)]
_ONCE: Final = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def _permutations() -> list[tuple[int, ...]]:
    rows: list[tuple[int, ...]] = [tuple(range(10))]
    while len(rows) < 8:
        rows.append(tuple(_ONCE[value] for value in rows[-1]))
    return rows


_PERMUTED: Final = _permutations()


def verhoeff_holds(digits: str) -> bool:
    """Whether the last of `digits` is the Verhoeff check digit of the others."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = _PRODUCTS[check][_PERMUTED[place % 8][int(digit)]]
    return check == 0


def luhn_holds(digits: str) -> bool:
    """Whether the last of `digits` is the Luhn check digit of the others."""
    return _luhn([int(digit) for digit in digits], 10)


def gstin_holds(code: str) -> bool:
    """Whether the last of the 15 characters of a GSTIN, in capitals, checks the others."""
    return _luhn([_CHARACTERS[sign] for sign in code], 36)


def _luhn(values: list[int], radix: int) -> bool:
    doubled = (divmod(2 * value, radix) for value in values[-2::-2])
    return (sum(values[::-2]) + sum(map(sum, doubled))) % radix == 0
