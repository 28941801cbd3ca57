"""Addresses on the net: e-mail, UPI, URL, IP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final

from indic_persona_hub.privacy.identifiers.candidates import CERTAIN, NAMED, SHAPED, Candidate
from indic_persona_hub.privacy.identifiers.labels import labels_before, names

_ENDINGS: Final = (
    "com|org|net|info|edu|gov|in|co|io|biz|me|app|dev|tv|xyz|online|site|store|shop|live|news|blog"
    "|ly|be|ee|gl"
)
#: For the engine: the signs of an address.
TRIGGER: Final = (
    rf"[@＠]|://|(?i:\bwww\.)|[A-Za-z0-9]\.(?:{_ENDINGS})\b"
    r"|\p{Nd}\.\p{Nd}{1,3}\.\p{Nd}{1,3}\.\p{Nd}|[0-9A-Fa-f]:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]"
)

#: Handles that payment apps and banks publish for their UPI addresses (Google Pay, PhonePe, Paytm,
#: Amazon Pay, WhatsApp, BHIM and banks' own apps). `_BANK_LIKE` tells others.
HANDLES: Final = frozenset(
    "okaxis okhdfcbank okicici oksbi okbizaxis ybl ibl axl paytm ptyes ptaxis pthdfc ptsbi apl yapl"
    " rapl waaxis wahdfcbank waicici wasbi upi sbi hdfcbank icici axisbank axis barodampay fbl"
    " idfcbank idfcfirst indus kotak kotak811 dbs yesbank rbl aubank bandhan federal uboi cnrb pnb"
    " boi citi hsbc sc jio airtel freecharge mobikwik ikwik slice pz pockets postbank superyes"
    " yespop yesg jupiteraxis naviaxis niyoicici tapicici timecosmos zoicici fam famapp mahb"
    " unionbank centralbank cboi idbi iob kbl kvb dlb equitas ezeepay allbank abfspay payzapp"
    " hdfcbankjd goaxb shriramhdfcbank trans ikwik credpay axisb oxymoney utbi ubi myicici".split()
)
_BANK_LIKE: Final = re.compile(r"(?:bank|pay|upi|axis|hdfc|icici|sbi|yes)$")
_HEALTH: Final = frozenset({"abdm", "sbx"})

_URL: Final = re.compile(
    r"(?:h(?:tt|xx)ps?|ftp)://[^\s<>\"'|{}\[\]]+|(?<![\w@.])www\.[^\s<>\"'|{}\[\]]+", re.I
)
_BARE: Final = re.compile(
    r"(?<![\w@./-])(?:[a-z0-9][a-z0-9-]*\.)+(?:com|org|net|info|edu|gov|in|io|biz|app)(?![\w@-]|\.[a-z])(?:/[^\s<>\"'|]*)?"
    r"|(?<![\w@./-])(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+(?:com|org|net|(?:gov|nic|co|ac|org|net|res|edu)\.in)(?![\w@-]|\.[A-Za-z])"
    r"(?:/[^\s<>\"'|]*)?"
    r"|(?<![\w@./-])(?:t\.me|wa\.me|bit\.ly|youtu\.be|linktr\.ee|goo\.gl|t\.co)/[^\s<>\"'|]+"
)
#: No part of an address at its end.
_TAIL: Final = ".,;:!?)]।*-"
_EMAIL: Final = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63}@(?![0-9]+p\.)(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
    r"|[^\s@,;:<>()\[\]\"'|]{1,64}@[^\s@,;:<>()\[\]\"'|.]+(?:\.[^\s@,;:<>()\[\]\"'|.]+)*\.(?:भारत|ভারত|ಭಾರತ|భారత్|ഭാരതം|இந்தியா|ਭਾਰਤ|ભારત|ଭାରତ|ভাৰত|بھارت)"
)
_UPI: Final = re.compile(
    r"(?<![\w@.])([A-Za-z0-9][A-Za-z0-9._-]{0,255})@([A-Za-z][A-Za-z0-9]{1,63})(?![\w@-]|\.[A-Za-z0-9])"
)
_IPV4: Final = re.compile(r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w-]|\.[0-9])")
_IPV6: Final = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])")
_RANGE: Final = re.compile(r"/[0-9]{1,2}(?![0-9])")
#: Before four numbers with stops between them that are no address.
_NUMBERED: Final = re.compile(
    r"(?:version|ver|v|release|sections?|sec|clauses?|para|rule|chapter|table|figure|fig|no|item"
    r"|point|sama|verse)\.? ?$",
    re.I,
)


def find(text: str) -> Iterator[Candidate]:
    """Candidates in the plain `text`."""
    for pattern in (_URL, _BARE):
        for found in pattern.finditer(text):
            address = found.group().rstrip(_TAIL)
            yield Candidate(CERTAIN, "url", found.start(), found.start() + len(address), True)
    if "@" in text:
        for found in _EMAIL.finditer(text):
            yield Candidate(CERTAIN, "email", *found.span(), True)
        yield from _payments(text)
    yield from _machines(text)


def _payments(text: str) -> Iterator[Candidate]:
    for found in _UPI.finditer(text):
        handle = found[2].lower()
        if handle in HANDLES:
            yield Candidate(CERTAIN, "upi", *found.span(), True)
        elif handle in _HEALTH:
            yield Candidate(CERTAIN, "abha", *found.span(), True)
        elif _BANK_LIKE.search(handle) or names(labels_before(text, found.start()), "upi"):
            yield Candidate(NAMED, "upi", *found.span(), False)


def _machines(text: str) -> Iterator[Candidate]:
    for pattern in (_IPV4, _IPV6):
        for found in pattern.finditer(text):
            try:
                address = ip_address(found.group())
            except ValueError:
                continue
            if _is_no_address(text, found) and not names(
                labels_before(text, found.start()), "ip_address"
            ):
                continue
            yield Candidate(SHAPED, "ip_address", *found.span(), not address.is_unspecified)


def _is_no_address(text: str, found: re.Match[str]) -> bool:
    """Whether it may be the number of a section, a version, a time, or a range of addresses."""
    written = found.group()
    if _NUMBERED.search(text, max(0, found.start() - 10), found.start()):
        return True
    if _RANGE.match(text, found.end()):
        return True
    if ":" in written:
        has_digits = any(sign.isdigit() for sign in written)
        return not has_digits or (written.count(":") < 5 and "::" not in written)
    return all(len(part) == 1 for part in written.split("."))
