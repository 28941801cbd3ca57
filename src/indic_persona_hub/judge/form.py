"""Form: one or a few finished sentences of the expected length, language and script."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any, ClassVar, Final, NamedTuple

import numpy as np
from daft import Expression, col
from numpy.typing import NDArray
from pydantic import Field

from indic_persona_hub.judge.letters import SCRIPTS, is_stray, letters_of, script_of
from indic_persona_hub.judge.loops import may_loop
from indic_persona_hub.judge.measure import Measures, by_texts
from indic_persona_hub.judge.words import WORDS_OF, runs, words_of
from indic_persona_hub.reference.chunks import Texts
from indic_persona_hub.stage import RowJudge

_ENDS: Final = ".!?…।॥۔؟᱾᱿꯫"
_CLOSERS: Final = "\"”’'»)]"
#: The same in the dialect of RE2.
_ENDING: Final = rf"[{_ENDS}][{re.escape(_CLOSERS)}]*$"
_MARKUP: Final = re.compile(r"[\n\r\t{}<>|`#_~\\]|\*|\[|^\s*(?:[-•–—>]|\d{1,2}[.)]|\([a-z0-9]\))\s")
_LABEL: Final = re.compile(
    r"^\W*(?:(?:persona|person|name|age|role|occupation|output|answer|response|reply|example|user"
    r"|assistant|system|character|profile|description|note|title|व्यक्तित्व|व्यक्ति|उत्तर|नाम|பெயர்|பதில்"
    r"|নাম|উত্তর)\s*\d*\s*[:：]|here (?:is|are)\b|here's\b|sure\b[,!]|certainly\b[,!])",
    re.IGNORECASE,
)
#: In the dialect of RE2: the first chunk of what may open with a label or a bullet. Python takes
#: four more letters for "i", "s" and "k".
_MAY_OPEN: Final = (
    "^(?:$|\\P{L}|(?i:persona|person|name|age|role|occupation|output|answer|response|reply|example"
    "|user|assistant|system|character|profile|description|note|title|here|sure|certainly)"
    "|व्यक्ति|उत्तर|नाम|பெயர்|பதில்|নাম|উত্তর)|[\u0130\u0131\u017f\u212a]"
)
_OPEN_TO_CLOSE: Final = {"(": ")", "“": "”", "«": "»"}

#: These languages say in three words what English says in five.
_AGGLUTINATIVE: Final = frozenset({"Taml", "Telu", "Knda", "Mlym"})
_AGGLUTINATIVE_SHARE: Final = 0.6

#: A run of three words is a loop from three times on, where that is this share of all words.
_LOOP: Final = 3
_LOOP_SHARE: Final = 0.15


class _Signs(NamedTuple):
    """What speaks for a breach, a value a text; true where a closer look must tell."""

    words: NDArray[np.int64]
    characters: NDArray[np.int64]
    length: NDArray[np.bool_]
    open_ended: NDArray[np.bool_]
    shape: NDArray[np.bool_]
    loop: NDArray[np.bool_]
    few_letters: NDArray[np.bool_]
    wrong_script: NDArray[np.bool_]
    main_script: NDArray[np.int64]
    stray: NDArray[np.bool_]


class Form(RowJudge):
    """Count breaches of form: length, ending, markup, labels, quotes, loops, letters, script.

    `value` is the number of breaches, `score` 1 / (1 + value); `detail` names them. A minimum of
    words is cut to 60% for Tamil, Telugu, Kannada and Malayalam.
    """

    name: ClassVar[str] = "form"

    min_words: int = Field(10, ge=1)
    max_words: int = Field(200, ge=1)
    min_characters: int = Field(50, ge=1)
    max_characters: int = Field(1600, ge=1)
    min_letter_share: float = Field(0.75, ge=0, le=1)
    min_script_share: float = Field(0.7, ge=0, le=1)
    max_breaches: int = Field(0, ge=0)

    def evidence(self) -> Expression:
        """See `RowJudge`. Reads `persona`, `language`, `script`."""
        return by_texts(self._measure, col("persona"), col("language"), col("script"))

    def _measure(
        self, texts: Texts, languages: Sequence[str | None], scripts: Sequence[str | None]
    ) -> Measures:
        signs = self._signs(texts, _expected(languages, scripts))
        count = np.zeros(len(texts), np.int64)
        detail = [""] * len(texts)
        suspected = np.logical_or.reduce([one for one in signs if one.dtype == np.bool_])
        for row in np.flatnonzero(suspected).tolist():
            breaches = list(self._breaches(texts.strings[row], row, signs))
            count[row], detail[row] = len(breaches), "; ".join(breaches)
        return Measures(count, 1 / (1 + count), count > self.max_breaches, detail)

    def _signs(self, texts: Texts, expected: NDArray[np.int64]) -> _Signs:
        letters = letters_of(texts)
        words = texts.totals(np.array([len(one) for one in texts.each(WORDS_OF)], np.int64))
        main = np.where(expected < 0, _most(letters.scripts), expected)
        total = letters.scripts.sum(axis=1)
        of_main = np.take_along_axis(letters.scripts, main[:, None], axis=1)[:, 0]
        return _Signs(
            words=words,
            characters=letters.characters,
            length=(words < self.min_words)
            | (words > self.max_words)
            | (letters.characters < self.min_characters)
            | (letters.characters > self.max_characters),
            open_ended=_ends_openly(texts),
            shape=_opens(texts) | (letters.markup > 0) | (letters.paired > 0),
            loop=may_loop(texts, np.maximum(_LOOP, _LOOP_SHARE / 3 * words - 1)),
            few_letters=letters.letters < self.min_letter_share * letters.visible,
            wrong_script=(total > 0) & (of_main < self.min_script_share * total),
            main_script=main,
            stray=letters.stray > 0,
        )

    def _breaches(self, persona: str, row: int, signs: _Signs) -> Iterator[str]:
        if signs.length[row]:
            yield from self._length(int(signs.words[row]), persona)
        if signs.open_ended[row] and persona.rstrip().rstrip(_CLOSERS)[-1:] not in set(_ENDS):
            yield "no final stop"
        if signs.shape[row]:
            yield from _shape(persona)
        if signs.loop[row]:
            yield from _loop(words_of(persona))
        if signs.few_letters[row]:
            yield "few letters"
        if signs.wrong_script[row]:
            yield f"not in script {SCRIPTS[signs.main_script[row]]}"
        if signs.stray[row]:
            yield f"stray characters {''.join(filter(is_stray, dict.fromkeys(persona)))}"

    def _length(self, words: int, persona: str) -> Iterator[str]:
        agglutinative = script_of(next((one for one in persona if one.isalpha()), " "))
        share = _AGGLUTINATIVE_SHARE if agglutinative in _AGGLUTINATIVE else 1
        if words < self.min_words * share:
            yield f"{words} words"
        if words > self.max_words:
            yield f"{words} words"
        if not self.min_characters <= len(persona) <= self.max_characters:
            yield f"{len(persona)} characters"


def _expected(languages: Sequence[str | None], scripts: Sequence[str | None]) -> NDArray[np.int64]:
    """The column of `SCRIPTS` that each text should be in, -1 where that is not known."""
    columns = {script: column for column, script in enumerate(SCRIPTS) if script != "Zyyy"}
    pairs = zip(languages, scripts, strict=True)
    named = [script or ("Latn" if language == "eng" else None) for language, script in pairs]
    return np.array([columns.get(script or "", -1) for script in named], np.int64)


def _most(scripts: NDArray[Any]) -> NDArray[np.int64]:
    """The column with most letters, of equal ones the last."""
    last: NDArray[np.int64] = scripts.shape[1] - 1 - np.argmax(scripts[:, ::-1], axis=1)
    return last


def _ends_openly(texts: Texts) -> NDArray[np.bool_]:
    """Whether the last chunk does not end a sentence; where spaces follow, a closer look tells."""
    ends: NDArray[np.bool_] = texts.matching(_ENDING)[texts.codes[texts.starts[1:] - 1]]
    return ~ends


def _opens(texts: Texts) -> NDArray[np.bool_]:
    """Whether a text may open with a label or a bullet."""
    opens: NDArray[np.bool_] = texts.matching(_MAY_OPEN)[texts.codes[texts.starts[:-1]]]
    return opens


def _shape(persona: str) -> Iterator[str]:
    if match := _MARKUP.search(persona):
        yield f"markup {match.group()!r}"
    if match := _LABEL.match(persona):
        yield f"label '{match.group()}'"
    if persona.count('"') % 2 or any(
        persona.count(left) != persona.count(right) for left, right in _OPEN_TO_CLOSE.items()
    ):
        yield "unbalanced quotes or brackets"


def _loop(words: list[str]) -> Iterator[str]:
    run, times = max(Counter(runs(words, 3)).items(), key=itemgetter(1), default=((), 0))
    if times >= _LOOP and 3 * times >= _LOOP_SHARE * len(words):
        yield f"repeats '{' '.join(run)}'"
