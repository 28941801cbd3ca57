"""Identifiers of real people are found where they stand, in every script, and little else is."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.privacy.findings import Finding
from indic_persona_hub.privacy.identifiers import KINDS, find
from indic_persona_hub.privacy.identifiers.checksums import gstin_holds, luhn_holds, verhoeff_holds
from indic_persona_hub.privacy.identifiers.plain import DASHES, HIDDEN, SPACES, plain_of
from indic_persona_hub.privacy.redaction import marks_in, redact

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from identifiers_planted import planted

#: First digits of the scripts that Indian languages are written in, and those of wide Latin.
ZEROS = (
    0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0x1C50,
    0xABF0, 0xFF10,
)  # fmt: skip
DIGITS = st.text("0123456789", min_size=2, max_size=18)


def found(text: str) -> list[tuple[str, str, bool]]:
    return [(one.kind, text[one.start : one.end], one.valid) for one in find([text])[0]]


def test_published_check_digits_hold() -> None:
    assert verhoeff_holds("2363")  # the example of the article on Verhoeff's algorithm
    assert luhn_holds("79927398713")  # that of ISO/IEC 7812's
    assert luhn_holds("4111111111111111")
    assert gstin_holds("27AAPFU0939F1ZV")


@settings(deadline=None)
@given(DIGITS, st.data())
def test_a_wrong_digit_breaks_every_check(digits: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != digits[place]]))
    for holds in (verhoeff_holds, luhn_holds):
        sound = [digits + last for last in "0123456789" if holds(digits + last)]
        assert len(sound) == 1
        assert not holds(sound[0][:place] + other + sound[0][place + 1 :])


@pytest.mark.parametrize("zero", ZEROS, ids=hex)
def test_digits_of_every_script_are_read(zero: int) -> None:
    number = "".join(chr(zero + int(digit)) for digit in "770477412433")
    assert found(f"She keeps {number} safe.") == [("aadhaar", number, True)]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("My Aadhaar is 7704 7741 2433 now", "aadhaar", "7704 7741 2433"),
        ("7704\u201377412433 (आधार)", "aadhaar", "7704\u201377412433"),
        ("aadhar7704 7741 2433", "aadhaar", "7704 7741 2433"),
        ("ABHA 91-1234-5678-9010", "abha", "91-1234-5678-9010"),
        ("Health record asha@abdm", "abha", "asha@abdm"),
        ("pan card abcpe1234f hai", "pan", "abcpe1234f"),
        ("A B C P E 1 2 3 4 F", "pan", "A B C P E 1 2 3 4 F"),
        ("TAN DELA12345B", "tan", "DELA12345B"),
        ("gst no 27aapfu0939f1zv", "gstin", "27aapfu0939f1zv"),
        ("pay asha.k@okhdfcbank।", "upi", "asha.k@okhdfcbank"),
        ("pay to asha at okicici", "upi", "asha at okicici"),
        ("bank code sbin0000456", "ifsc", "sbin0000456"),
        ("खाता क्रमांक: ३०१२३४५६७८९", "bank_account", "३०१२३४५६७८९"),
        ("Voter card no. AP/12/123/123456", "epic", "AP/12/123/123456"),
        ("passport J-8369854", "passport", "J-8369854"),
        ("HR-06/2011/0012345", "driving_licence", "HR-06/2011/0012345"),
        ("parked 22-BH-1234-A there", "vehicle", "22-BH-1234-A"),
        ("parked DL 3C AB 1234 there", "vehicle", "DL 3C AB 1234"),
        ("Mob.:9876543210", "phone", "9876543210"),
        ("(011) 2345 6789", "phone", "(011) 2345 6789"),
        ("98765-four-3210", "phone", "98765-four-3210"),
        ("nine 8 seven 6 five 4 three 2 one 0", "phone", "nine 8 seven 6 five 4 three 2 one 0"),
        ("9876\u200b543210", "phone", "9876\u200b543210"),
        ("ravi [at] nic [dot] in", "email", "ravi [at] nic [dot] in"),
        ("asha at the rate gmail dot com", "email", "asha at the rate gmail dot com"),
        ("asha एट द रेट gmail डॉट com", "email", "asha एट द रेट gmail डॉट com"),
        ("in कोच्चि - ६८२००१", "pin_address", "कोच्चि - ६८२००१"),
        ("H.No. 12, MG Road, Kochi-682001", "pin_address", "H.No. 12, MG Road, Kochi-682001"),
        ("card 3782 822463 10005", "payment_card", "3782 822463 10005"),
        ("PF UAN no. 1009 0431 9456", "uan", "1009 0431 9456"),
        ("from 103.21.244.5 at noon", "ip_address", "103.21.244.5"),
        ("see cmo.kerala.gov.in/x.", "url", "cmo.kerala.gov.in/x"),
        ("ring 98765_43210", "phone", "98765_43210"),
        ("ring 98765\u00b743210", "phone", "98765\u00b743210"),
        ("ring 98765\t43210", "phone", "98765\t43210"),
        ("ring 98765\u300043210", "phone", "98765\u300043210"),
        ("UID 7704/7741/2433", "aadhaar", "7704/7741/2433"),
        ("Phone 98765432lO", "phone", "98765432lO"),
        ("Aadhaar 77O4 774I 2433", "aadhaar", "77O4 774I 2433"),
        (
            "\uff21\uff22\uff23\uff30\uff25\uff11\uff12\uff13\uff14\uff26",
            "pan",
            "\uff21\uff22\uff23\uff30\uff25\uff11\uff12\uff13\uff14\uff26",
        ),
        ("bill 27AAPFU0939F1ZV paid", "gstin", "27AAPFU0939F1ZV"),
        ("passport: Z 7654321", "passport", "Z 7654321"),
        ("DL-8C-AF-5032 was towed", "vehicle", "DL-8C-AF-5032"),
        ("IP 10[.]0[.]0[.]12", "ip_address", "10[.]0[.]0[.]12"),
        ("hxxp://evil[.]com/x", "url", "hxxp://evil[.]com/x"),
    ],
)
def test_what_people_write_is_found(text: str, kind: str, words: str) -> None:
    assert [(one, written) for one, written, _ in found(text)] == [(kind, words)]


@pytest.mark.parametrize(
    "text",
    [
        "Elections of 2011 2012 2013 2014.",
        "Prices were 1200 1450 1300 1250 a quintal.",
        "A loan of Rs. 9876543210 crore.",
        "ISBN 978-81-7223-456-7, or ISBN 8172234567.",
        "Order no. 9876543210 was sent.",
        "On 12.05.2011 at 10:30:45, section 12.3.4.5 of version 1.2.3.4.",
        "A population of 1,210,854,977 at lat 12.971598 long 77.594566.",
        "Count one two three four five six seven eight nine ten.",
        "He is at home. in the morning he looks at the dot on the wall.",
        "MP 10 MAY 2014, UP 80 seats 2022, AS 4 IN 2011, an HP 15 laptop.",
        "Delhi 110001 votes, about 500000 people, Rs 682001 paid.",
        "2G 3G 4G 5G 1800 MHz in 1800-1900 and 1900-2000.",
        "invalid IFSC HDFC1234567",
        "The seed is LGG-407410.",
        "Subnets 10.0.1.0/24 and 10.0.2.0/24.",
        "Pi is near 62832/20000, on 12/05/2023, in case 1234/5678/2019.",
        "Aadhaar XXXX XXXX 1234, PAN XXXXX1234X, card **** **** **** 1111, phone 98XXXXXX10.",
        "PNR 8234567890, CIN U72200KA2004PTC034567, ISIN INE002A01018, 9876543210 units.",
        "The ratio a::b, and a train of type Z7654321.",
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    assert found(text) == []


def test_check_digits_are_said_to_fail() -> None:
    assert found("Aadhaar 7704 7741 2434") == [("aadhaar", "7704 7741 2434", False)]
    assert found("debit card no 4111111111111112") == [("payment_card", "4111111111111112", False)]
    assert found("GSTIN 27AAPFU0939F1ZX") == [("gstin", "27AAPFU0939F1ZX", False)]


def test_the_nearest_label_names_the_number() -> None:
    text = "A/c No 123456789012, IFSC SBIN0001234, Mobile 9876543210"
    assert [kind for kind, _, _ in found(text)] == ["bank_account", "ifsc", "phone"]


def test_a_number_that_proves_to_be_either_kind_stands_as_both() -> None:
    number = "4284728693224888"
    assert {kind for kind, _, _ in found(f"He wrote {number}.")} == {"payment_card", "vid"}
    assert [kind for kind, _, _ in found(f"VID {number}.")] == ["vid"]


def test_planted_identifiers_are_found() -> None:
    plants = planted(seed=1, each=60)
    assert {plant.kind for plant in plants} == set(KINDS)
    hits = dict.fromkeys(KINDS, 0)
    for plant, findings in zip(plants, find([one.text for one in plants]), strict=True):
        hits[plant.kind] += any(
            one.kind == plant.kind and one.start <= plant.start + 1 and one.end >= plant.end - 1
            for one in findings
        )
    assert min(hits.values()) >= 0.97 * 60, hits


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text_has_findings_inside_it_in_order(texts: list[str]) -> None:
    for text, findings in zip(texts, find(texts), strict=True):
        assert all(0 <= one.start < one.end <= len(text) for one in findings)
        assert [one.start for one in findings] == sorted(one.start for one in findings)
        assert {one.kind for one in findings} <= set(KINDS)


@settings(deadline=None)
@given(st.text(max_size=80))
def test_places_lead_back_to_the_text(text: str) -> None:
    plain = plain_of(text)
    places = [plain.place(at, at + 1) for at in range(len(plain.text))]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


def test_neighbours_change_nothing() -> None:
    texts = [plant.text for plant in planted(seed=2, each=3)]
    random.Random(0).shuffle(texts)
    assert find(texts) == [find([text])[0] for text in texts]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_finding_hangs_on_the_rest_of_the_text(data: st.DataObject) -> None:
    """What tells that a text need not be looked at misses nothing that its patterns would find."""
    number = data.draw(st.sampled_from(["98765 43210", "7704 7741 2433", "4111 1111 1111 1111"]))
    gap = data.draw(st.sampled_from([*SPACES, *DASHES, *HIDDEN, " ", "-", ".", "_", "\u2022"]))
    zero = data.draw(st.sampled_from([0x30, *ZEROS]))
    written = number.replace(" ", gap).translate({0x30 + n: zero + n for n in range(10)})
    beside = " and then nine eight seven six, a dot com, x@y, www.a.in, ABCPE1234F, PIN 682001"
    alone = find([written])[0]
    assert [one for one in find([written + beside])[0] if one.start < len(written)] == alone


@pytest.mark.parametrize(
    "unit",
    [
        "[dot]",
        "[at]",
        "a-",
        "9 ",
        "9.",
        "h no 1/ 560001 ",
        "www.!",
        "\u09e6",
        "nine ",
        "a.b@",
        "1:2:",
    ],
)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    prefix = "a dot com 98765 43210 nine eight seven x@y [at] "
    begun = time.process_time()
    find([prefix + unit * (20_000 // len(unit))])
    assert time.process_time() - begun < 5  # seconds; quadratic patterns took 20 and more


def test_half_a_surrogate_pair_is_no_failure() -> None:
    assert found("\ud800 9876543210") == [("phone", "9876543210", True)]


def test_redaction_leaves_a_mark_of_the_kind() -> None:
    texts = ["Ring 98765 43210 or ९८७६५४३२११.", "No number.", "He wrote 4284728693224888."]
    redacted, taken = redact(texts)
    assert redacted == ["Ring [phone] or [phone].", "No number.", "He wrote [payment_card]."]
    assert taken == {"phone": 2, "payment_card": 1} == marks_in(redacted)
    assert redact(redacted) == (redacted, {})


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12))))
def test_redaction_leaves_nothing_of_findings_that_overlap(spans: list[tuple[int, int]]) -> None:
    text = "".join(chr(ord("\u0905") + place) for place in range(42))
    planted_at = [Finding("phone", at, at + length, True) for at, length in sorted(spans)]
    covered = {text[place] for one in planted_at for place in range(one.start, one.end)}
    (redacted,), _ = redact([text], lambda _: [planted_at])
    assert redacted.replace("[phone]", "") == "".join(one for one in text if one not in covered)


def test_nothing_is_found_in_what_was_redacted() -> None:
    redacted, _ = redact([plant.text for plant in planted(seed=3, each=20)])
    assert [text for text, left in zip(redacted, find(redacted), strict=True) if left] == []
