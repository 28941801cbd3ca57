"""Prompts: one Markdown file each, content-hashed.

A file has sections headed `# system`, then pairs of `# example user` and `# example assistant`,
then `# user`. `{{name}}` in the `# user` section is filled from the row (see `shown`). The stable
part stands first so that a runtime can keep it in its prompt cache.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from importlib import resources

from indic_persona_hub.errors import RecipeError
from indic_persona_hub.prompts.shown import shown

_SECTION = re.compile(r"^# (system|example user|example assistant|user)[ \t]*$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")
#: Words of a request that the reply must begin with, where they say more than an age.
_OPENING = re.compile(r"\bbegin with: (An? \d+-year-old .+)$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Prompt:
    """A parsed prompt file.

    Attributes:
        name: File name without `.md`.
        system: The system text.
        examples: Pairs of example user and assistant texts.
        user: The user text with its placeholders.
        content_hash: sha256 of the file's bytes.
    """

    name: str
    system: str
    examples: tuple[tuple[str, str], ...]
    user: str
    content_hash: str

    @cached_property
    def placeholders(self) -> tuple[str, ...]:
        """Names that the user text expects, in order of first use."""
        return tuple(dict.fromkeys(_PLACEHOLDER.findall(self.user)))

    @cached_property
    def shots(self) -> tuple[str, ...]:
        """The example replies, without the words that their requests told them to begin with: a
        reply that shares those did as it was told, and copied nothing.
        """
        told = ((_OPENING.search(user), reply) for user, reply in self.examples)
        return tuple(reply.replace(found[1], "", 1) if found else reply for found, reply in told)

    @cached_property
    def stable(self) -> tuple[tuple[str, str], ...]:
        """(role, content) pairs of the turns before the last one, which no row changes."""
        shots = [
            pair for user, reply in self.examples for pair in (("user", user), ("assistant", reply))
        ]
        return (("system", self.system), *shots)

    def filled(self, values: Mapping[str, str]) -> str:
        """The last turn with its placeholders filled: whatever is filled in is data (see `shown`),
        closes no mark of the prompt and is never filled again.
        """
        pieces = list(self._pieces)
        pieces[1::2] = [shown(values[name]) for name in pieces[1::2]]
        return "".join(pieces)

    @cached_property
    def _pieces(self) -> tuple[str, ...]:
        """The user text cut at its placeholders: text, name, text, name, ..., text."""
        return tuple(_PLACEHOLDER.split(self.user))

    def messages(self, values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """(role, content) pairs with the placeholders filled."""
        return (*self.stable, ("user", self.filled(values)))


@cache
def load(name: str) -> Prompt:
    """Load the shipped prompt `name`.

    Raises:
        RecipeError: No such prompt is shipped, or the file is not in form.
    """
    path = resources.files(__name__) / f"{name}.md"
    if not path.is_file():
        raise RecipeError(
            f"There is no prompt called '{name}'.", cure="See the folder prompts/ for the names."
        )
    return parse(name, path.read_bytes())


def parse(name: str, content: bytes) -> Prompt:
    """Parse a prompt file's bytes.

    Raises:
        RecipeError: A section is missing, or examples are not in pairs.
    """
    pieces = _SECTION.split(content.decode("utf-8"))
    sections = [(head, body.strip()) for head, body in zip(pieces[1::2], pieces[2::2], strict=True)]
    heads = [head for head, _ in sections]
    shots = heads[1:-1]
    pairs = ["example user", "example assistant"] * (len(shots) // 2)
    if heads[:1] != ["system"] or heads[-1:] != ["user"] or shots != pairs:
        raise RecipeError(
            f"Prompt '{name}' is not in form.",
            cure="Sections: system, pairs of example user and example assistant, user.",
        )
    bodies = [body for _, body in sections]
    examples = tuple(zip(bodies[1:-1:2], bodies[2:-1:2], strict=True))
    return Prompt(name, bodies[0], examples, bodies[-1], sha256(content).hexdigest())
