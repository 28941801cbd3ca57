"""Read a persona out of a model's reply, and say how a persona's sentence may begin."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

_LABEL: Final = re.compile(r"\s*(?:\*\*)?\b(?:field|domain)(?:\*\*)?\s*:\s*(.*)", re.IGNORECASE)
_LEAD: Final = re.compile(r"^(?:[-*•>\s]+|\d{1,2}[.)]\s+|(?:persona|answer|reply)\s*:\s*)+", re.I)
_QUOTES: Final = "\"'“”‘’`*«» "
_FEWEST_WORDS: Final = 4
#: What is longer is no label and no words for one attribute, but a text that rides along.
_LONGEST_LABEL: Final = 60
_LONGEST_WORDS: Final = 100
_SHOWN_CHARACTERS: Final = 300


class StatedAttribute(BaseModel):
    """An attribute with the words of the source that support it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Literal["state", "district", "residence", "age_band", "gender", "occupation"]
    value: str
    words: str


class StructuredPersona(BaseModel):
    """What a capable model fills in; every field is asked for, none has a default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    persona: str
    domain_label: str
    attributes: list[StatedAttribute]


class StructuredPersonas(BaseModel):
    """What a capable model fills in where it is asked for several people at once, in their order.

    How many is left to the prompt: a reply with one too few is worth the others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    personas: list[StructuredPersona]


class Answer(NamedTuple):
    """A persona as a reply gave it. `stated` has the fields of `records.STATED`."""

    persona: str
    domain_label: str | None
    stated: list[dict[str, str]]


def opening(age: int) -> str:
    """How a sentence about someone `age` years old begins: "An 8-year-old"."""
    article = "An" if str(age).startswith("8") or age in (11, 18) else "A"
    return f"{article} {age}-year-old"


def read_sentence(reply: str) -> Answer | None:
    """The persona in a small model's reply: a sentence, then perhaps a line `Field: ...`.

    None where the reply has no sentence.
    """
    sentence, *labels = _LABEL.split(reply.strip(), maxsplit=1)
    lines = [line for line in sentence.splitlines() if line.strip()]
    persona = _tidy(_LEAD.sub("", lines[0]).strip(_QUOTES)) if lines else ""
    if len(persona.split()) < _FEWEST_WORDS:
        return None
    label = _tidy(labels[0].splitlines()[0]).strip(_QUOTES + ".") if labels and labels[0] else ""
    return Answer(persona, _label(label), [])


def read_structured(reply: str, origin: str) -> Answer | None:
    """The persona in a reply that was validated against `StructuredPersona`.

    An attribute is kept only where its words, at most 100 characters, stand in `origin`, the text
    that the model read; a label only where it has at most 60.
    """
    return _answer(StructuredPersona.model_validate_json(reply), origin)


def read_several(reply: str, origin: str) -> list[Answer | None]:
    """The personas in a reply that was validated against `StructuredPersonas`, in its order; each
    as `read_structured` reads it.
    """
    filled = StructuredPersonas.model_validate_json(reply)
    return [_answer(one, origin) for one in filled.personas]


def read_each(
    reply: str | None, origin: str, form: type[BaseModel] | None, wanted: int = 1
) -> list[tuple[Answer | None, str]]:
    """What a reply holds for each of the people that it was asked for, in their order.

    Args:
        reply: Null where there is none.
        origin: The text that the model read.
        form: What the reply was validated against; null is one sentence.

    Returns:
        `wanted` pairs: the persona and "", or null and what the reply holds instead.
    """
    if reply is None:
        return [(None, "")] * wanted
    if form is StructuredPersonas:
        found = read_several(reply, origin)[:wanted]
    else:
        found = [read_structured(reply, origin) if form else read_sentence(reply)]
    few = f"the reply holds {len(found)} of {wanted}"
    read = [(one, "" if one else reply[:_SHOWN_CHARACTERS]) for one in found]
    return read + [(None, few)] * (wanted - len(found))


def numbered(lines: Iterable[str]) -> str:
    """The people asked for, a line each: "1. Someone who"."""
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def _answer(filled: StructuredPersona, origin: str) -> Answer | None:
    persona = _tidy(filled.persona)
    if len(persona.split()) < _FEWEST_WORDS:
        return None
    source = _tidy(origin).casefold()
    grounded = [one for one in filled.attributes if _stands_in(_tidy(one.words).casefold(), source)]
    first = {one.name: one for one in reversed(grounded) if one.value.strip()}
    stated = [
        {"name": name, "value": _tidy(one.value), "words": _tidy(one.words)}
        for name, one in sorted(first.items())
    ]
    return Answer(persona, _label(_tidy(filled.domain_label)), stated)


def _label(text: str) -> str | None:
    return text if 0 < len(text) <= _LONGEST_LABEL else None


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _stands_in(words: str, source: str) -> bool:
    """True where `words` occur in `source` as whole words."""
    at = source.find(words) if 0 < len(words) <= _LONGEST_WORDS else -1
    while at >= 0:
        end = at + len(words)
        if not (_in_word(source[max(0, at - 1) : at]) or _in_word(source[end : end + 1])):
            return True
        at = source.find(words, at + 1)
    return False


def _in_word(character: str) -> bool:
    # Letters, vowel signs and digits; `\w` leaves Indic vowel signs out.
    return bool(character) and unicodedata.category(character)[0] in "LMN"
