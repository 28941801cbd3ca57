"""Numbers and addresses in words: "nine eight seven", "name at the rate gmail dot com"."""

from __future__ import annotations

import re
from typing import Final

from indic_persona_hub.privacy.identifiers.online import HANDLES
from indic_persona_hub.privacy.identifiers.plain import Pieces, Plain, replaced

#: Words for 0 to 9, a language a line; more than one way to write a digit with strokes between.
_DIGIT_WORDS: Final = """
zero|oh|o one two three four five six seven eight nine
shunya|sunya ek do teen|tin char|chaar paanch|panch|paach chhe|chhah|cheh|che saat|sat aath nau
शून्य|जीरो|ज़ीरो एक दो|दोन तीन चार|च्यार पाँच|पांच|पाच छह|छः|छे|छ:|सहा|छ सात आठ नौ|नऊ
শূন্য এক|একা দুই তিন|তিনি চার|চাৰি পাঁচ ছয় সাত আট|আঠ নয়|নয়|ন
ਸਿਫ਼ਰ|ਸਿਫਰ|ਜ਼ੀਰੋ ਇੱਕ|ਇਕ ਦੋ ਤਿੰਨ ਚਾਰ ਪੰਜ ਛੇ ਸੱਤ ਅੱਠ ਨੌਂ|ਨੌ
શૂન્ય એક બે ત્રણ ચાર પાંચ છ સાત આઠ નવ
ଶୂନ|ଶୂନ୍ୟ ଏକ ଦୁଇ ତିନି ଚାରି ପାଞ୍ଚ ଛଅ ସାତ ଆଠ ନଅ
பூஜ்ஜியம்|பூஜ்யம்|சுழியம் ஒன்று இரண்டு மூன்று நான்கு ஐந்து ஆறு ஏழு எட்டு ஒன்பது
సున్నా ఒకటి రెండు మూడు నాలుగు ఐదు ఆరు ఏడు ఎనిమిది తొమ్మిది
ಸೊನ್ನೆ ಒಂದು ಎರಡು ಮೂರು ನಾಲ್ಕು ಐದು ಆರು ಏಳು ಎಂಟು ಒಂಬತ್ತು
പൂജ്യം ഒന്ന് രണ്ട് മൂന്ന് നാല് അഞ്ച് ആറ് ഏഴ് എട്ട് ഒമ്പത്|ഒൻപത്|ഒന്‍പത്
صفر ایک دو تین چار پانچ چھ|چھے سات آٹھ نو
"""


def _digits() -> dict[str, str]:
    return {
        word: str(digit)
        for line in _DIGIT_WORDS.split("\n")
        for digit, words in enumerate(line.split())
        for word in words.split("|")
    }


_DIGIT: Final = _digits()
_WORDS: Final = "|".join(sorted(map(re.escape, _DIGIT), key=lambda word: (-len(word), word)))
_TIMES: Final = {"double": 2, "triple": 3, "डबल": 2}
_OF_WORD: Final = r"A-Za-z\u0600-\u065f\u0670-\u06d3\u0900-\u0963\u0971-\u0dff"
_UNIT: Final = (
    rf"(?:(?:double|triple|डबल)[ -])?(?<![{_OF_WORD}])(?:{_WORDS})(?![{_OF_WORD}\u200c\u200d])"
)
_RUN: Final = re.compile(rf"(?:{_UNIT}|[0-9]+)(?:[ ,.-]{{0,2}}(?:{_UNIT}|[0-9]+))+", re.I)
_TOKEN: Final = re.compile(rf"(?:(double|triple|डबल)[ -])?({_WORDS})|([0-9]+)", re.I)
_LEAST_DIGITS: Final = 9

_AT: Final = (
    r"(?: ?[\[({<] ?(?:at|@|ऐट|एट) ?[\])}>] ?| at the rate(?: of)? | at-the-rate "
    r"| (?:at|@|ऐट|एट) |-at-|_at_| ?(?:ऐट|एट) द रेट ?| ?@ ?)"
)
_STOP_WORD: Final = "डॉट|ডট|ਡਾਟ|ડોટ|ଡଟ|டாட்|డాట్|ಡಾಟ್|ഡോട്ട്|ڈاٹ"
_STOP: Final = (
    rf"(?: ?[\[({{<] ?(?:dot|\.|डॉट) ?[\])}}>] ?| (?:dot|{_STOP_WORD}) | \. ?|-dot-|_dot_"
    r"|\. (?=(?:com|org|net)\b)|\.)"
)
_ENDING: Final = r"(?:com|in|org|net|edu|gov|nic|co|ac|info|कॉम|इन)"
_MAILERS: Final = (
    "gmail|yahoo|ymail|hotmail|outlook|rediffmail|rediff|live|protonmail|proton|icloud|zoho|nic|gov"
)
_ADDRESS: Final = re.compile(
    rf"(?<![\w@.])(?P<local>[A-Za-z0-9][A-Za-z0-9._+-]{{0,63}}(?:{_STOP}(?!at\b)[A-Za-z0-9_+-]{{1,63}}){{0,2}}?)"
    rf"(?P<at>{_AT})(?P<host>[A-Za-z0-9-]{{1,63}})"
    rf"(?P<rest>(?:{_STOP}[A-Za-z0-9-]{{1,63}}){{0,5}}?{_STOP}{_ENDING}(?:{_STOP}in)?)(?![\w@])",
    re.I,
)
_HANDLES: Final = "|".join(sorted(HANDLES, key=lambda one: (-len(one), one)))
_PAYMENT: Final = re.compile(
    rf"(?<![\w@.])(?P<local>[A-Za-z0-9][A-Za-z0-9._-]{{0,255}})(?P<at>{_AT})(?P<host>{_HANDLES})"
    r"(?![\w@]|\.[A-Za-z])",
    re.I,
)
_PLAIN_STOP: Final = re.compile(_STOP, re.I)
_SURE_AT: Final = re.compile(r"@|＠|[\[({<]|the|-at-|_at_|रेट")
#: Handles that are no words of a language: after a bare "at" they are still handles.
_NO_WORDS: Final = re.compile(r"ok|pt|wa|ybl|ibl|axl|apl|bank|upi|paytm")

