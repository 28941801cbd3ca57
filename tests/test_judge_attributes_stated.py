"""Mother tongue, religion, community, education and disability: only what is said of the person."""

from __future__ import annotations

import pytest

from indic_persona_hub.judge.attributes import by_rules


def value(name: str, text: str) -> str | None:
    found = by_rules(text).get(name)
    return found.value if found else None


@pytest.mark.parametrize(
    ("text", "tongue"),
    [
        ("A Tamil-speaking nurse.", "tam"),
        ("A nurse from a Konkani-speaking family.", "kok"),
        ("A nurse whose mother tongue is Santali.", "sat"),
        ("A clerk who speaks Khasi at home and English at work.", "kha"),
        ("A clerk who grew up speaking Tulu.", "tcy"),
        ("A native Malayalam speaker.", "mal"),
        ("A Bhojpuri-speaking driver.", "hin"),  # as the census counts it
        ("A Tamil teacher.", None),
        ("A Bengali widow.", None),
        ("A clerk who speaks Marathi and Kannada.", None),
        ("An English-speaking guide.", None),
        ("A non-Hindi-speaking clerk.", None),
        ("A teacher of children whose mother tongue is Santali.", None),
        ("A teacher who helps Tamil-speaking patients.", None),
        ("एक तमिलभाषी नर्स।", "tam"),
        ("एक शिक्षिका, जिसकी मातृभाषा संथाली है।", "sat"),
        ("एक शिक्षिका जो घर में मैथिली बोलती है।", "mai"),
        ("தமிழ் பேசும் விவசாயி.", "tam"),
        ("தமிழ் கற்பிக்கும் ஆசிரியர்.", None),
        ("ওড়িশার এক বাংলাভাষী শ্রমিক।", "ben"),
        ("తెలుగు మాట్లాడే రైతు.", "tel"),
    ],
)
def test_mother_tongues(text: str, tongue: str | None) -> None:
    assert value("mother_tongue", text) == tongue


@pytest.mark.parametrize(
    ("text", "religion"),
    [
        ("A Muslim weaver.", "muslim"),
        ("A young Sikh woman.", "sikh"),
        ("A Parsi widow.", "other"),
        ("A devout Catholic who sells fish.", "christian"),
        ("A nurse who is a Jain.", "jain"),
        ("A girl from a Sikh family.", "sikh"),
        ("A lawyer who converted to Buddhism.", "buddhist"),
        ("A Christian school teacher.", None),
        ("A Sikh history professor.", None),
        ("A scholar of Buddhist art.", None),
        ("A cook at a Jain temple.", None),
        ("A non-Muslim weaver.", None),
        ("A Hindu-Muslim couple's daughter.", None),
        ("A Muslim tailor's neighbour.", None),
        ("A teacher whose husband is a Muslim weaver.", None),
        ("A Khan who repairs sewing machines.", None),
        ("एक मुस्लिम महिला।", "muslim"),
        ("जैन मंदिर के पास एक आदमी।", None),
    ],
)
def test_religions(text: str, religion: str | None) -> None:
    assert value("religion", text) == religion


