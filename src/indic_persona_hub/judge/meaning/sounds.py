"""How a word sounds, as far as all scripts and all ways of typing it in Latin letters agree.

What is left is the order of the consonants in ten classes. Vowels (with the schwa that scripts
write and speech drops), aspiration, voice, doubling and a nasal at the end say nothing: people type
`haldi`, `haldee` and `huldi`, and Tamil writes one letter for k, g and h. `A` is a vowel that
begins a word.

    ख़रीदती, khareedti, kharidati -> KRTT -> KRT; அரிசி, arisi -> ARS; ایک, ek -> AK

Letters are those of the Unicode blocks, chapters 9, 12 and 13 of The Unicode Standard; the nine
Brahmic blocks are laid out alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

#: In the sounds before they are settled: `a` is short or long a, `e` any other vowel, `~` an
#: anusvara, `-` a virama.
_LATIN: Final = str.maketrans(
    {
        **dict.fromkeys("kgq", "K"),
        **dict.fromkeys("cjsz", "S"),
        **dict.fromkeys("td", "T"),
        **dict.fromkeys("pbf", "P"),
        **dict.fromkeys("vw", "V"),
        **dict.fromkeys("eiouy", "e"),
        **{letter: letter.upper() for letter in "nmrlh"},
        "x": "KS",
    }
)
#: English spellings in romanised text, and letters that stand for one sound; in this order.
_DIGRAPHS: Final = (
    (re.compile(r"[ts]ion"), "san"),
    (re.compile(r"sch(?=[aeiou])"), "sk"),
    (re.compile(r"zh"), "l"),
    (re.compile(r"t?chh?|sh"), "s"),
    (re.compile(r"(?<=[kgcjtdpb])h"), ""),
    (re.compile(r"c(?![eiy])"), "k"),
    (re.compile(r"m(?=[pbf])"), "n"),
)

#: Sounds by place in a Brahmic block: the vowels from 05, the consonants from 15, and the rest.
_VOWELS: Final = "aaeeeeReeeeeeeee"
_CONSONANTS: Final = "KKKKNSSSSNTTTTNTTTTNNPPPPMeRRLLLVSSSH"
_REST: Final = {0x01: "N", 0x02: "~", 0x03: "H", 0x3E: "a", 0x43: "Re", 0x4D: "-", 0x60: "Re"}
_SIGNS: Final = range(0x3F, 0x4D)
_BLOCKS: Final = (0x900, 0x980, 0xA00, 0xA80, 0xB00, 0xB80, 0xC00, 0xC80, 0xD00)
#: What a block has for itself.
_OWN: Final[Mapping[int, str]] = {
    **dict.fromkeys((0x981, 0xA71), ""),  # Bengali chandrabindu is not typed; Gurmukhi addak
    **dict.fromkeys((0x9AF, 0xB2F), "S"),  # Bengali and Odia ya are spoken as ja
    **{0x9CE: "T", 0x9F0: "R", 0x9F1: "V", 0xB5F: "e", 0xB71: "V"},
    **{0xA5C: "R", 0xA70: "N", 0xA72: "e", 0xA73: "e"},
    **dict(zip(range(0xD7A, 0xD80), "NNRLLK", strict=True)),  # Malayalam chillus
}
#: Letters by sound of the scripts of Urdu and Sindhi, of Manipuri and of Santali.
_OTHERS: Final = {
    "K": "خغقکكگڪڳ" + "ꯀꯈꯒꯘꯛ" + "ᱠᱜ",
    "S": "ثجچذزژسشصضظڄڃ" + "ꯁꯆꯓꯖ" + "ᱪᱡᱥ",
    "T": "تٹدڈڑطٿٽڌڍڏڊٺ" + "ꯇꯊꯗꯙꯠ" + "ᱛᱫᱰᱴ",
    "P": "بپفڀڦ" + "ꯄꯐꯕꯚꯞ" + "ᱯᱵ",
    "N": "نںڻڱ" + "ꯅꯉꯟꯡꯪ" + "ᱱᱝᱧᱬ",
    "M": "م" + "ꯃꯝ" + "ᱢ",
    "R": "ر" + "ꯔ" + "ᱨᱲ",
    "L": "ل" + "ꯂꯜ" + "ᱞ",
    "H": "حہه" + "ꯍ" + "ᱦ",
    "V": "و" + "ꯋ" + "ᱣᱶ",
    "a": "اآعٱ" + "ꯑꯥ" + "ᱟ",
    "e": "ئیيىے" + "ꯌꯎꯏꯢ" + "ᱚᱤᱩᱮᱳᱭ",
}


def _brahmic(begin: int) -> dict[int, str]:
    return {
        **{begin + 0x05 + at: sound for at, sound in enumerate(_VOWELS)},
        **{begin + 0x15 + at: sound for at, sound in enumerate(_CONSONANTS)},
        **{begin + at: "e" for at in _SIGNS},
        **{begin + at: sound for at, sound in _REST.items()},
    }


class _Native(dict[int, str]):
    """A table for `str.translate`: what has no sound goes, digits become ASCII."""

    def __missing__(self, point: int) -> str:
        digit = unicodedata.decimal(chr(point), None)
        self[point] = "" if digit is None else str(digit)
        return self[point]


_NATIVE: Final = _Native(
    {
        **{point: sound for begin in _BLOCKS for point, sound in _brahmic(begin).items()},
        **_OWN,
        **{ord(letter): sound for sound, letters in _OTHERS.items() for letter in letters},
    }
)
#: What does not sound like its letters, in NFD.
_CONJUNCTS: Final = tuple(
    (re.compile(unicodedata.normalize("NFD", pattern)), sound)
    for pattern, sound in (
        ("[जঞজଜਜજ][्্୍੍્][ञঞଞਞઞ]", "ग"),
        ("ক্ষ", "খ"),
        ("(?<=[্୍])[যଯ](?!়)", ""),
        ("[ডঢ]়", "র"),
        ("য়", "ই"),
        ("ற்ற", "ட்ர"),
        ("ன்ற", "ன்ட்ர"),
    )
)
_SOUTHERN_M: Final = re.compile(
    r"[\u0C02\u0C82\u0D02](?![\u0C15-\u0C2D\u0C95-\u0CAD\u0D15-\u0D2D])"
)
_SCHWA: Final = re.compile(r"(?:[NM~]a*)+$")
_NO_SOUND: Final = re.compile(r"[ae~.-]")
_DOUBLED: Final = re.compile(r"([A-Z])\1+")


def sound(word: str) -> str:
    """The sound of `word`, one word of any script; digits as they are; "" where it has none."""
    plain = unicodedata.normalize("NFD", word.casefold())
    heard = _latin(plain) if "a" <= plain[:1] <= "z" else _native(plain)
    begins = "A" if heard[:1] in ("a", "e") else ""
    if heard[1:2]:  # the glides v and u, h at an end: scripts and people disagree
        heard = heard[0] + heard[1:].replace("V", "e")
    heard = _SCHWA.sub("", heard.replace("-", ""))
    return _DOUBLED.sub(r"\1", begins + _NO_SOUND.sub("", heard.replace("~", "N")))


def _latin(word: str) -> str:
    letters = "".join(letter for letter in word if "a" <= letter <= "z" or "0" <= letter <= "9")
    for pattern, written in _DIGRAPHS:
        letters = pattern.sub(written, letters)
    return letters.translate(_LATIN)


def _native(word: str) -> str:
    for pattern, written in _CONJUNCTS:
        word = pattern.sub(written, word)
    heard = _SOUTHERN_M.sub("ம", word).translate(_NATIVE)
    return heard.replace("M-P", "N-P")