#: A stop in brackets, as in "evil[.]com"; and a number with the letters O, I and l for digits.
_BRACKETED_STOP: Final = re.compile(
    r"(?<=\w) ?(?:\[ ?(?:dot|\.) ?\]|\( ?(?:dot|\.) ?\)|\{ ?(?:dot|\.) ?\}) ?(?=\w)", re.I
)
_LIKE: Final = "0-9OoIl"
_LETTERED: Final = (
    rf"\b(?:[6-9][{_LIKE}]{{9}}|[6-9][{_LIKE}]{{4}}[ -][{_LIKE}]{{5}}"
    rf"|[2-9][{_LIKE}]{{3}}[ -][{_LIKE}]{{4}}[ -][{_LIKE}]{{4}})\b"
)
_LETTERS: Final = re.compile("[OoIl]")
_LETTERED_RUN: Final = re.compile(_LETTERED)
_MOST_LETTERS: Final = 3

#: For the engine: three digits in words, digits beside a word for one, and an address in words.
_MORE: Final = rf"[ ,.-]{{1,2}}(?:(?:double|triple) )?(?:{_WORDS})"
TRIGGER: Final = (
    rf"(?i:(?:{_WORDS}){_MORE}{_MORE}|\p{{Nd}}[ -]?(?:{_WORDS})[ -]?\p{{Nd}}"
    r"|[\[({<] ?(?:at|dot|@|\.) ?[\])}>]|at[ -]the[ -]rate| dot [a-z]|-dot-|_dot_|-at-|_at_"
    r"|(?:\. | \.)(?:com|org|net)\b"
    rf"| at (?:{_MAILERS}|ok[a-z]+|ybl|ibl|axl|paytm|apl|upi|[a-z]+bank)\b)"
    rf"| @|@ | \. ?in\b|द रेट|{_STOP_WORD}|{_LETTERED}"
)


def respelled(plain: Plain) -> Plain:
    """`plain` with numbers and addresses in words written out; places still lead to the text."""
    for pattern, spell in (
        (_RUN, _written), (_BRACKETED_STOP, _stop), (_LETTERED_RUN, _unlettered),
        (_ADDRESS, _address), (_PAYMENT, _payment),
    ):  # fmt: skip
        cuts = [(one.start(), one.end(), spell(one)) for one in pattern.finditer(plain.text)]
        plain = _with(plain, [cut for cut in cuts if cut[2]])
    return plain


def _with(plain: Plain, cuts: list[tuple[int, int, Pieces]]) -> Plain:
    return replaced(plain, cuts) if cuts else plain


def _written(run: re.Match[str]) -> Pieces:
    """The digits of a run of which one at least is a word; none where they are too few."""
    pieces: Pieces = []
    words = 0
    for token in _TOKEN.finditer(run.string, *run.span()):
        if token[2]:
            times = _TIMES.get((token[1] or "").lower(), 1)
            digit = _DIGIT[token[2].lower()]
            pieces += [(digit, *token.span())] * times
            words += 1
        else:
            pieces += [(sign, at, at + 1) for at, sign in enumerate(token[3], token.start())]
    whole = re.search(rf"[0-9]{{{_LEAST_DIGITS}}}", run.group())
    return pieces if words and len(pieces) >= _LEAST_DIGITS and not whole else []


def _stop(found: re.Match[str]) -> Pieces:
    return [(".", *found.span())]


def _unlettered(found: re.Match[str]) -> Pieces:
    """A number with digits for the letters O, I and l; none where it holds none, or many."""
    if not 0 < len(_LETTERS.findall(found.group())) <= _MOST_LETTERS:
        return []
    signs = found.group().translate(str.maketrans("OoIl", "0011"))
    return [(sign, at, at + 1) for at, sign in enumerate(signs, found.start())]


def _address(found: re.Match[str]) -> Pieces:
    """An e-mail address as it is meant; none where a bare "at" may be a word of a sentence."""
    bare = not _SURE_AT.search(found["at"].lower())
    stops = [one.group() for one in _PLAIN_STOP.finditer(found["rest"])]
    if (
        bare
        and all(stop == "." for stop in stops)
        and found["host"].lower() not in _MAILERS.split("|")
    ):
        return []
    known = found["host"].lower() in _MAILERS.split("|")
    if (
        found["at"] in ("@", " @", "@ ")
        and set(stops) == {"."}
        and (found["at"] == "@" or not known)
    ):
        return []
    local = _PLAIN_STOP.sub(".", found["local"])
    rest = _PLAIN_STOP.sub(".", found["rest"]).replace("कॉम", "com").replace("इन", "in")
    return _spread(found, f"{local}@{found['host']}{rest}")


def _payment(found: re.Match[str]) -> Pieces:
    if found["at"] == "@":
        return []
    if not _SURE_AT.search(found["at"].lower()) and not _NO_WORDS.search(found["host"].lower()):
        return []
    return _spread(found, f"{found['local']}@{found['host']}")


def _spread(found: re.Match[str], written: str) -> Pieces:
    """Each sign of `written` for all that was found: whoever takes one takes the whole."""
    return [(sign, *found.span()) for sign in written]
