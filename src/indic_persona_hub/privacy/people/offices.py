"""Offices that only one living person holds: who holds one is told without a name."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from indic_persona_hub.privacy.people.given_names import GIVEN_NAMES, SURNAMES
from indic_persona_hub.privacy.people.person_names import Span
from indic_persona_hub.reference.chunks import Texts

_HIGHEST: Final = (
    r"(?:prime minister|(?:deputy )?chief minister|president of india|chief justice of india"
    r"|governor of \w+|lok sabha speaker)"
)
_OFFICE: Final = re.compile(
    # The subject itself.
    r"(?i:^\s*(?:the |an? |india['’]s |former |late |current |sitting )*(?:[\w'’-]+ ){0,3}?"
    r"(?:prime minister|(?:deputy )?chief minister|(?:union|cabinet|finance|home|health|education"
    r"|defence|agriculture|railway|external affairs) minister|president of india"
    r"|chief justice of india|governor of \w+|lok sabha speaker)"
    r"(?:,| (?:of|who|in|and|is|from)\b))"
    # What the subject is: "who serves as the chief minister of", "politician and chief minister".
    r"|(?i:\b(?:serv(?:es|ed|ing) as|sworn in as|elected as|became|becomes|who (?:is|was|has been)"
    rf"|,? (?:and|currently)) (?:the |a )?(?:current |sitting |former |new )?{_HIGHEST}\b"
    r"(?! (?:\w+ ){0,2}(?:scheme|fund|relief|yojana|office|helpline)))"
    # The office and a name.
    r"|\b(?:Prime|Chief) Minister (?:[A-Z][a-z.]+ )?"
    rf"(?:{'|'.join((*GIVEN_NAMES, *SURNAMES))}"
    r"|Modi|Yogi|Stalin|Vijayan|Gehlot|Fadnavis|Sarma|Siddaramaiah|Nehru|Gandhi|Vajpayee)\b",
    re.ASCII,
)
#: "As chief minister", "is chief minister".
_INDIC: Final = re.compile(
    r"(?:मुख्यमंत्री|मुख्यमन्त्री|प्रधानमंत्री|प्रधानमन्त्री|राज्यपाल)(?: पद पर| के रूप में| के पद पर| हैं| है[ ।,])"
    "|முதலமைச்சராக|முதல்வராக|பிரதமராக|মুখ্যমন্ত্রী হিসেবে|মুখ্যমন্ত্রী হিসাবে|প্রধানমন্ত্রী হিসেবে|ముఖ్యమంత్రిగా"
    "|ప్రధానమంత్రిగా|ಮುಖ್ಯಮಂತ್ರಿಯಾಗಿ|ಪ್ರಧಾನಿಯಾಗಿ|മുഖ്യമന്ത്രിയായി|പ്രധാനമന്ത്രിയായി|મુખ્યમંત્રી તરીકે|વડાપ્રધાન તરીકે"
    "|ਮੁੱਖ ਮੰਤਰੀ ਵਜੋਂ|ପ୍ରଧାନମନ୍ତ୍ରୀ ଭାବେ|ମୁଖ୍ୟମନ୍ତ୍ରୀ ଭାବେ|मुख्यमंत्री म्हणून|पंतप्रधान म्हणून"
)
#: In the dialect of RE2, for the words of a batch.
_ENGLISH_HINT: Final = r"(?i)minister|president|justice|governor|speaker"
_INDIC_HINT: Final = (
    "मंत्री|मन्त्री|राज्यपाल|प्रधान|முதல|பிரதம|মন্ত্রী|మంత్రి|ಮಂತ್ರಿ|ಪ್ರಧಾನಿ|മന്ത്രി|મંત્રી|વડાપ્રધાન|ਮੰਤਰੀ|ମନ୍ତ୍ରୀ"
)


def offices(texts: Texts) -> list[list[Span]]:
    """Where a text's subject holds such an office, or a holder is named: by text, by start."""
    found: list[list[Span]] = [[] for _ in range(len(texts))]
    for hint, pattern in ((_ENGLISH_HINT, _OFFICE), (_INDIC_HINT, _INDIC)):
        for row in np.flatnonzero(texts.holding(hint)).tolist():
            found[row] += (Span(*one.span()) for one in pattern.finditer(texts.strings[row]))
    return [sorted(spans) for spans in found]
