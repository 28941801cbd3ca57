"""Identifiers planted in sentences of twelve scripts, by a seed: none is anybody's on purpose.

Check digits are computed here, from the definition, and not by the code that is measured.
"""

from __future__ import annotations

import random
import string
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Plant(NamedTuple):
    """A sentence with one identifier in it, at `start` to `end`; `form` says how it is written."""

    kind: str
    form: str
    text: str
    start: int
    end: int


class Carrier(NamedTuple):
    """A script's sentences around an identifier, its digits, and its words for kinds."""

    script: str
    zero: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    labels: dict[str, str]


_LATIN_LABELS = {
    "aadhaar": "Aadhaar number", "vid": "Virtual ID", "abha": "ABHA no.", "pan": "PAN",
    "tan": "TAN", "gstin": "GSTIN:", "upi": "UPI ID", "ifsc": "IFSC code",
    "bank_account": "A/c No.", "epic": "Voter ID", "passport": "Passport No.",
    "driving_licence": "driving licence", "vehicle": "vehicle no", "phone": "Mobile:",
    "email": "e-mail", "pin_address": "PIN code", "payment_card": "card number", "uan": "UAN",
    "ip_address": "IP address", "url": "website",
}  # fmt: skip


def _carriers() -> tuple[Carrier, ...]:
    written = tomllib.loads(
        Path(__file__).with_name("identifiers_carriers.toml").read_text("utf-8")
    )
    return tuple(
        Carrier(
            script,
            one["zero"],
            tuple(one["before"]),
            tuple(one["after"]),
            {**_LATIN_LABELS, **one["labels"]},
        )
        for script, one in written.items()
    )


CARRIERS = _carriers()

_WORDS = "zero one two three four five six seven eight nine".split()
_HINDI_WORDS = "शून्य एक दो तीन चार पाँच छह सात आठ नौ".split()
_TAMIL_WORDS = "பூஜ்ஜியம் ஒன்று இரண்டு மூன்று நான்கு ஐந்து ஆறு ஏழு எட்டு ஒன்பது".split()
_CARD_STARTS = "411111 511111 551111 601111 652211 817211".split()
_STATES = "AP AS BR CG DL GJ HR JH KA KL MH MP OD PB RJ TN TS UP UK WB".split()
_NAMES = "asha ravi meena kabir lakshmi joseph salma tenzin gurpreet bijoy".split()
_PLACES = "Kochi Guwahati Madurai Almora Nagpur Bhopal Ranchi Mysuru Surat Patna".split()
_HOSTS = "gmail.com yahoo.co.in rediffmail.com nic.in kerala.gov.in outlook.com iitb.ac.in".split()
_HANDLES = "okaxis okhdfcbank oksbi okicici ybl ibl axl paytm upi apl sbi ptsbi".split()


def _digits(rng: random.Random, count: int, first: str = string.digits) -> str:
    return rng.choice(first) + "".join(rng.choices(string.digits, k=count - 1))


def _letters(rng: random.Random, count: int, among: str = string.ascii_uppercase) -> str:
    return "".join(rng.choices(among, k=count))


# Verhoeff's tables as published (multiplication in the dihedral group, permutation).
_D = [[int(sign) for sign in row] for row in (
    "0123456789 1234067895 2340178956 3401289567 4012395678"
    " 5987604321 6598710432 7659821043 8765932104 9876543210"
).split()]  # fmt: skip
_P = [[int(sign) for sign in row] for row in (
    "0123456789 1576283094 5803796142 8916043527 9453126870 4286573901 2793806415 7046913258"
).split()]  # fmt: skip


def with_verhoeff(digits: str) -> str:
    """`digits` and their check digit."""
    for last in string.digits:
        check = 0
        for place, digit in enumerate(reversed(digits + last)):
            check = _D[check][_P[place % 8][int(digit)]]
        if check == 0:
            return digits + last
    raise AssertionError


