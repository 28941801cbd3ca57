"""How the scripted model fills a JSON schema: by the names of its properties, then by its types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from indic_persona_hub.models.scripted.people import Asked, Sentence

#: Somebody who was asked for, and what is said of them.
Written = tuple[Asked, Sentence]

_DEEPEST = 16


def filled(
    schema: Mapping[str, Any], asked: Asked, sentence: Sentence, people: Sequence[Written] = ()
) -> Any:
    """A value that is valid for `schema`, as far as types, enums and bounds go.

    A list of personas has one entry for each of `people`, where there are any.
    """
    return _Filler(schema, asked, sentence, people).value(schema, "", 0)


class _Filler:
    def __init__(
        self, root: Mapping[str, Any], asked: Asked, sentence: Sentence, people: Sequence[Written]
    ) -> None:
        self._root = root
        self._people = people
        self._definitions = root.get("$defs", {})
        self._asked = asked
        self._by_name = {
            "persona": sentence.persona,
            "domain_label": sentence.field,
            "domain": sentence.field,
        }
        self._stated = sentence.stated

    def value(self, schema: Mapping[str, Any], name: str, depth: int) -> Any:
        schema = self._resolved(schema)
        if depth > _DEEPEST:
            return None
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._asked.pick(name, schema["enum"])
        kind = schema.get("type", "object" if "properties" in schema else "string")
        if isinstance(kind, list):
            kind = kind[0]
        if kind == "object":
            properties = schema.get("properties", {})
            return {key: self.value(one, key, depth + 1) for key, one in properties.items()}
        if kind == "array":
            return self._items(schema, name, depth)
        return self._scalar(kind, schema, name)

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while True:
            if "$ref" in schema:
                schema = self._definitions[schema["$ref"].rsplit("/", 1)[-1]]
            elif choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
                schema = choices[0]
            else:
                return schema

    def _items(self, schema: Mapping[str, Any], name: str, depth: int) -> list[Any]:
        one = self._resolved(schema.get("items", {}))
        if name == "personas" and self._people:
            each = [_Filler(self._root, *written, ()) for written in self._people]
            return [filler.value(one, "", depth + 1) for filler in each]
        if set(one.get("properties", {})) == {"name", "value", "words"}:
            known = self._resolved(one["properties"]["name"]).get("enum")
            return [said for said in self._stated if known is None or said["name"] in known]
        return [
            self.value(one, f"{name}.{number}", depth + 1)
            for number in range(schema.get("minItems", 0))
        ]

    def _scalar(self, kind: str, schema: Mapping[str, Any], name: str) -> Any:
        if kind == "null":
            return None
        if kind == "boolean":
            return self._asked.pick(name, (True, False))
        if kind in ("integer", "number"):
            return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        text = self._by_name.get(name, self._asked.passage[:40].strip() or "unknown")
        text = text.ljust(schema.get("minLength", 0), ".")
        return text[: schema.get("maxLength", len(text))]
