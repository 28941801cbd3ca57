"""Personal names: personas carry none, and no persona is a real office-holder."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from daft import Expression, col
from daft.functions import regexp_replace
from pydantic import Field

from indic_persona_hub.judge.given_names import (
    GIVEN_NAMES,
    INDIC_GIVEN_NAMES,
    INDIC_HONORIFICS,
    INDIC_NAMED,
    SURNAMES,
)
from indic_persona_hub.judge.india_centric import is_of_india
from indic_persona_hub.judge.measure import Measured, by_row
from indic_persona_hub.judge.words import START, any_of, bounded, listed, matches
from indic_persona_hub.stage import RowJudge

_WORD: Final = r"[A-Z][a-z]+"
_GIVEN: Final = rf"(?:{'|'.join(GIVEN_NAMES)})"
_SURNAME: Final = rf"(?:{'|'.join(SURNAMES)})"

#: A capital at the start is no name's.
_ARTICLE: Final = r"^\s*(?:An?|The|One|Every|Each)\s"

#: What is named after a person, a god or a beast is no person: it goes before names are sought.
_NAMED_AFTER: Final = bounded(
    r"(?:[A-Z][\w.'’]* ){1,5}?(?:Awas|Yojana|Yojna|Scheme|Programme|Program|Mission|Abhiyan|Fund"
    r"|Nidhi|Scholarship|Fellowship|Award|Prize|Cup|Trophy|University|Vidyalaya|Vidyapeeth|College"
    r"|School|Institute|Academy|Hospital|Clinic|Centre|Center|Temple|Mandir|Math|Ashram|Church"
    r"|Mosque|Masjid|Dargah|Gurdwara|Stadium|Airport|Station|Junction|Terminus|Road|Marg|Chowk"
    r"|Nagar|Pur|Bagh|Bazar|Bazaar|Market|Mandi|Colony|Layout|Vihar|Puram|Palli|Park|Garden|Bhavan"
    r"|Bhawan|Sadan|Jayanti|Puja|Pooja|Mela|Utsav|Foundation|Trust|Port|Mills?|Bridge|Dam|Canal"
    r"|Reservoir|Library|Museum|Theatre|Act|Rules|Bank|Sagar|Ghat|Fort|Express|Industries"
    r"|Enterprises|Stores|Society|Hostel|Chair|Sabha|Sangh|Samiti|Cards?|Vaani)\b"
    r"|\b(?:Shri|Sri|Shree|Lord|Goddess) (?:Krishna|Rama?|Ganesha?|Lankan?|Lakshmi|Hanuman|Shiva"
    r"|Vishnu|Durga|Saraswati|Venkateswara|Ayyappan|Murugan|Jagannath|Guru)\b"
    r"|ਸ਼੍ਰੀ (?:ਅੰਮ੍ਰਿਤਸਰ|ਅਨੰਦਪੁਰ|ਮੁਕਤਸਰ|ਚਮਕੌਰ|ਗੁਰੂ|ਹਰਿਮੰਦਰ|ਰਾਮ|ਕ੍ਰਿਸ਼ਨ)|श्री (?:हरमंदिर|गुरु|जगन्नाथ|साईं)"
    r"|श्री (?:कृष्ण|राम|गणेश|हनुमान)|(?:శ్రీ|ಶ್ರೀ|ശ്രീ|শ্রী|શ્રી) (?:రామ|కృష్ణ|వేంకటేశ్వర|ರಾಮ|ಕೃಷ್ಣ|ಕ್ಷೇತ್ರ)"
    r"|(?:ശ്രീ|শ্রী|શ્રી) (?:കൃഷ്ണ|നാരായണ|কৃষ্ণ|রাম|શ્રી|કૃષ્ણ|રામ|ગણેશ)"
    r"|\b(?:village|hamlet|town|block|locality|slum|colony|area|place|river|lake|boat|shop|stall"
    r"|app|scheme|group|cow|calf|dog|cat|goat|buffalo|bullock|elephant|dish|sweet|dance|festival"
    r"|raga|project|breed|variety|disease)s? (?:named|called|known as) [A-Z]\w+"
    r"|\bDr\.? (?:B\.? ?R\.? )?(?:Bhimrao )?Ambedkar\b"
)

_ENGLISH: Final = (
    # Honorifics.
    rf"\b(?:Mr|Mrs|Ms|Smt|Shri|Shrimati|Shree|Sri|Dr|Prof|Kumari|Justice|Adv|Capt|Maj|Col)\.?"
    rf" (?:[A-Z]\.? ?)*{_WORD}",
    # "named Sita", "by the name of Sita".
    r"(?i:\b(?:named|by the name of|name is|known as|nicknamed|called)) (?:as )?['\"“‘]?"
    rf"{_WORD}(?: {_WORD})?(?:['\"”’,.]| (?:who|is|from|in|and|works|lives|has))",
    rf"\b{_GIVEN}(?: {_WORD})?\b(?:['’]s)?",
    # Name and surname as the subject, or after kin.
    rf"^\s*(?:[\w-]+ ){{0,4}}?{_WORD} {_SURNAME}\b",
    r"\b(?:son|daughter|wife|husband|mother|father|sister|brother|aunt|uncle|neighbour|friend"
    rf"|widow) {_WORD}(?: {_SURNAME}\b|[,.;]| (?:who|is|has|lives|works)\b)",
    # "actor X Y": whoever it is, they are real.
    r"\b(?:act(?:or|ress)|singer|politician|leader|minister|cricketer|director|writer|poet|professor"
    rf"|officer|activist|journalist|saint|MLA|MP) {_WORD} {_WORD}\b",
    # "Mangli, a 34-year-old", "Mangli is a weaver": a subject that needs no article.
    rf"^\s*{_WORD}(?: {_WORD}){{0,2}}"
    r"(?:, (?:is )?(?:an?|aged|\d{1,2})| is an?|, (?:the|who|whose))\b",
)

_OFFICE: Final = (
    r"(?i:^\s*(?:the |an? |india['’]s |former |late |current )*(?:[\w'’-]+ ){0,3}?"
    r"(?:prime minister|(?:deputy )?chief minister|(?:union|cabinet|finance|home|health|education"
    r"|defence|agriculture|railway|external affairs) minister|president of india"
    r"|chief justice of india|governor of \w+|lok sabha speaker)"
    r"(?:,| (?:of|who|in|and|is|from)\b))",
    rf"\b(?:Prime|Chief) Minister (?:[A-Z][a-z.]+ )?(?:{_GIVEN}|{_SURNAME}|Modi|Yogi|Stalin"
    r"|Vijayan|Gehlot|Fadnavis|Sarma|Siddaramaiah|Nehru|Gandhi|Vajpayee)\b",
)

_INDIC: Final = (
    rf"{START}{any_of(INDIC_GIVEN_NAMES)}(?:[^\p{{L}}\p{{M}}]|$)",
    rf"{START}{any_of(INDIC_HONORIFICS)}\.? [\p{{L}}\p{{M}}]{{2,}}",
    any_of(INDIC_NAMED),
)

_NAME: Final = "|".join((*map(bounded, (*_ENGLISH, *_OFFICE)), *_INDIC))

#: A capitalised word in the middle that does or owns something.
_ACTING: Final = re.compile(
    r"(?<=[a-z,] )[A-Z][a-z]{2,}(?=['’]s | (?:also |never |always |often )?(?:is|was|has|[a-z]+s)"
    r" (?:to|the|her|his|an?|not|that) | and (?:her|his) )"
)


class PersonalName(RowJudge):
    """Count personal names and offices that only one living person holds.

    Honorific and capitalised word, "named X", a common Indian given name, name and surname as the
    subject, a character of the passage told again ("and Bekku also likes to"), and "the chief
    minister of" as the subject. `value` is their number, `score`
    1 / (1 + 3 value); `detail` shows them.
    """

    name: ClassVar[str] = "personal_name"

    max_names: int = Field(0, ge=0)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`, `origin_text`."""
        text = regexp_replace(col("persona"), _ARTICLE, "the ")
        text = regexp_replace(text, _NAMED_AFTER, "it ")
        return by_row(self._measure, matches(text, _NAME), col("persona"), col("origin_text"))

    def _measure(self, found: list[str], persona: str, origin: str | None) -> Measured:
        names = [*found, *_characters(persona, origin or "")]
        value = len(names)
        return Measured(value, 1 / (1 + 3 * value), value > self.max_names, listed(names))


def _characters(persona: str, origin: str) -> list[str]:
    """Names that act in `persona` and that `origin` tells of twice, and never as of a place."""
    if not origin:
        return []
    return [
        name
        for name in _ACTING.findall(persona)
        if origin.count(name) > 1
        and not is_of_india(name)
        and not re.search(rf"\b(?:in|at|near|from|of|to|for|the) {name}\b", origin)
    ]
