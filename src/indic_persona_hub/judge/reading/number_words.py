"""Words for years and school classes, in English and Hindi, as keys of `lexicon`."""

from __future__ import annotations

from typing import Final

ONES: Final = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
TENS: Final = {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
#: "twenties" and "20s", by the first year.
DECADES: Final = {
    **{word[:-1] + "ies": value for word, value in TENS.items()},
    **{f"{value}s": value for value in TENS.values()},
}
#: The years of a decade that its parts hold.
PARTS: Final = {"early": (0, 3), "mid": (4, 6), "middle": (4, 6), "late": (7, 9)}

ROMAN: Final = dict(zip("i ii iii iv v vi vii viii ix x xi xii".split(), range(1, 13), strict=True))
ORDINALS: Final = {
    **dict(
        zip(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh "
            "twelfth".split(),
            range(1, 13),
            strict=True,
        )
    ),
    **{"1st": 1, "2nd": 2, "3rd": 3, **{f"{grade}th": grade for grade in range(4, 13)}},
}
HINDI_ORDINALS: Final = {
    "पहली": 1, "दूसरी": 2, "तीसरी": 3, "चौथी": 4, "पांचवीं": 5, "छठी": 6, "सातवीं": 7,
    "आठवीं": 8, "नौवीं": 9, "नवीं": 9, "दसवीं": 10, "ग्यारहवीं": 11, "बारहवीं": 12,
}  # fmt: skip
CLASS: Final = ("class", "standard", "grade", "std")
HINDI_CLASS: Final = "कक्षा"
PUPILS: Final = ("student", "pupil", "girl", "boy", "topper", "learner", "schoolgirl", "schoolboy")
HINDI_PUPILS: Final = ("छात्र", "छात्रा", "विद्यार्थी")
STUDIES: Final = ("in", "of")

HINDI_AGED: Final = ("वर्षीय", "वर्षीया")
HINDI_YEARS: Final = ("साल", "वर्ष", "बरस")
