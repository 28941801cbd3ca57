"""Not a person: an office, a body, a product, a scheme, a group, or no persona at all."""

from __future__ import annotations

from typing import ClassVar, Final

from daft import Expression, col
from daft.functions import regexp, regexp_replace
from pydantic import Field

from indic_persona_hub.judge.measure import Measured, by_row
from indic_persona_hub.judge.words import any_of, bounded
from indic_persona_hub.stage import RowJudge

#: What ends the first noun phrase, so that its last word is who or what the sentence is about.
_END_OF_SUBJECT: Final = (
    r"(?:[,;:(.–—]|\s(?:who|whose|whom|which|that|where|in|from|of|at|on|by|with|without|for|to|near"
    r"|under|behind|inside|outside|and|or|aged|based|between|after|before|during|since|is|are|was|were"
    r"|has|have|had|will|can|may|must|should|provides?|offers?|aims?|helps?|works?|lives?|runs?|sells?"
    r"|teaches|drives|serves?|gives?|pays?|trains|grows?|supports?|enables?|promotes?|requires?|covers?"
    r"|hosts?|organi[sz]es?|conducts?|needs?|wants?|struggles?|faces?|(?:living|working|running|selling"
    r"|waiting|seeking|studying|looking|trying|planning|preparing|learning|dealing|struggling|raising"
    r"|hoping|facing|caring|exploring|researching|managing|building|using|speciali[sz]ing|focusing)"
    r"|\w+ing (?:the|an?|his|her|their|its|this|these|new|\w+ing|\w+ed)|analy[sz]ing"
    r"|\w+ed (?:about|in|by|with|to|for|as|at|from|on))\b|\s-\s|$)"
)
#: All after the first noun phrase.
_REST: Final = bounded(rf"(?s){_END_OF_SUBJECT}.*")
_THINGS: Final = (
    r"(?:ministry|department|directorate|board|authority|commission|council|committee|corporation"
    r"|company|firm|startup|start-up|organi[sz]ation|agency|association|federation|union|society"
    r"|trust|foundation|ngo|institute|institution|university|college|school|hospital|clinic|bank"
    r"|court|tribunal|police station|government|govt|administration|office|bureau|panchayat|sabha"
    r"|samiti|municipality|parliament|assembly|party|scheme|yojana|programme|program|project"
    r"|initiative|mission|campaign|policy|act|bill|law|portal|website|app|application|platform"
    r"|service|product|software|tool|machine|device|fund|award|scholarship|fellowship|grant|loan"
    r"|subsidy|pension|insurance|allowance|certificate|form|notice|circular|report|article|story"
    r"|text|passage|book|novel|poem|recipe|dish|festival|fair|temple|mosque|church|gurdwara|museum"
    r"|library|village|town|city|district|state|country|region|river|forest|farm|field|crop|plant"
    r"|tree|animal|dog|cat|cow|buffalo|goat|elephant|tiger|monkey|bird|crow|parrot|fish|family"
    r"|household|couple|group|team|community|tribe|cooperative|co-operative|collective|network"
    r"|club|band|troupe|crowd|crew|staff|batch|class|generation|population|market|mandi|shop"
    r"|store|factory|mill|hotel|restaurant|station|train|bus|road|bridge|dam|centre|center|disease"
    r"|infection|pest|variety|fertili[sz]er|pesticide|medicine|vaccine|course|exam|examination"
    r"|training|workshop|event|meeting|system|process|method|technique|data|information)"
)
_PLURALS: Final = (
    r"(?:people|persons|individuals|men|women|\w+men|\w+women|children|girls|boys|youths?|students"
    r"|parents|mothers|fathers|families|households|residents|villagers|citizens|members|couples"
    r"|twins|sisters|brothers|siblings|friends|neighbou?rs|applicants|candidates|beneficiaries"
    r"|entrepreneurs|patients|tourists|scientists|activists|artists|nurses|doctors|officials|clerks"
    r"|graduates|widows|orphans|artisans|migrants|tribals|adivasis|dalits|seniors|professionals"
    r"|researchers|\w*(?:work|farm|teach|labour|labor|weav|sell|vend|read|lead|own|driv|own|earn"
    r"|hold|us|mak|fish|dwell|pick|read|keep|manag|learn|consum|subscrib|buy)ers)"
)
_INSTRUCTION: Final = (
    r"(?i)^\s*(?:please\b|do not\b|don['’]t\b"
    r"|(?:apply|visit|check|click|create|write|describe|explain|follow|use|make|take|add|mix|heat|contact|call|submit|register|download|learn|read|imagine"
    r"|think|find|generate|act|spray|give|provide|consider|note|ensure|choose|remember|avoid|keep"
    r"|try|let|get|join|open|send)"
    r" (?:the|an?|your|us|for|to|online|as|by|this|that|all|up|about|how)\b)"
)
_QUESTION: Final = (
    r"(?i)^\s*(?:what|how|why|when|where|which|who|whose|is|are|can|could|does|do|did|should|will"
    r"|would)\b.*\?|[?؟]\s*$"
)
_NOT_THIRD_PERSON: Final = (
    r"^\s*(?:My|We|Our|You|Your)\s|\b(?:I['’](?:m|ve|d|ll)|I (?:am|was|have|had|live|work|want|need"
    r"|love|like|run|teach|study|grow|sell|will|would|can|do))\b"
)
_NO_SUBJECT: Final = (
    r"^\s*(?:These|Those|It|They|There)\s|^\s*This (?:is|was)\b"
    r"|(?i:^\s*(?:n/a|none|sorry|unable to|no (?:person|suitable)|i cannot|as an ai))\b"
)
_GROUP: Final = (
    r"(?i)^\s*(?:(?:an?|the|some|many|several|all|most) )?(?:[\w-]+ ){0,2}"
    r"(?:group|family|team|couple|community|band|number|list|set|collection|pair|network|crowd"
    r"|collective|handful|generation) of\s"
    r"|^\s*(?:some|many|several|most|both|two|three|four|five|six|ten|various|few|different|all)"
    r" (?:[\w-]+ ){0,3}?\w+s\b"
)

