"""Of whom a sentence says something: the persona, or others whom the persona meets or helps.

English and romanised text. What stands before the words in question decides; where it says nothing
of others, the persona is meant.
"""

from __future__ import annotations

import re
from typing import Final

_KIN_HER: Final = (
    "wife|daughter|sister|mother|aunt|niece|grandmother|granddaughter|girlfriend|daughter-in-law"
)
_KIN_HIM: Final = (
    "husband|son|brother|father|uncle|nephew|grandfather|grandson|boyfriend|son-in-law"
)
_CLOSE: Final = (
    "child|children|sons|daughters|brothers|sisters|parents|cousin|friend|fianc[eé]e?|spouse|twin"
    "|roommate|batchmate|classmate|colleague|neighbou?r|student|pupil|tenant|employee|patient"
    "|client|partner|landlord|teacher|cook|boss"
)
_KIN: Final = f"(?:{_KIN_HER}|{_KIN_HIM}|{_CLOSE})"
_MANY: Final = (
    r"(?:people|persons|patients|callers|clients|inmates|prisoners|victims|survivors|students"
    r"|pupils|teenagers|teens|adolescents|youths?|youngsters|farmers|women|men|girls|boys"
    r"|children"
    r"|kids|minors|adults|workers|labourers|soldiers|jawans|policemen|doctors|others|those"
    r"|someone"
    r"|somebody|anyone|anybody|everyone|families|parents|widows|widowers|addicts|debtors"
    r"|strangers"
    r"|neighbours|villagers|couples|lovers|aspirants|residents|colleagues|friends|classmates"
    r"|mothers|fathers|husbands|wives|tenants|growers|weavers|teachers|relatives|gangs"
    r"|traffickers"
    r"|brokers|agents|members|characters?|heroine|hero|protagonist)"
)
_ONE: Final = (
    r"(?:an?|another|one|every|each|the|some) (?:[\w’'-]+ ){0,3}?"
    rf"(?:{_KIN}|caller|customer|guest|passenger|lodger|farmer|woman|man|girl|boy|youth|teenager"
    r"|person|prisoner|inmate"
    r"|soldier|victim|survivor|worker|stranger|addict|villager|child)"
)

#: Where another part begins that speaks of the persona again.
_AGAIN: Final = re.compile(
    r"[;:—]|\b(?:and|but|yet|so|because|until|while|where|when) (?:now )?(?:she|he|who)\b"
    r"|, (?:she|he) "
)
#: Where a second deed of the same subject begins.
_ALSO: Final = re.compile(r"\b(?:and|but|yet|then)\b(?! (?:women|men|girls|boys|children)\b)")

_WHOSE: Final = re.compile(rf"\bwhose (?:[\w’'-]+ ){{0,3}}?(?:{_KIN})s?\b")
_MANY_WHO: Final = re.compile(
    rf"\b{_MANY} (?:who|that)(?! (?:\w+ly )?(?:is|has|was|wants|plans|thinks|feels|tries|cannot"
    r"|\w+[^s\W]s)\b)"
)
_MANY_NEAR: Final = re.compile(rf"\b{_MANY}(?: [\w’'-]+){{0,3}} ?$")
_ONE_WHO: Final = re.compile(rf"(?<=\w )\b{_ONE},? (?:who|that|whom)\b")
_ONE_NEAR: Final = re.compile(rf"(?<=\w ){_ONE}(?: (?:from|to|not to|about to|who))? ?$")
_KIN_NEAR: Final = re.compile(
    rf"\b(?:her|his|their|own) (?:[\w’'-]+ ){{0,2}}?(?:{_KIN})s?\b[^;]{{0,60}}$"
)

