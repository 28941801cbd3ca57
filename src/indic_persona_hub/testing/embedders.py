"""What every embedder plug must do. `check_embedder` raises `AssertionError` if not.

The functions know no test framework: call them from pytest, unittest or a script.
"""

from __future__ import annotations

import json
from typing import Final

import numpy as np

from indic_persona_hub.models.embedders.socket import Embedder

#: One sentence about one person, in the scripts that personas are written in.
TEXTS: Final = (
    "A 52-year-old woman who sells ginger and turmeric at the weekly haat of Koraput.",
    "कोरापुट के साप्ताहिक हाट में अदरक और हल्दी बेचने वाली 52 वर्षीय महिला।",
    "கோயம்புத்தூரில் நூற்பாலையில் வேலை செய்யும் 34 வயது பெண்.",
    "খড়দহের এক চটকলের অবসরপ্রাপ্ত শ্রমিক, যিনি সন্ধ্যায় দাবা শেখান।",
    "గుంటూరులో మిరప పండించే రైతు, వయసు 45.",
    "ನಾಗಮಂಗಲದ ಶಾಲೆಯಲ್ಲಿ ಗಣಿತ ಕಲಿಸುವ ಶಿಕ್ಷಕಿ.",
    "ആലപ്പുഴയിലെ കയർ സഹകരണ സംഘത്തിന്റെ സെക്രട്ടറി.",
    "ਲੁਧਿਆਣੇ ਦੀ ਸਾਈਕਲ ਫੈਕਟਰੀ ਵਿੱਚ ਕੰਮ ਕਰਦਾ ਨੌਜਵਾਨ।",
    "સુરતમાં હીરા ઘસતો કારીગર.",
    "ପୁରୀର ଜଣେ ପଟ୍ଟଚିତ୍ର ଶିଳ୍ପୀ।",
    "لکھنؤ کی ایک استانی جو شام کو بچوں کو اردو پڑھاتی ہیں۔",
    "ꯏꯝꯐꯥꯂꯒꯤ ꯏꯃꯥ ꯀꯩꯊꯦꯂꯗꯥ ꯉꯥ ꯌꯣꯟꯕꯤ ꯅꯨꯄꯤ",
    "Koraput ke haat mein adrak aur haldi bechne wali 52 saal ki mahila.",
)
_ODD: Final = ("", " \n", "।", "😀", "a\x00b", "क" * 20_000, "word " * 20_000, "\u200d\u200c")
_LENGTH_ERROR: Final = 1e-3


def check_embedder(embedder: Embedder, *, tolerance: float = 0.0) -> None:
    """Run every check on `embedder`, then close it.

    Args:
        embedder: A fresh plug.
        tolerance: How far the numbers of one text's vector may differ from call to call; models
            that read several texts at once round differently, by 0.001 and more.

    Raises:
        AssertionError: With what the plug does wrong.
    """
    try:
        check_identity(embedder)
        check_form(embedder)
        check_same_everywhere(embedder, tolerance)
        check_tells_apart(embedder)
        check_odd_texts(embedder)
    finally:
        embedder.close()
    embedder.close()  # closing twice is no error


def check_identity(embedder: Embedder) -> None:
    """The identity is JSON and stays what it is."""
    before = json.dumps(dict(embedder.identity), sort_keys=True)
    embedder.embed(TEXTS[:1])
    assert json.dumps(dict(embedder.identity), sort_keys=True) == before, "identity changes"
    assert embedder.identity, "identity is empty"


def check_form(embedder: Embedder) -> None:
    """One float32 vector of length 1 for each text; none for none."""
    vectors = embedder.embed(TEXTS)
    assert vectors.dtype == np.float32, f"vectors are {vectors.dtype}"
    assert vectors.ndim == 2, f"vectors have {vectors.ndim} axes"
    assert len(vectors) == len(TEXTS), f"{len(vectors)} vectors for {len(TEXTS)} texts"
    assert vectors.shape[1] >= 2, f"a vector has {vectors.shape[1]} numbers"
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1)
    assert np.abs(lengths - 1).max() < _LENGTH_ERROR, f"vectors are {lengths} long"
    assert len(embedder.embed([])) == 0, "no texts have vectors"


def check_same_everywhere(embedder: Embedder, tolerance: float = 0.0) -> None:
    """A text has one vector: again, alone, among others, and wherever it stands."""
    vectors = embedder.embed(TEXTS)
    again = embedder.embed(TEXTS)
    assert np.abs(again - vectors).max() <= tolerance, "the same texts got other vectors"
    turned = embedder.embed(TEXTS[::-1])[::-1]
    assert np.abs(turned - vectors).max() <= tolerance, "vectors are not in the order of the texts"
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    assert np.abs(alone - vectors).max() <= tolerance, "a text alone got another vector"
    many = embedder.embed(TEXTS * 20)
    assert np.abs(many - np.tile(vectors, (20, 1))).max() <= tolerance, "many texts get mixed up"


def check_tells_apart(embedder: Embedder) -> None:
    """Different texts, in any script, have different vectors."""
    vectors = embedder.embed(TEXTS).astype(np.float64)
    cosines = vectors @ vectors.T - 2 * np.eye(len(TEXTS))
    one, other = np.unravel_index(np.argmax(cosines), cosines.shape)
    assert cosines.max() < 1 - 1e-4, f"no difference between {TEXTS[one]!r} and {TEXTS[other]!r}"


def check_odd_texts(embedder: Embedder) -> None:
    """Empty, very long and strange texts have vectors like any other, and disturb no other."""
    mixed = [text for odd in _ODD for text in (odd, TEXTS[0])]
    vectors = embedder.embed(mixed)
    assert vectors.shape[0] == len(mixed), f"{len(vectors)} vectors for {len(mixed)} texts"
    assert np.isfinite(vectors).all(), "a vector holds what is no number"
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1)
    assert np.abs(lengths - 1).max() < _LENGTH_ERROR, f"vectors are {lengths} long"
    usual = vectors[1::2].astype(np.float64)
    assert (usual @ usual[0]).min() > 1 - _LENGTH_ERROR, "an odd text changes the vector beside it"
