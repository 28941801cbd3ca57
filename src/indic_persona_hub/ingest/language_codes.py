"""Codes and names of the scheduled languages of India and of English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

# Constitution of India, Eighth Schedule. ISO 639-3 first, then what else they are called: 639-1,
# other 639-3 codes of the same language, English names, own names.
_NAMES: Final = """
asm as assamese অসমীয়া
ben bn bengali bangla বাংলা
brx bodo boro बर' बड़ो
doi dgo dogri डोगरी
guj gu gujarati ગુજરાતી
hin hi hindi हिन्दी हिंदी
kan kn kannada ಕನ್ನಡ
kas ks kashmiri کٲشُر
kok gom knn konkani कोंकणी
mai maithili मैथिली
mal ml malayalam മലയാളം
mni manipuri meitei meetei meiteilon ꯃꯩꯇꯩꯂꯣꯟ
mar mr marathi मराठी
npi ne nep nepali नेपाली
ori or ory odia oriya ଓଡ଼ିଆ
pan pa punjabi panjabi ਪੰਜਾਬੀ
san sa sanskrit संस्कृतम्
sat santali santhali ᱥᱟᱱᱛᱟᱲᱤ
snd sd sindhi سنڌي
tam ta tamil தமிழ்
tel te telugu తెలుగు
urd ur urdu اردو
eng en english
"""

# Scripts that a language is written in, besides Latin, ISO 15924.
_SCRIPTS: Final = """
Deva brx doi hin kas kok mai mar npi san sat snd awa bgc bho bhb gbm gon hne hoc kfy khn kru mag mun
Deva raj sck unr
Beng asm ben mni san sat trp
Arab kas snd urd pan
Guru pan
Gujr guj kok bhb
Orya ori san sat kru unr
Taml tam
Telu tel san gon
Knda kan kok san tcy
Mlym mal tcy
Olck sat
Mtei mni
Latn eng kha lus grt trp
"""

_CODE: Final[Mapping[str, str]] = MappingProxyType(
    {name: line.split()[0] for line in _NAMES.strip().split("\n") for name in line.split()}
    | {code: code for line in _SCRIPTS.split("\n") for code in line.split()[1:]}
)
_FIRST_SUBTAG: Final = re.compile(r"^([a-z]{2,3})[-_](?:[a-z]{4}[-_]?)?(?:[a-z]{2}|\d{3})?$")

#: The 22 scheduled languages, ISO 639-3.
SCHEDULED: Final = tuple(
    line.split()[0] for line in _NAMES.strip().split("\n") if not line.startswith("eng")
)


def to_iso639_3(code: str) -> str | None:
    """ISO 639-3 code of a language given by 639-1 or 639-3 code, tag ("hi-IN") or name.

    Knows the scheduled languages, English and some other Indian languages, which nothing here
    identifies but a source may state; None for the rest.
    """
    plain = code.strip().lower()
    if tagged := _FIRST_SUBTAG.match(plain):
        plain = tagged.group(1)
    return _CODE.get(plain)


@cache
def scripts_of(code: str) -> frozenset[str]:
    """ISO 15924 codes of the scripts, besides romanisation, that a language is written in."""
    lines = (line.split() for line in _SCRIPTS.strip().split("\n"))
    return frozenset(script for script, *codes in lines if code in codes)