_WORK_WITH_OTHERS: Final = re.compile(
    r"\b(?:help(?:s|ed|ing)?|counsel\w*|listen\w*|talk(?:s|ed|ing)? to|talks? (?:\w+ ){1,3}out"
    r"|treat(?:s|ed|ing)|support(?:s|ed|ing)?|prevent\w*|stop(?:s|ped|ping)?|sav(?:es|ed|ing)"
    r"|rescu\w+|train(?:s|ed|ing)|teach(?:es|ing)|taught|writ(?:es|ing) (?:on|about|of|stories|a)"
    r"|research(?:es|ed|ing)|stud(?:ies|ied|ying) (?!at|in|for)|report(?:s|ed|ing)? (?:on|about)"
    r"|investigat\w*|comfort\w*|advis(?:es|ed|ing)|work(?:s|ed|ing)? (?:with|for|to|among|on)"
    r"|car(?:es|ed|ing) for|nurs(?:es|ed|ing) (?:her|his|a|the|back|those)\b|campaign\w*"
    r"|raises? (?:\w+ )?awareness|film(?:s|ed"
    r"|ing)|document\w*|mourn\w*|griev\w*|protest\w*|protect\w*|prosecut\w*|defend\w*|assess\w*"
    r"|persuad\w+|dissuad\w+|guard(?:s|ed|ing)|watch(?:es|ed|ing) (?:over|for)|look(?:s"
    r"|ing) after"
    r"|answer(?:s|ed|ing)|visit(?:s|ed|ing)|warn(?:s|ed|ing)?|fight(?:s|ing)?|fought|volunteer\w*"
    r"|organi[sz]\w+|cop(?:es|ing) with|handl(?:es|ing)|autops\w*|count(?:s|ing)|reviews?"
    r"|argu(?:es|ed|ing)|debat\w+|opposes?|opposed|opposing|translat\w+|paint(?:s|ing)|plays?"
    r"|playing|acts?|acting|direct(?:s|ed|ing)|reads?|reading|lectur\w*|preach\w*|rehabilitat\w+"
    r"|refus\w+|arrest\w*|track(?:s|ed|ing)|ban(?:s|ned|ning)|catch(?:es|ing)|judg(?:es|ing)"
    r"|testif\w+)\b"
)
_NOT_SO: Final = re.compile(
    r"\b(?:not|never|no longer|against|instead of|rather than|without|gave up|far from|n['’]t)"
    r"(?: (?:the idea of|to|going to|ever|once|even|be))? ?$"
)

_SHE: Final = re.compile(
    r"(?i)^\W*(?:an?|the|one|this)? ?(?:[\w’'-]+ ){0,5}?(?:woman|girl|widow|wife|mother|daughter"
    r"|sister|grandmother|housewife|aunt|bride|nun|actress|schoolgirl|homemaker)\b"
)
_HE: Final = re.compile(
    r"(?i)^\W*(?:an?|the|one|this)? ?(?:[\w’'-]+ ){0,5}?(?:man|boy|widower|husband|father|son"
    r"|brother|grandfather|uncle|monk|schoolboy)\b"
)
_HEAD: Final = re.compile(r"(?:who|whose|,| (?:in|from|of|at|with)\b)")

#: What stands further off than so many characters says nothing of the words; it bounds the time.
_NEAR: Final = 400


def is_of_others(sentence: str, first: int, last: int) -> bool:
    """Whether the words from `first` to `last` of `sentence` are said of others, or are denied."""
    before, words = sentence[max(0, first - _NEAR) : first], sentence[first:last]
    again = [one.start() for one in _AGAIN.finditer(before)]
    part = before[again[-1] :] if again else before
    also = [one.end() for one in _ALSO.finditer(part)]
    deed = part[also[-1] :] if also else part
    return bool(
        _NOT_SO.search(before)
        or _WORK_WITH_OTHERS.search(deed)
        or _WHOSE.search(part)
        or _MANY_WHO.search(part + words)
        or (_MANY_NEAR.search(deed) and not _is_of_one(deed, words))
        or _ONE_WHO.search(part)
        or _ONE_NEAR.search(deed)
        or _is_of_kin(deed, words)
        or _is_of_other_gender(sentence, words)
    )


def _is_of_one(deed: str, words: str) -> bool:
    """ "Bullied by classmates who wants to die", "asks strangers how to die"."""
    if words.startswith("how "):
        return True
    return deed.endswith("who ") and bool(re.match(r"\w+[^s\W]s\b", words))


def _is_of_kin(deed: str, words: str) -> bool:
    """ "after her husband killed himself"; not "beaten by her husband, wants to end her life"."""
    found = _KIN_NEAR.search(deed)
    if not found or re.search(r"\bby (?:her|his) [^,]*,|,", found[0]):
        return False
    her, him = (re.search(rf"\b(?:{kin})s?\b", found[0]) for kin in (_KIN_HER, _KIN_HIM))
    if re.search(r"\b(?:her|herself)\b", words):
        return not him
    return not (her and re.search(r"\b(?:his|himself)\b", words))


def _is_of_other_gender(sentence: str, words: str) -> bool:
    head = _HEAD.split(sentence[:_NEAR], maxsplit=1)[0]
    if re.search(r"\b(?:his|himself)\b", words):
        return bool(_SHE.match(head))
    return bool(re.search(r"\b(?:her|herself)\b", words)) and bool(_HE.match(head))