_INDIC_START: Final = any_of(
    (
        "यह योजना", "ये योजना", "इस योजना", "मंत्रालय", "सरकार ", "राज्य सरकार",
        "केंद्र सरकार", "भारत सरकार", "यह संस्था", "यह संगठन", "यह समूह", "यह कंपनी",
        "एक समूह", "एक संगठन", "एक संस्था", "एक कंपनी", "एक योजना", "एक परिवार ",
        "मैं ", "मेरा ", "मेरी ", "हम ", "कृपया", "क्या ", "कैसे ", "शासन ", "ही योजना",
        "मी ", "आम्ही ", "এই প্রকল্প", "এই সংস্থা", "সরকার ", "মন্ত্রণালয়",
        "একটি সংস্থা", "একটি প্রতিষ্ঠান", "একটি দল", "আমি ", "আমরা ", "ਇਹ ਯੋਜਨਾ",
        "ਸਰਕਾਰ ", "ਮੈਂ ", "ਅਸੀਂ ", "આ યોજના", "સરકાર ", "હું ", "અમે ", "ଏହି ଯୋଜନା",
        "ସରକାର ", "ମୁଁ ", "ଆମେ ", "இந்தத் திட்டம்", "இத்திட்டம்", "ஒரு நிறுவனம்",
        "ஒரு குழு", "அரசு ", "நான் ", "நாங்கள் ", "ఈ పథకం", "ఒక సంస్థ", "ప్రభుత్వం ",
        "నేను ", "మేము ", "ಈ ಯೋಜನೆ", "ಒಂದು ಸಂಸ್ಥೆ", "ಸರ್ಕಾರ ", "ನಾನು ", "ನಾವು ",
        "ഈ പദ്ധതി", "ഒരു സ്ഥാപനം", "സർക്കാർ ", "ഞാൻ ", "ഞങ്ങൾ ", "یہ اسکیم", "حکومت ",
        "میں ", "ہم ",
    )
)  # fmt: skip

_ADVERBIAL: Final = bounded(
    r"(?i)^\s*(?:in|at|on|from|near|after|before|every|each|born|when|while|with|under|by|for|during"
    r"|since|though|as|living|working|raised|once)\b"
)
_THING: Final = bounded(rf"(?i)\b{_THINGS}s?['’]?\W*$")
_PLURAL: Final = bounded(rf"(?i)\b{_PLURALS}['’]?\W*$")
#: "A law student awarded a scholarship": a person all the same.
_ACTING: Final = bounded(
    r"(?:[a-z](?:er|or|ist|ian)|student|nurse|widow|girl|boy|woman|man) \w+(?:ing|ed)\b"
)
_TRADE: Final = bounded(
    r"(?i)\b(?:training|nursing|engineering|marketing|manufacturing|processing|housing|banking)\b"
)
_ONE: Final = bounded(r"(?i)^\s*(?:an?|one|each|every)\b")

_OPENINGS: Final = {
    "an instruction": bounded(_INSTRUCTION),
    "a question": bounded(_QUESTION),
    "first or second person": bounded(_NOT_THIRD_PERSON),
    "no subject": bounded(_NO_SUBJECT),
    "a group": bounded(_GROUP),
    "no person": rf"^\s*{_INDIC_START}",
}

_MARKS: Final = (_THING, _PLURAL, _ONE, _ADVERBIAL, _ACTING, _TRADE)


class NotAPerson(RowJudge):
    """Tell whether a sentence is about one person, by its opening.

    Fails on a subject that is an office, a body, a product, a scheme, a group or a plural; on the
    first person; on instructions, questions and refusals. What is not recognised passes. `value`
    is the number of signs, `score` 1 / (1 + value); `detail` names them and
    shows the subject.
    """

    name: ClassVar[str] = "not_a_person"

    max_signs: int = Field(0, ge=0)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`."""
        persona = col("persona")
        subject = regexp_replace(persona, _REST, "")
        signs = (regexp(persona, pattern) for pattern in _OPENINGS.values())
        marks = (regexp(subject, pattern) for pattern in _MARKS)
        return by_row(self._measure, subject, *signs, *marks)

    def _measure(self, subject: str, *signs: bool) -> Measured:
        thing, plural, one, adverbial, acting, trade = signs[len(_OPENINGS) :]
        found = [label for label, sign in zip(_OPENINGS, signs, strict=False) if sign]
        if thing and not adverbial and not (acting and not trade):
            found.append("a thing or body")
        if plural and not adverbial and not one:
            found.append("more than one")
        value = len(found)
        detail = "; ".join([*found, subject]) if found else ""
        return Measured(value, 1 / (1 + value), value > self.max_signs, detail)
