"""What a text denies, or says of others, bodies and places abroad, is none of the persona's."""

from __future__ import annotations

import pytest

from indic_persona_hub.judge.attributes import by_rules


def value(name: str, text: str) -> str | None:
    found = by_rules(text).get(name)
    return found.value if found else None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("state", "A man who does not live in Delhi."),
        ("state", "A man who no longer lives in Delhi."),
        ("state", "A woman not from Kerala."),
        ("state", "एक किसान जो दिल्ली में नहीं रहता।"),
        ("residence", "A man who doesn't live in a village."),
        ("mother_tongue", "A man who never speaks Hindi at home."),
        ("religion", "A man who never converted to Islam."),
        ("religion", "A man who refused to convert to Islam."),
        ("religion", "A man not from a Sikh family."),
        ("religion", "An atheist from a Hindu family."),
        ("education", "A woman who never completed her BA."),
        ("education", "A man who claims to have a PhD."),
        ("education", "A formerly illiterate woman."),
        ("education", "एक औरत जो अनपढ़ नहीं है।"),
        ("disability", "A man who no longer uses a wheelchair."),
        ("age_band", "A woman who is not yet 30 years old."),
    ],
)
def test_what_is_denied_is_not_so(name: str, text: str) -> None:
    assert value(name, text) is None


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("state", "A woman who never eats meat and lives in Jaipur.", "IN-RJ"),
        ("state", "A man who not only lives in Delhi but loves it.", "IN-DL"),
        ("education", "A woman who never went to school and sells fish.", "illiterate"),
        ("education", "एक औरत जो कभी स्कूल नहीं गई।", "illiterate"),
    ],
)
def test_a_denial_of_something_else_changes_nothing(name: str, text: str, said: str) -> None:
    assert value(name, text) == said


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("age_band", "A 12-year-old girl's father."),
        ("age_band", "A 100-year-old school's headmistress."),
        ("age_band", "A 5-year-old Maruti taxi driver."),
        ("age_band", "A gym trainer for people aged 60."),
        ("age_band", "A class 10 student's mother."),
        ("age_band", "12 साल की लड़की का पिता।"),
        ("age_band", "एक 45 वर्षीय किसान की पत्नी।"),
        ("gender", "A Muslim girl student's tutor."),
        ("gender", "A husband-and-wife team."),
        ("mother_tongue", "A Tamil-speaking area's constable."),
        ("mother_tongue", "A Hindi-speaking belt politician."),
        ("religion", "The daughter of a Muslim weaver from Kerala."),
        ("religion", "एक मुस्लिम बुनकर की बेटी।"),
        ("community", "एक दलित लड़की की शिक्षिका।"),
        ("community", "An ST bus driver."),
        ("community", "An SC judge."),
        ("education", "एक अनपढ़ किसान का बेटा।"),
        ("education", "एक 12वीं पास लड़की का पिता।"),
        ("disability", "एक दृष्टिबाधित आदमी की पत्नी।"),
        ("disability", "A mechanic who uses a wheelchair lift to load vans."),
    ],
)
def test_what_is_anothers_is_not_the_persons(name: str, text: str) -> None:
    assert value(name, text) is None


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("A 45-year-old farmer's wife.", "45-59"),
        ("A 41-year-old women's rights lawyer.", "35-44"),
        ("A boy aged 7 to 12.", "6-12"),
        ("A woman aged 20 to 30.", None),
        ("A 20-30-year-old woman.", None),
        ("A nearly 60-year-old woman.", None),
        ("A 150-year-old priest.", None),
        ("45 साल की एक महिला।", "45-59"),
    ],
)
def test_an_age_counts_where_it_is_certain(text: str, band: str | None) -> None:
    assert value("age_band", text) == band


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("A clerk at the Bank of Baroda.", None),
        ("A clerk at the State Bank of Hyderabad.", None),
        ("A teacher on the bank of the Ganga in Patna.", "IN-BR"),
        ("A lecturer at Madras Christian College.", None),
        ("A singer from Nashville, TN.", None),
        ("A driver in Hosur, TN.", "IN-TN"),
        ("A truck driver in Salem, Oregon.", None),
        ("A truck driver in Salem, Tamil Nadu.", "IN-TN"),
        ("A poet in Hyderabad, Sindh.", None),
        ("A weaver in the Punjab province of Pakistan.", None),
        ("A vendor on the Delhi-Jaipur highway.", None),
        ("A tourist in Goa.", None),
        ("A tourist guide in Goa.", "IN-GA"),
        ("ਪੰਜਾਬ ਦਾ ਇੱਕ ਕਿਸਾਨ।", "IN-PB"),
        ("ਪੰਜਾਬ ਨੈਸ਼ਨਲ ਬੈਂਕ ਦਾ ਇੱਕ ਕਲਰਕ।", None),
        ("ওড়িশার এক গ্রামের শিক্ষিকা।", "IN-OD"),
        ("পাঞ্জাব ন্যাশনাল ব্যাংকের এক কেরানি।", None),
        ("ಕರ್ನಾಟಕ ಬ್ಯಾಂಕ್‌ನ ಗುಮಾಸ್ತ.", None),
        ("બિહારથી આવેલો એક મજૂર.", None),
    ],
)
def test_bodies_visits_and_places_abroad_state_no_state(text: str, state: str | None) -> None:
    assert value("state", text) == state


def test_a_city_abroad_is_not_urban_india() -> None:
    assert value("residence", "A poet in Hyderabad, Sindh.") is None