@pytest.mark.parametrize(
    ("text", "community"),
    [
        ("A clerk from a Scheduled Caste family.", "scheduled_caste"),
        ("A Dalit woman.", "scheduled_caste"),
        ("A Dalit Christian cobbler.", None),
        ("A Dalit rights lawyer.", None),
        ("A Dalit activist.", None),
        ("A farmer belonging to the Gond tribe.", "scheduled_tribe"),
        ("A social worker among the Bhil tribe.", None),
        ("An Adivasi mother of four in Bastar.", "scheduled_tribe"),
        ("An Adivasi tea garden worker in Assam.", None),
        ("A tribal welfare officer.", None),
        ("A farmer who employs tribal labourers.", None),
        ("An OBC student.", "other_backward_class"),
        ("A Brahmin cook.", None),
        ("A Yadav milkman.", None),
        ("A Sunita Meena from Jaipur.", None),
        ("एक आदिवासी महिला।", "scheduled_tribe"),
        ("अनुसूचित जाति की एक छात्रा।", "scheduled_caste"),
    ],
)
def test_communities(text: str, community: str | None) -> None:
    assert value("community", text) == community


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("An engineer with a B.Tech.", "graduate"),
        ("A farmer who has a degree in history.", "graduate"),
        ("A woman pursuing an MBA.", "graduate"),
        ("A clerk with an M.A. in history.", "postgraduate"),
        ("A PhD scholar.", "postgraduate"),
        ("A college student.", "higher_secondary"),
        ("A 12th-pass driver.", "higher_secondary"),
        ("A matriculate widow.", "secondary"),
        ("A mechanic who dropped out after class 8.", "middle"),
        ("A mechanic who dropped out of class 8.", "primary"),
        ("A class 9 student.", "middle"),
        ("A widow who studied up to class 5.", "primary"),
        ("A farmer who never went to school.", "illiterate"),
        ("An illiterate grandmother.", "illiterate"),
        ("A plumber with an ITI certificate.", "diploma"),
        ("A doctor.", None),
        ("A tutor who prepares students for their B.Com exams.", None),
        ("A father whose daughter has a B.Ed.", None),
        ("A teacher of unlettered women.", None),
        ("A technologically-illiterate clerk.", None),
        ("A peon at a degree college.", None),
        ("A high school graduate.", None),
        ("कक्षा 9 की छात्रा।", "middle"),
        ("एक बीए पास युवक जो ऑटो चलाता है।", "graduate"),
        ("एक अनपढ़ दादी जो हर बीज का नाम जानती है।", "illiterate"),
    ],
)
def test_education(text: str, level: str | None) -> None:
    assert value("education", text) == level


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A blind singer.", "seeing"),
        ("A deaf Muslim tailor.", "hearing"),
        ("A clerk who uses a wheelchair.", "movement"),
        ("A vendor on crutches.", "movement"),
        ("A nurse who is deaf.", "hearing"),
        ("A clerk with low vision.", "seeing"),
        ("A deaf-blind weaver.", "multiple"),
        ("A painter living with schizophrenia.", "mental_illness"),
        ("A potter who has been blind since birth.", "seeing"),
        ("A nurse with a blind spot for her brother.", None),
        ("A teacher of deaf children.", None),
        ("A mother whose son is deaf.", None),
        ("A caregiver for a man with schizophrenia.", None),
        ("A colour-blind dyer.", None),
        ("A disabled widow.", None),
        ("A mechanic who repairs wheelchairs.", None),
        ("एक दृष्टिबाधित गायक।", "seeing"),
        ("बधिर बच्चों को पढ़ाने वाली एक शिक्षिका।", None),
    ],
)
def test_disabilities(text: str, kind: str | None) -> None:
    assert value("disability", text) == kind


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("केरल की एक नर्स, जो रात की पाली में काम करती है।", "female"),
        ("एक राजमिस्त्री, जो दीवारें बनाता है।", "male"),
        ("एक राजमिस्त्री, जो अपनी माता के साथ है।", None),
        ("एक नर्स, जिसकी बेटी गाना गाती है।", None),
    ],
)
def test_the_verb_of_a_hindi_clause_states_the_gender(text: str, gender: str | None) -> None:
    assert value("gender", text) == gender


@pytest.mark.parametrize(
    ("name", "text", "stated"),
    [
        ("disability", "A blind 28-year-old tabla player from Varanasi.", "seeing"),
        ("disability", "A hearing-impaired 31-year-old weaver in Salem.", "hearing"),
        ("disability", "A deaf 40-year-old.", "hearing"),
        ("disability", "एक नेत्रहीन 28 वर्षीय तबला वादक।", "seeing"),
        ("disability", "A deaf 12-year-old girl's mother.", None),
        ("disability", "A blind 30-year-old banyan tree's caretaker.", None),
        ("religion", "A Muslim 40-year-old tailor from Surat.", "muslim"),
        ("religion", "A Sikh 40-year-old.", "sikh"),
        ("religion", "A Muslim 12-year-old girl's father.", None),
        ("religion", "A Hindu 90-year-old temple's priest.", None),
        ("community", "A Dalit 35-year-old woman.", "scheduled_caste"),
        ("community", "An OBC 22-year-old farmer.", "other_backward_class"),
        ("community", "A Dalit 35-year-old activist.", None),
        ("residence", "A rural 30-year-old tailor.", "rural"),
        ("gender", "A female 30-year-old bus driver.", "female"),
        ("gender", "A transgender 30-year-old.", "transgender"),
        ("gender", "A female 12-year-old's teacher.", None),
        ("mother_tongue", "A Tamil-speaking 40-year-old weaver.", "tam"),
        ("education", "An illiterate 40-year-old weaver.", "illiterate"),
        ("state", "A Mumbai 40-year-old taxi driver.", "IN-MH"),
    ],
)
def test_an_age_may_stand_between_a_word_and_whom_it_describes(
    name: str, text: str, stated: str | None
) -> None:
    found = by_rules(text).get(name)
    assert (found.value if found else None) == stated
