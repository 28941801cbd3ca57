"""Families of malformed replies, as language models write them when JSON was asked for.

Each family is a way to spoil or to wrap a reply about a person: `STRICT` ones are read as they are,
`MENDED` ones are read and marked with what was mended, `REJECTED` ones have a reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")

    persona: str
    domain_label: str
    note: str | None = None


class Person(NamedTuple):
    """What the model meant to say. The words between `before` and `after` are a quotation."""

    before: str
    quoted: str
    after: str
    label: str

    @property
    def text(self) -> str:
        return f"{self.before} {self.quoted} {self.after}"

    @property
    def with_quotes(self) -> str:
        return f'{self.before} "{self.quoted}" {self.after}'

    @property
    def shape(self) -> Shape:
        return Shape(persona=self.text, domain_label=self.label)

    @property
    def json(self) -> str:
        return json.dumps({"persona": self.text, "domain_label": self.label}, ensure_ascii=False)

    @property
    def quoted_json(self) -> str:
        """Right JSON of the text with its quotation marks."""
        body = {"persona": self.with_quotes, "domain_label": self.label}
        return json.dumps(body, ensure_ascii=False)


PEOPLE = (
    Person("A 52-year-old loader in Niphad,", "mathadi", "by card, carries onions.", "loading"),
    Person("An 81-year-old widow in Ooty says", "no more tea", "to every guest.", "home & hearth"),
    Person("निफाड़ का 52 वर्षीय हमाल जो", "माथाड़ी", "कार्ड दिखाकर बोरियाँ ढोता है।", "ढुलाई"),
    Person("ஈரோட்டைச் சேர்ந்த 44 வயது நெசவாளர்,", "அம்மா", "என்று தறியை அழைக்கிறார்.", "நெசவு"),
    Person("Ek 30 saal ki teacher jo bachchon ko", "beta", "bulati hai, Kanpur mein.", "shiksha"),
    Person("বর্ধমানের ৬০ বছরের কৃষক যিনি", "লক্ষ্মী", "নামে গরু পোষেন।", "কৃষি"),
    Person("గుంటూరు జిల్లాలో 27 ఏళ్ల రైతు,", "మిర్చి", "ధర చూస్తాడు.", "వ్యవసాయం"),
    Person("لکھنؤ کے 38 سالہ درزی جو", "آداب", "کہہ کر ملتے ہیں۔", "سلائی"),
)
Spoil = Callable[[Person], str]


def pair(person: Person, pattern: str) -> str:
    """`pattern` with the texts of the two fields for @P and @D."""
    return pattern.replace("@P", person.text).replace("@D", person.label)


def patterned(pattern: str) -> Spoil:
    return lambda person: pair(person, pattern)


def around(before: str, behind: str = "") -> Spoil:
    return lambda person: f"{before}{person.json}{behind}"


def cut(share: float) -> Spoil:
    return lambda person: person.json[: int(share * len(person.json))]


def repeated(person: Person) -> str:
    other = PEOPLE[(PEOPLE.index(person) + 1) % len(PEOPLE)]
    return f"{person.json}\n{other.json}"


P_AND_D = '"persona": "@P", "domain_label": "@D"'

STRICT: dict[str, Spoil] = {
    "as it should be": lambda person: person.json,
    "printed over lines": lambda person: json.dumps(json.loads(person.json), indent=2),
    "escaped": lambda person: json.dumps(json.loads(person.json), ensure_ascii=True),
    "fence": around("```json\n", "\n```"),
    "fence of no language": around("```\n", "\n```\n"),
    "fence on one line": around("```json ", "```"),
    "byte order mark": around("\ufeff", "\n"),
    "thinking before": around("<think>A loader? {no}</think>\n"),
    "thinking of gpt-oss": around(
        "<|channel|>analysis<|message|>JSON then.<|end|><|start|>assistant<|channel|>final"
        " <|constrain|>json<|message|>",
        "<|return|>",
    ),
    "quotation escaped": lambda person: person.quoted_json,
}

MENDED: dict[str, tuple[str, Spoil]] = {
    "comma at the end": ("trailing comma", patterned(f"{{{P_AND_D},}}")),
    "comma at the end of a line": (
        "trailing comma",
        patterned('{\n  "persona": "@P",\n  "domain_label": "@D",\n}'),
    ),
    "no comma between lines": (
        "missing comma",
        patterned('{\n  "persona": "@P"\n  "domain_label": "@D"\n}'),
    ),
    "single quotes": ("single quotes", patterned("{'persona': '@P', 'domain_label': '@D'}")),
    "single quotes on keys": (
        "single quotes",
        patterned("{'persona': \"@P\", 'domain_label': \"@D\"}"),
    ),
    "dict of Python": (
        "single quotes, Python literals",
        patterned("{'persona': '@P', 'domain_label': '@D', 'note': None}"),
    ),
    "keys without quotes": (
        "keys without quotes",
        patterned('{persona: "@P", domain_label: "@D"}'),
    ),
    "quotation not escaped": (
        "unescaped quote",
        lambda person: pair(person, f"{{{P_AND_D}}}").replace(person.text, person.with_quotes),
    ),
    "line broken inside": (
        "unescaped newline",
        lambda person: pair(person, f"{{{P_AND_D}}}").replace(
            f" {person.after}", f"\n{person.after}"
        ),
    ),
    "tab inside": (
        "unescaped control character",
        lambda person: pair(person, f"{{{P_AND_D}}}").replace(
            f" {person.after}", f"\t{person.after}"
        ),
    ),
    "apostrophe escaped": (
        "escape that JSON has not",
        lambda person: pair(person, f"{{{P_AND_D}}}").replace(
            person.after, f"\\'{person.after}\\'"
        ),
    ),
    "words before": ("text around the JSON", around("Here is the persona you asked for:\n\n")),
    "words before in Hindi": ("text around the JSON", around("यह रहा JSON:\n")),
    "words behind": (
        "text around the JSON",
        around("", "\n\nLet me know if you want another one!"),
    ),
    "words behind in Hinglish": ("text around the JSON", around("", "\nAur chahiye toh batao!")),
    "words around a fence": (
        "text around the JSON",
        around("Sure! Here you go:\n```json\n", "\n```\nThis persona is fictional."),
    ),
    "name of the format": ("text around the JSON", around("json\n")),
    "label": ("text around the JSON", around("Output: ")),
    "tags": ("text around the JSON", around("<answer>", "</answer>")),
    "token of the template": ("text around the JSON", around("", "<|im_end|>")),
    "fence never closed": ("fence", around("```json\n")),
    "fence never opened": ("fence", around("", "\n```")),
    "several at once": (
        "text around the JSON, keys without quotes, single quotes, trailing comma",
        patterned("Persona:\n```json\n{persona: '@P', domain_label: '@D',}\n```"),
    ),
}

REJECTED: dict[str, tuple[str, Spoil]] = {
    # not JSON
    "a sentence": ("not_json", lambda person: person.text),
    "a list of points": ("not_json", patterned("- **persona**: @P\n- **domain_label**: @D")),
    "YAML": ("not_json", patterned("persona: @P\ndomain_label: @D\n")),
    "a page": ("not_json", patterned("<!DOCTYPE html><html><body><p>@P</p></body></html>")),
    "no brackets": ("not_json", patterned(P_AND_D)),
    "two objects": ("not_json", repeated),
    "a list that is almost JSON": ("not_json", patterned(f"[{{{P_AND_D}}},]")),
    "a draft before": ("not_json", around('Draft: {"persona": "..."}. Better: ')),
    "doubled brackets": ("not_json", patterned(f"{{{{{P_AND_D}}}}}")),
    "a bracket too many": ("not_json", patterned(f"{{{P_AND_D}}}}}")),
    "the wrong bracket": ("not_json", patterned(f"{{{P_AND_D}]")),
    "all escaped": ("not_json", lambda person: person.json.replace('"', '\\"')),
    "curly quotes": ("not_json", patterned("{“persona”: “@P”, “domain_label”: “@D”}")),
    "semicolons": ("not_json", patterned('{"persona": "@P"; "domain_label": "@D"}')),
    "equals signs": ("not_json", patterned('{"persona" = "@P", "domain_label" = "@D"}')),
    "a comment": (
        "not_json",
        patterned('{\n"persona": "@P", // invented\n"domain_label": "@D"\n}'),
    ),
    "three quotes": ("not_json", patterned('{"persona": """@P""", "domain_label": "@D"}')),
    "a sum of strings": ("not_json", patterned('{"persona": "@P" + "@P", "domain_label": "@D"}')),
    "strings without quotes": ("not_json", patterned("{persona: @P, domain_label: @D}")),
    "a quote too few": ("not_json", patterned('{"persona": "@P, "domain_label": "@D"}')),
    "a gap left open": ("not_json", patterned(f"{{{P_AND_D}, ...}}")),
    "a key twice and a comma": ("not_json", patterned(f'{{"persona": "x", {P_AND_D},}}')),
    "brackets without end": ("not_json", lambda person: '{"persona":' * 200 + person.text),
    # cut
    "cut early": ("truncated", cut(0.4)),
    "cut late": ("truncated", cut(0.9)),
    "cut before the last bracket": ("truncated", lambda person: person.json[:-1]),
    "cut behind a comma": ("truncated", patterned('{"persona": "@P",')),
    "cut in a key": ("truncated", patterned('{"persona": "@P", "domain_la')),
    "cut before a value": ("truncated", patterned('{"persona": "@P", "domain_label":')),
    "cut in single quotes": ("truncated", patterned("{'persona': '@P doesn't sto")),
    "cut in a quotation": ("truncated", patterned('{"persona": "@P says "no')),
    "cut with a bracket in the text": ("truncated", patterned('{"persona": "@P :}')),
    "cut and fenced": (
        "truncated",
        patterned('```json\n{"persona": "@P", "domain_label": "@D"\n```'),
    ),
    # JSON, but not what was asked for
    "a list": ("not_in_schema", around("[", "]")),
    "a wrapper": ("not_in_schema", around('{"reply": ', "}")),
    "a call of a tool": ("not_in_schema", around('{"name": "persona", "arguments": ', "}")),
    "JSON in a string": ("not_in_schema", lambda person: json.dumps(person.json)),
    "a field too few": ("not_in_schema", patterned('{"persona": "@P"}')),
    "a field too many": ("not_in_schema", patterned(f'{{{P_AND_D}, "age": 52}}')),
    "a list for a text": ("not_in_schema", patterned('{"persona": ["@P"], "domain_label": "@D"}')),
    "a number for a text": ("not_in_schema", patterned('{"persona": 52, "domain_label": "@D"}')),
    "another name": ("not_in_schema", patterned('{"Persona": "@P", "Domain label": "@D"}')),
    "a key twice": ("not_in_schema", patterned(f'{{"persona": "x", {P_AND_D}}}')),
    "the schema": ("not_in_schema", lambda _: json.dumps(Shape.model_json_schema())),
    "mended, but a field too few": ("not_in_schema", patterned("{'persona': '@P'}")),
    # said otherwise
    "no": ("refusal", lambda _: "I'm sorry, but I can't create a persona from this text."),
    "no in JSON": ("refusal", lambda _: '{"error": "I cannot infer a person from this passage."}'),
    "no in a field": (
        "refusal",
        patterned('{"persona": "माफ़ कीजिए, यह संभव नहीं।", "domain_label": "@D"}'),
    ),
    "no, almost in JSON": (
        "refusal",
        patterned("{'persona': 'I am sorry, no.', 'domain_label': '@D'}"),
    ),
    "nothing": ("empty_reply", lambda _: " \n"),
    "thinking only": ("empty_reply", patterned("<think>@P, perhaps.\nOr {")),
}
