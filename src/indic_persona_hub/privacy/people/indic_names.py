"""Names in Indian scripts, which have no capitals: told by given names, honorifics, surnames and
words such as "named", on words compared as `reference.lexicon` compares them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from indic_persona_hub.privacy.people.given_names import (
    INDIC_GIVEN_NAMES,
    INDIC_HONORIFICS,
    INDIC_NAMED,
    INDIC_SURNAMES,
)
from indic_persona_hub.privacy.people.person_names import Span
from indic_persona_hub.reference.chunks import Remembered
from indic_persona_hub.reference.lexicon import Lexicon, Token, key, tokens

_GIVEN: Final = frozenset(map(key, INDIC_GIVEN_NAMES))
_SURNAMES: Final = frozenset(map(key, INDIC_SURNAMES))
_HONORIFICS: Final = frozenset(map(key, INDIC_HONORIFICS))
_NAMED: Final = Lexicon([(phrase, phrase) for phrase in INDIC_NAMED])
_NAMED_ENDS: Final = frozenset(tokens(phrase)[0].key for phrase in INDIC_NAMED)

#: After an honorific these are gods, gurus and their places; also where a word begins with one.
_SACRED: Final = tuple(
    map(
        key,
        """
        ਅੰਮ੍ਰਿਤਸਰ ਅਨੰਦਪੁਰ ਮੁਕਤਸਰ ਚਮਕੌਰ ਗੁਰੂ ਹਰਿਮੰਦਰ ਰਾਮ ਕ੍ਰਿਸ਼ਨ हरमंदिर गुरु जगन्नाथ साईं कृष्ण राम गणेश
        हनुमान రామ కృష్ణ వేంకటేశ్వర ರಾಮ ಕೃಷ್ಣ ಕ್ಷೇತ್ರ കൃഷ്ണ നാരായണ কৃষ্ণ রাম શ્રી કૃષ્ણ રામ ગણેશ
        """.split(),
    )
)
#: Before a surname these are no name; "लंका" after "श्री" is a country.
_NO_NAMES: Final = frozenset(
    map(
        key,
        """
        एक यह वह इस उस का के की को में से पर ने और या जो कि गुरु गोबिंद भगत बाबा दो सभी हर जैसे
        এক এই ওই ও এবং বা যে যারা এর ਇੱਕ ਇਹ ਉਹ ਦਾ ਦੇ ਦੀ ਨੂੰ ਵਿੱਚ ਤੇ ਅਤੇ ਗੁਰੂ ਗੋਬਿੰਦ એક આ તે અને
        """.split(),
    )
)
#: After a surname these say that a community is meant.
_COMMUNITY: Final = frozenset(
    map(key, "समुदाय समाज परिवार जाति बिरादरी वंश সম্প্রদায় পরিবার ਪਰਿਵਾਰ ਭਾਈਚਾਰੇ સમાજ પરિવાર".split())
)
_LEAST: Final = 2  # letters and marks
_MOST_AFTER_HONORIFIC: Final = 3  # words

TRIGGERS: Final = _GIVEN | _SURNAMES | _HONORIFICS | _NAMED_ENDS
#: Whether a chunk holds a word that a name in an Indian script is told by.
TRIGGERED: Final = Remembered(
    lambda chunk: not chunk.isascii() and any(token.key in TRIGGERS for token in tokens(chunk))
)


def indic_names(text: str) -> Iterator[Span]:
    """Names in Indian scripts, in no order; they may overlap."""
    words = tokens(text)
    for at, word in enumerate(words):
        if word.key in _GIVEN:
            yield Span(word.start, word.end)
        elif word.key in _HONORIFICS:
            yield from _honoured(words, at)
        elif word.key in _SURNAMES:
            yield from _surnamed(words, at)
    for match in _NAMED.find(words):
        before = max(match.first - 1, 0)
        yield Span(words[before].start, words[max(match.first, before + 1) - 1].end)


def _honoured(words: Sequence[Token], at: int) -> Iterator[Span]:
    last = at + 1
    if last >= len(words) or words[last].gap not in (" ", ". "):
        return
    name = words[last]
    if len(name.text) < _LEAST or name.key.startswith(_SACRED):
        return
    most = min(len(words), at + 1 + _MOST_AFTER_HONORIFIC)
    ends = [place for place in range(last, most) if words[place].key in _SURNAMES]
    yield Span(name.start, words[ends[0] if ends else last].end)


def _surnamed(words: Sequence[Token], at: int) -> Iterator[Span]:
    if at == 0 or words[at].gap != " " or words[at - 1].key in _NO_NAMES | _HONORIFICS:
        return
    if at + 1 < len(words) and words[at + 1].key in _COMMUNITY:
        return
    yield Span(words[at - 1].start, words[at].end)
