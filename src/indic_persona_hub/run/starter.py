"""Recipes to start from: the commented one of `iph init`, and the demo's."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from indic_persona_hub.errors import RecipeError, SourceError
from indic_persona_hub.run.recipe import Recipe, parse_recipe

_PACKAGE = "indic_persona_hub"


def starter_text() -> str:
    """The commented recipe."""
    return _text("starter.yaml")


def write_starter(path: Path) -> None:
    """Write the commented recipe to `path`.

    Raises:
        RecipeError: Something is there already, or it cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as target:
            target.write(starter_text())
    except FileExistsError as error:
        raise RecipeError(
            f"{path} is there already.", cure="Give another name: iph init NAME.yaml"
        ) from error
    except OSError as error:
        raise RecipeError(
            f"{path} cannot be written: {error}.", cure="Check the folder."
        ) from error


def demo_recipe(out: Path, *, local: bool) -> Recipe:
    """The demo: the shipped corpus, into `out`/hub, with the local or the scripted model."""
    kind = "llama_cpp" if local else "scripted"
    recipe = parse_recipe(_text("demo.yaml"), (f"models.default={{kind: {kind}}}",))
    sources = tuple(
        source.model_copy(update={"path": str(corpus_folder())}) for source in recipe.sources
    )
    return recipe.model_copy(update={"hub": str(out / "hub"), "sources": sources})


def corpus_folder() -> Path:
    """Where the shipped corpus lies: in the package, or beside it in a checkout.

    Raises:
        SourceError: It is in neither place.
    """
    package = Path(str(resources.files(_PACKAGE)))
    for folder in (package / "corpus", package.parents[1] / "examples" / "corpus"):
        if folder.is_dir():
            return folder
    raise SourceError("The example corpus is not installed.", cure="Install the package again.")


def _text(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")