def with_luhn(digits: str) -> str:
    """`digits` and their check digit."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return digits + str(-total % 10)


def _gstin(rng: random.Random) -> str:
    body = f"{rng.randint(1, 37):02}{_pan(rng)}{rng.choice('123456789')}Z"
    signs = string.digits + string.ascii_uppercase
    total = sum(
        sum(divmod(signs.index(sign) * (2 if place % 2 else 1), 36))
        for place, sign in enumerate(body)
    )
    return body + signs[-total % 36]


def _pan(rng: random.Random) -> str:
    kind = rng.choice("PPPPCHFATBLJG")
    return _letters(rng, 3) + kind + _letters(rng, 1) + _digits(rng, 4) + _letters(rng, 1)


def _grouped(value: str, sizes: tuple[int, ...], gap: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(value[at : at + size])
        at += size
    return gap.join(parts)


#: A written form, and whether words must stand before it.
Form = tuple[str, str, bool]


def _forms(value: str, sizes: tuple[int, ...]) -> list[tuple[str, str]]:
    ones = (1,) * len(value)
    middle = len(value) // 2
    return [
        ("bare", value),
        ("spaced", _grouped(value, sizes, " ")),
        ("hyphenated", _grouped(value, sizes, "-")),
        ("no-break spaces", _grouped(value, sizes, "\u00a0")),
        ("en dashes", _grouped(value, sizes, "\u2013")),
        ("each digit apart", _grouped(value, ones, " ")),
        ("zero-width", value[:middle] + "\u200b" + value[middle:]),
    ]


def _one(rng: random.Random, value: str, sizes: tuple[int, ...], label: bool | None = None) -> Form:
    form, written = rng.choice(_forms(value, sizes))
    return form, written, rng.random() < 0.5 if label is None else label


def _landline(rng: random.Random) -> str:
    long = rng.choice(("040-2345", "011 2338", "+91-80-2294", "(022) 2610"))
    short = rng.choice(("0471-251", "0484 233", "(0361) 264", "+91 471 230"))
    return rng.choice((long, short)) + _digits(rng, 4)


def _phone(rng: random.Random) -> Form:
    mobile = _digits(rng, 10, "6789")
    made: list[Callable[[], tuple[str, str]]] = [
        lambda: rng.choice(_forms(mobile, (5, 5))),
        lambda: ("+91", "+91" + rng.choice((" ", "-", "")) + mobile),
        lambda: ("+91 5-5", f"+91 {mobile[:5]} {mobile[5:]}"),
        lambda: ("3-3-4", _grouped(mobile, (3, 3, 4), "-")),
        lambda: ("trunk 0", "0" + mobile),
        lambda: ("in words", " ".join(_WORDS[int(one)] for one in mobile)),
        lambda: ("in Hindi words", " ".join(_HINDI_WORDS[int(one)] for one in mobile)),
        lambda: ("in Tamil words", " ".join(_TAMIL_WORDS[int(one)] for one in mobile)),
        lambda: ("one word inside", f"{mobile[:5]}-{_WORDS[int(mobile[5])]}-{mobile[6:]}"),
        lambda: ("landline", _landline(rng)),
    ]  # fmt: skip
    form, written = rng.choice(made)()
    return form, written, rng.random() < 0.5


def _email(rng: random.Random) -> Form:
    local = rng.choice(_NAMES) + rng.choice(("", ".k", "_1987", ".devi", str(rng.randint(1, 99))))
    host = rng.choice(_HOSTS)
    said = host.replace(".", " dot ")
    form, written = rng.choice([
        ("plain", f"{local}@{host}"),
        ("capitals", f"{local.title()}@{host}"),
        ("at the rate", f"{local} at the rate {said}"),
        ("at, dot", f"{local} at {said}"),
        ("[at][dot]", f"{local}[at]{host.replace('.', '[dot]')}"),
        ("(at) (dot)", f"{local} (at) {host.replace('.', ' (dot) ')}"),
        ("wide at", f"{local}\uff20{host}"),
        ("spaces", f"{local} @ {host}"),
    ])  # fmt: skip
    return form, written, rng.random() < 0.3


def _upi(rng: random.Random) -> Form:
    local = rng.choice((rng.choice(_NAMES) + str(rng.randint(1, 999)), _digits(rng, 10, "6789")))
    handle = rng.choice(_HANDLES)
    form, written = rng.choice([
        ("plain", f"{local}@{handle}"),
        ("capitals", f"{local}@{handle.upper()}"),
        ("with a hyphen", f"{local}-1@{handle}"),
        ("at the rate", f"{local} at the rate {handle}"),
        ("(at)", f"{local}(at){handle}"),
        ("spaces", f"{local} @ {handle}"),
    ])  # fmt: skip
    return form, written, rng.random() < 0.5


def _code(rng: random.Random, value: str, sizes: tuple[int, ...]) -> Form:
    form, written, label = rng.choice([
        ("bare", value, False),
        ("labelled", value, True),
        ("small letters", value.lower(), True),
        ("spaced", _grouped(value, sizes, " "), True),
        ("hyphenated", _grouped(value, sizes, "-"), True),
        ("zero-width", value[:4] + "\u200b" + value[4:], True),
    ])  # fmt: skip
    return form, written, label


def _vehicle(rng: random.Random) -> Form:
    series = _letters(rng, rng.choice((1, 2)), "ABCDEFGHJKLMNPQRSTUVWXYZ")
    state = rng.choice(_STATES) + f"{rng.randint(1, 60):02}"
    if rng.random() < 0.2:
        plate = f"{rng.randint(21, 26)}BH{_digits(rng, 4)}{_letters(rng, 2, 'ABCDEFGHJK')}"
        return _code(rng, plate, (2, 2, 4, 2))
    return _code(rng, state + series + _digits(rng, 4), (2, 2, len(series), 4))


def _address(rng: random.Random) -> Form:
    pin = str(rng.choice((1100, 5600, 6820, 7810, 6250, 2636, 4400))) + f"{rng.randint(0, 99):02}"
    place = rng.choice(_PLACES)
    form, written, label = rng.choice([
        ("house, place - PIN", f"H.No. {rng.randint(1, 99)}, MG Road, {place} - {pin}", False),
        ("place-PIN", f"{place}-{pin}", False),
        ("place PIN", f"{place} {pin}", False),
        ("place, PIN spaced", f"{place}, {pin[:3]} {pin[3:]}", False),
        ("labelled", pin, True),
        ("labelled, spaced", f"{pin[:3]} {pin[3:]}", True),
    ])  # fmt: skip
    return form, written, label


def _host(rng: random.Random) -> Form:
    first = rng.choice((10, 49, 103, 117, 192))
    four = f"{first}.{rng.randint(0, 255)}.{rng.randint(10, 255)}.{rng.randint(1, 254)}"
    six = ":".join(f"{rng.randint(4096, 65535):x}" for _ in range(8))
    short = f"2401:4900::{rng.randint(1, 65535):x}"
    form, written = rng.choice([("IPv4", four), ("IPv6", six), ("IPv6, short", short)])
    return form, written, rng.random() < 0.5


def _url(rng: random.Random) -> Form:
    name = rng.choice(_NAMES) + rng.choice(("crafts", "stores", "weaves"))
    form, written = rng.choice([
        ("https", f"https://{name}.example.in/p/{rng.randint(1, 999)}?id=9876543210"),
        ("www", f"www.{name}.com"),
        ("bare", f"{name}.com/contact"),
        ("bare .co.in", f"{name}.co.in"),
    ])  # fmt: skip
    return form, written, rng.random() < 0.3


_MAKERS: dict[str, Callable[[random.Random], Form]] = {
    "aadhaar": lambda rng: _one(rng, with_verhoeff(_digits(rng, 11, "23456789")), (4, 4, 4)),
    "vid": lambda rng: _one(rng, with_verhoeff(_digits(rng, 15, "23456789")), (4, 4, 4, 4)),
    "abha": lambda rng: _one(rng, with_verhoeff(_digits(rng, 13, "123456789")), (2, 4, 4, 4)),
    "pan": lambda rng: _code(rng, _pan(rng), (5, 4, 1)),
    "tan": lambda rng: _code(rng, _letters(rng, 4) + _digits(rng, 5) + _letters(rng, 1), (4, 5, 1)),
    "gstin": lambda rng: _code(rng, _gstin(rng), (2, 5, 4, 1, 1, 1, 1)),
    "upi": _upi,
    "ifsc": lambda rng: _code(
        rng, rng.choice(("SBIN", "HDFC", "KLGB", "PUNB")) + "0" + _digits(rng, 6), (4, 7)
    ),
    "bank_account": lambda rng: _one(rng, _digits(rng, 12, "123456789"), (4, 4, 4), True),
    "epic": lambda rng: _code(rng, _letters(rng, 3) + with_luhn(_digits(rng, 6)), (3, 7)),
    "passport": lambda rng: _code(
        rng, _letters(rng, 1, "ABCDEFGHJKLMNPRSTUVWY") + _digits(rng, 7, "123456789"), (1, 7)
    ),
    "driving_licence": lambda rng: _code(
        rng,
        f"{rng.choice(_STATES)}{rng.randint(1, 60):02}{rng.randint(1985, 2025)}{_digits(rng, 7)}",
        (4, 11),
    ),
    "vehicle": _vehicle,
    "phone": _phone,
    "email": _email,
    "pin_address": _address,
    "payment_card": lambda rng: _one(
        rng, with_luhn(rng.choice(_CARD_STARTS) + _digits(rng, 9)), (4,) * 4
    ),
    "uan": lambda rng: _one(rng, "10" + _digits(rng, 10), (4, 4, 4), True),
    "ip_address": _host,
    "url": _url,
}  # fmt: skip

#: Kinds whose signs are written in the script's own digits half of the time.
_OWN_DIGITS = frozenset(_MAKERS) - {"email", "url", "ip_address", "upi"}


def planted(seed: int, each: int) -> list[Plant]:
    """`each` sentences for every kind, in turn over the scripts."""
    rng = random.Random(seed)
    return [
        _plant(rng, kind, CARRIERS[number % len(CARRIERS)])
        for kind in _MAKERS
        for number in range(each)
    ]


def _plant(rng: random.Random, kind: str, carrier: Carrier) -> Plant:
    form, written, labelled = _MAKERS[kind](rng)
    if kind in _OWN_DIGITS and carrier.zero != 0x30 and rng.random() < 0.5:
        written = written.translate({0x30 + n: carrier.zero + n for n in range(10)})
        form += f", {carrier.script} digits"
    label = carrier.labels[kind] + rng.choice((" ", " ", " is ", ": ")) if labelled else ""
    before = rng.choice(carrier.before) + label
    return Plant(
        kind,
        form,
        before + written + rng.choice(carrier.after),
        len(before),
        len(before) + len(written),
    )
