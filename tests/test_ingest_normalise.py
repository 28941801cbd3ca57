"""One spelling for texts that look the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indic_persona_hub.ingest.normalise import normalise
from indic_persona_hub.ingest.scripts import words

ZWNJ, ZWJ = "\u200c", "\u200d"
JOINERS_AND_CONTROLS = "\u200b\u200c\u200d\u200e\ufeff\u00ad\u2060\x00\x07\u202a"
INDIC = "".join(
    chr(code) for code in range(0x0900, 0x0D80) if unicodedata.category(chr(code))[0] in "LM"
)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        pytest.param("\u0958\u0932\u092e", "\u0915\u093c\u0932\u092e", id="Hindi qa: ka + nukta"),
        pytest.param("\u0928\u093c", "\u0929", id="nnna is no composition exclusion"),
        pytest.param("\u09dc", "\u09a1\u09bc", id="Bengali rra: dda + nukta"),
        pytest.param("\u0b95\u0bc6\u0bbe", "\u0b95\u0bca", id="Tamil o: one sign"),
        pytest.param("\u0c95\u0cc6\u0cd5", "\u0c95\u0cc7", id="Kannada"),
        pytest.param("അവന്" + ZWJ, "അവൻ", id="Malayalam chillu n"),
        pytest.param("അവര്" + ZWJ + " വന്നു", "അവർ വന്നു", id="Malayalam chillu r"),
        pytest.param("হঠাত্" + ZWJ, "হঠাৎ", id="Bengali khanda ta"),
        pytest.param("র" + ZWJ + "্যাব", "র" + ZWJ + "্যাব", id="Bengali ra with ya-phalaa"),
        pytest.param("क्" + ZWJ + "ष", "क्" + ZWJ + "ष", id="half form asked for"),
        pytest.param("ಸಾಫ್ಟ್" + ZWNJ + "ವೇರ್", "ಸಾಫ್ಟ್" + ZWNJ + "ವೇರ್", id="Kannada loan word"),
        pytest.param("ಬಸ್" + ZWNJ + " ಬಂತು", "ಬಸ್ ಬಂತು", id="nothing follows the virama"),
        pytest.param("राम" + ZWNJ + "ने", "रामने", id="no virama before"),
        pytest.param("می" + ZWNJ + "خواہم", "می" + ZWNJ + "خواہم", id="Perso-Arabic"),
        pytest.param("re" + ZWJ + "ad", "read", id="Latin"),
    ],
)
def test_known_pairs(written: str, kept: str) -> None:
    assert normalise(written) == kept


def test_whitespace_and_invisible_characters() -> None:
    page = "\ufeff  तेजी, \u200b\u200b बाज़ार\u00a0में\t \r\n\r\n\r\n\u2029 soft\u00adly\x00 \x0c done "
    assert normalise(page) == "तेजी, बाज़ार में\n\nsoftly\ndone"


def test_digits_dandas_and_bars_are_left_alone() -> None:
    text = "कुल १२३ रुपये। | नाम | पता ॥ ৪৫"
    assert normalise(text) == text


def test_lone_surrogates_cannot_get_through() -> None:
    assert normalise("a\ud800b") == "ab"


@given(st.text())
def test_idempotent_on_any_text(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet=INDIC + JOINERS_AND_CONTROLS + " \n"))
def test_idempotent_on_indic_text(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.lists(st.text(alphabet=INDIC, min_size=1, max_size=8), min_size=1, max_size=6))
def test_words_are_neither_joined_nor_split(written: list[str]) -> None:
    whole = normalise(" ".join(written)).split(" ")
    assert whole == [normalise(word) for word in written]


@given(st.text(alphabet=INDIC + ZWJ + ZWNJ, min_size=1, max_size=8))
def test_no_letter_or_vowel_sign_is_lost(word: str) -> None:
    def bare(text: str) -> str:
        apart = unicodedata.normalize("NFD", text)
        for own, old in {"ൺ": "ണ്", "ൻ": "ന്", "ർ": "ര്", "ൽ": "ല്", "ൾ": "ള്", "ൿ": "ക്"}.items():
            apart = apart.replace(own, old)
        apart = apart.replace("ৎ", "ত্").replace(ZWJ, "").replace(ZWNJ, "")
        return unicodedata.normalize("NFD", apart)

    assert bare(normalise(word)) == bare(word)


def test_words_keep_their_vowel_signs() -> None:
    assert words("किसानों की नई फ़सल, 20 क्विंटल.") == ["किसानों", "की", "नई", "फ़सल", "20", "क्विंटल"]
    assert words("സാഫ്റ്റ്" + ZWNJ + "വെയർ വേണം") == ["സാഫ്റ്റ്" + ZWNJ + "വെയർ", "വേണം"]
