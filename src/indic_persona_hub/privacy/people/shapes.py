"""Shapes of names in Latin script: what stands before, after and inside a name.

A shape is a pattern (Python's, ASCII) and the gate that a text passes before the pattern is tried.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from indic_persona_hub.privacy.people.given_names import GIVEN_NAMES, SURNAMES
from indic_persona_hub.privacy.people.words import (
    HONORIFICS,
    KIN,
    PARTIES,
    ROLES_AFTER,
    ROLES_BEFORE,
)

_WORD: Final = r"[A-Z][a-z]+"
_PART: Final = r"[A-Z][A-Za-z]*(?:['’-][A-Za-z]+){0,3}"
#: Two words or more, or initials and a word.
_FULL: Final = rf"(?:(?:[A-Z]\. ?)+{_PART}|{_PART}(?: [A-Z]\.?){{0,3}} {_PART})(?: {_PART}){{0,3}}"


def _any(words: tuple[str, ...]) -> str:
    return "(?:" + "|".join(map(re.escape, sorted(words, key=lambda one: (-len(one), one)))) + ")"


_GIVEN: Final = _any(GIVEN_NAMES)
_SURNAME: Final = _any(SURNAMES)
_GIVEN_CAPITALS: Final = _any(tuple(map(str.upper, GIVEN_NAMES)))
_GIVEN_LOWER: Final = _any(tuple(map(str.lower, GIVEN_NAMES)))
_SURNAME_LOWER: Final = _any(tuple(map(str.lower, SURNAMES)))
_INITIALS: Final = r"(?:[A-Z]\. ?)"
_HONORIFIC: Final = _any(HONORIFICS)
_KIN: Final = _any(KIN)
_BEFORE: Final = _any(ROLES_BEFORE)
_AFTER: Final = _any(ROLES_AFTER)
_PARTY: Final = _any(tuple({name for line in PARTIES for name in line} - {"independent"}))
#: Between a name and its role.
_LINK: Final = (
    r"(?:who|is|was|as|the|a|an|its|their|our|sitting|former|then|ex|local|senior|veteran|current"
    r"|late|[a-z]+-time|x+|independent|Independent|Union|Lok|Rajya|Sabha|state|party|losing|defeated"
    rf"|{_PARTY})"
)

#: Initials that are no name's.
_ABBREVIATIONS: Final = (
    r"(?!(?:B|M)\. ?(?:A|E|Com|Sc|Ed|Tech|Phil|Pharm|Arch|Voc)\b|Ph\."
    r"|[UMAHT]\. ?[PSKN]\. (?!Singh\b)"
    r"|I\. ?T\.|A\. ?C\.|T\. ?V\.|P\. ?[OTG]\.|U\. ?[GN]\.|D\. ?C\.|E\. ?V\.)"
)
#: What may stand before a name that opens a text.
_OPENING: Final = (
    r"^[\s\"'“‘*#(]*(?:(?:Meet|Imagine|Introducing|Consider|Picture|I am|I['’]m|You are|You['’]re"
    r"|This is|Say hello to) [*]*)?"
)
#: What a person does, in the sentence that tells who they are.
_DOES: Final = (
    r"(?:is|was|has|works|worked|lives|lived|runs|owns|teaches|farms|sells|drives|makes|grows|loves"
    r"|enjoys|leads|manages|studies|serves|spends|wants|dreams|likes|believes|hopes|earns|helps"
    r"|cooks|weaves|practises|practices|supports|belongs|grew|comes|hails|writes|cares|struggles)"
)

#: What is named after a person, a god or a beast is no person; see `masked`.
_NAMED_AFTER: Final = re.compile(
    r"(?<![\w.'’])(?:[A-Z][\w.'’]* ){1,5}?"
    r"(?:Awas|Yojana|Yojna|Scheme|Programme|Program|Mission|Abhiyan"
    r"|Fund|Nidhi|Scholarship|Fellowship|Award|Prize|Cup|Trophy|University|Vidyalaya|Vidyapeeth|College"
    r"|School|Institute|Academy|Hospital|Clinic|Centre|Center|Temple|Mandir|Math|Ashram|Church"
    r"|Mosque|Masjid|Dargah|Gurdwara|Stadium|Airport|Station|Junction|Terminus|Road|Marg|Chowk"
    r"|Nagar|Pur|Bagh|Bazar|Bazaar|Market|Mandi|Colony|Layout|Vihar|Puram|Palli|Park|Garden|Bhavan"
    r"|Bhawan|Sadan|Jayanti|Puja|Pooja|Mela|Utsav|Foundation|Trust|Port|Mills?|Bridge|Dam|Canal"
    r"|Reservoir|Library|Museum|Theatre|Act|Rules|Bank|Sagar|Ghat|Fort|Express|Industries"
    r"|Enterprises|Stores|Society|Hostel|Chair|Sabha|Sangh|Samiti|Cards?|Vaani)\b"
    r"|\b(?:Shri|Sri|Shree|Lord|Goddess) (?:Krishna|Rama?|Ganesha?|Lankan?|Lakshmi|Hanuman|Shiva"
    r"|Vishnu|Durga|Saraswati|Venkateswara|Ayyappan|Murugan|Jagannath|Guru)\b"
    r"|\b(?:village|hamlet|town|block|locality|slum|colony|area|place|river|lake|boat|shop|stall"
    r"|app|tool|table|database|product|company|startup|brand|website|platform|software|library|bot"
    r"|scheme|group|cow|calf|dog|cat|goat|buffalo|bullock|elephant|dish|sweet|dance|festival"
    r"|raga|project|breed|variety|disease)s? (?:named|called|known as) [A-Z]\w+"
    r"|\bDr\.? (?:B\.? ?R\.? )?(?:Bhimrao )?Ambedkar\b",
    re.ASCII,
)
#: A capital at the start is no name's.
_ARTICLE: Final = re.compile(r"\s*(?:An?|The|One|Every|Each)\s", re.ASCII)


def masked(text: str) -> str:
    """`text`, as long as it is, without what is named after a person and without a first article's
    capital.
    """
    article = _ARTICLE.match(text)
    if article:
        text = article.group().lower() + text[article.end() :]
    return _NAMED_AFTER.sub(lambda found: "x" * (found.end() - found.start()), text)


class Shape(NamedTuple):
    """A pattern whose group `name` is the name.

    Attributes:
        gate: What a text must hold; a name of `gates.Gates`.
        pattern: Tried on the masked text.
        least: Words that a name needs, once what was found is trimmed and weighed (see
            `person_names.person`); 0 where the words around say that it is a person.
    """

    gate: str
    pattern: re.Pattern[str]
    least: int


def _shape(gate: str, pattern: str, *, least: int) -> Shape:
    return Shape(gate, re.compile(pattern, re.ASCII), least)


SHAPES: Final = (
    _shape(
        "honorific",
        rf"\b{_HONORIFIC}\.? (?P<name>(?:[A-Z]\.? ?)*(?:[A-Z]['’])?{_WORD}"
        rf"(?: (?:[A-Z]\. ?)*{_WORD}){{0,2}})",
        least=0,
    ),
    # "named Sita", "by the name of Sita".
    _shape(
        "named",
        r"(?:(?i:\b(?:named|by the name of|name is|known as|nicknamed|called)) (?:as )?['\"“‘]?"
        r"|(?:^|[.;,|{(*\"'] ?)(?i:(?:full |persona )?name)[\"'*]*[:=] ?[\"'*]*)"
        rf"(?P<name>{_WORD}(?: {_WORD})?)"
        r"(?:['\"”’,.*|;]|$| (?:who|is|from|in|and|works|lives|has))",
        least=0,
    ),
    _shape(
        "given",
        rf"(?<![\w.])(?P<name>{_INITIALS}{{0,4}}{_GIVEN}(?: {_WORD}){{0,2}}(?: [A-Z](?=[.,;]))?)\b",
        least=0,
    ),
    _shape("given", rf"\b(?P<name>{_GIVEN_CAPITALS}(?: [A-Z]{{2,}}){{0,2}})\b", least=0),
    # "ramesh kumar" in a text that has no capitals for names.
    _shape("lower", rf"\b(?P<name>{_GIVEN_LOWER} {_SURNAME_LOWER})\b", least=0),
    # "Sharma ji", "Sharmaji", "Iyer sir".
    _shape(
        "courtesy",
        rf"\b(?P<name>{_SURNAME})(?:[ -]?ji|[ -](?:Ji|sir|saab|sahab|saheb|uncle|aunty|garu))\b",
        least=0,
    ),
    # "K. R. Dhanan" anywhere, "S. Dhanan" at the start or after such a word.
    _shape(
        "initials",
        rf"(?<![\w.]){_ABBREVIATIONS}"
        rf"(?P<name>(?:{_WORD} )?{_INITIALS}{{2,4}}{_PART}(?: {_PART}){{0,2}})",
        least=2,
    ),
    _shape(
        "initials",
        rf"(?:{_OPENING}|\b(?:by|to|with|of|and|is|am|for|named|called) ){_ABBREVIATIONS}"
        rf"(?P<name>{_INITIALS}{_WORD}(?: {_WORD})?)",
        least=2,
    ),
    # Name and surname as the subject, or after kin.
    _shape("surname", rf"^\s*(?:[\w-]+ ){{0,4}}?(?P<name>{_WORD} {_SURNAME})\b", least=0),
    _shape(
        "kin",
        rf"\b{_KIN} (?P<name>{_WORD})(?: {_SURNAME}\b|[,.;]|['’]s\b| (?:who|{_DOES})\b)",
        least=0,
    ),
    _shape("surname", rf"\b(?P<name>(?:{_PART} ){{1,3}}{_SURNAME})\b", least=2),
    # "actor X Y": whoever it is, they are real.
    _shape("role", rf"\b{_BEFORE} (?:{_HONORIFIC}\.? )?(?P<name>{_FULL})", least=2),
    _shape(
        "role",
        rf"\b{_BEFORE} (?:of|from|for|in) (?:the )?(?:{_PART})(?: {_PART}){{0,3}}, "
        rf"(?:{_HONORIFIC}\.? )?(?P<name>{_FULL})",
        least=2,
    ),
    _shape(
        "role",
        rf"\b(?P<name>{_FULL})\.?(?: \([A-Za-z()]+\))?(?:,| -| –| —)?(?:"
        rf"(?: {_LINK}){{0,5}} {_AFTER}\b"
        r"| (?:who )?(?:contest(?:ed|s|ing)|campaign(?:ed|s|ing))\b)",
        least=2,
    ),
    _shape(
        "party",
        rf"\b(?P<name>{_FULL})\.?(?: \({_PARTY}\)|,? (?:of|from) (?:the )?{_PARTY}(?!\w))",
        least=2,
    ),
    _shape(
        "party",
        rf"(?<!\w)(?:{_PARTY}|[A-Z]\w+ (?:Party|Dal|Sena|Congress|Front|Morcha)\)?)(?:['’]s)? "
        rf"(?:(?:worker|leader|chief|veteran|strongman|boss) )?(?P<name>{_FULL})",
        least=2,
    ),
    # One word, where the role stands right beside it.
    _shape(
        "role_word",
        rf"\b(?:MP|MLA|MLC|candidate|Minister|sarpanch|mayor) (?P<name>{_PART})\b(?! {_PART})",
        least=1,
    ),
    _shape(
        "role_word",
        rf"\b[a-z]+ (?P<name>{_PART}),(?: {_LINK}){{0,5}} (?:MP|MLA|candidate|minister)\b",
        least=1,
    ),
    _shape(
        "beside",
        r"\b(?:(?:taught|coached|mentored) by|(?:son|daughter|wife|widow|husband|brother|sister"
        r"|nephew|niece|cousin|grandson|granddaughter|aide|secretary) (?:of|to)"
        r"|(?:fan|admirer|disciple|follower) of|inspired by"
        r"|(?:married|letters?|wrote|writes) to|vot(?:e|es|ed|ing) for|campaign(?:s|ed|ing) for) "
        rf"(?:{_HONORIFIC}\.? )?(?P<name>{_FULL})",
        least=2,
    ),
    # "Mangli, a 34-year-old", "Meet Mangli, who", "Mangli is a weaver": a subject that needs no
    # article.
    _shape(
        "subject",
        rf"{_OPENING}(?P<name>{_WORD}(?: {_PART}){{0,2}})[*]*"
        r"(?:, (?:is )?(?:an?|aged|\d{1,2})| is an?| \(\d\d|, (?:the|who|whose|from)"
        r"| (?:works (?:as|at|in|for)|lives in|hails from|belongs to|runs an?|grew up|was born))\b",
        least=0,
    ),
    _shape("subject", rf"{_OPENING}(?P<name>{_FULL})[*]* {_DOES}\b", least=2),
)

#: For the gates, in the dialect of RE2, whose `\b` is ASCII.
CHUNKS: Final = {
    "honorific": rf"\b{_HONORIFIC}\b",
    "named": r"(?i)\b(?:named|name|known|nicknamed|called)\b",
    "introduces": r"(?i)\b(?:named|of|is|as|known|nicknamed|called|name)\W*$",
    "given": rf"\b(?:{_GIVEN}|{_GIVEN_CAPITALS})\b",
    "given_lower": rf"^\W*{_GIVEN_LOWER}$",
    "surname": rf"\b{_SURNAME}\b",
    "surname_lower": rf"^{_SURNAME_LOWER}\b",
    "courtesy": rf"\b{_SURNAME}(?:-?ji|-(?:Ji|sir|saab|sahab|saheb|uncle|aunty|garu))\b",
    "courtesy_word": r"^(?:[Jj]i|sir|saab|sahab|saheb|uncle|aunty|garu)\b",
    "initial": r"^\W*(?:[A-Z]\.)+$",
    "kin": rf"\b{_KIN}$",
    "role": r"\b(?:"
    + "|".join(sorted({one.split()[0] for one in (*ROLES_BEFORE, *ROLES_AFTER)}))
    + r"|contest(?:ed|s|ing)|campaign(?:ed|s|ing))\b",
    "beside": r"\b(?:by|of|to|for)$",
    "party": r"\bParty\b|"
    + _any(tuple(sorted({name.split()[0] for line in PARTIES for name in line} - {"All"}))),
    "capital": r"""^["'“‘(]*[A-Z]""",
    "article": r"^(?:An?|The|One|Every|Each)$",
}
