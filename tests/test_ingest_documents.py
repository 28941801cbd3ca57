"""Pages become documents, and every page that does not is counted with its reason."""

from pathlib import Path
from typing import Any, cast

import daft
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from indic_persona_hub.ingest.documents import Ingest
from indic_persona_hub.ingest.sources import Source, read_pages
from indic_persona_hub.records import DOCUMENT, PAGE, content_id
from indic_persona_hub.stage import REASON, REASON_DETAIL, Workbench

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"

STORY = (
    "Kamla repairs umbrellas under the flyover at Sion. She opens at seven, before the rain, and "
    "charges forty rupees a rib. Her son wants her to rent a shop, but the pavement is where "
    "people notice that their umbrella is broken."
)
HINDI = (
    "रेखा सुबह चार बजे दूध लेकर समिति पर पहुँचती है। मशीन फैट नापती है और पर्ची देती है। उसे लगता है कि "
    "मशीन कम बताती है, इसलिए वह अपनी कॉपी में भी लिख लेती है और महीने के अंत में सचिव से मिलान करती है। "
    "उसकी बेटी यह हिसाब फोन पर जोड़ना सीख रही है।"
)
ROMANISED = (
    "Bhai log, SSC ka result aaya kya? Mera to phir se reh gaya, do number se. Ghar wale bol rahe "
    "hain ki dukaan pe baith jao, par mujhe ek aur baar try karna hai. Koi batao ki raat ki shift "
    "ke saath padhai kaise karte ho."
)
PIN_TABLE = "Pin codes of Sagar district\n" + "\n".join(
    f"|Village {n}||Banda||SAGAR||4703{n:02}|" for n in range(40)
)
PRICES = "आज का भाव\n" + "\n".join(f"टमाटर {n} 1200 1450 1300" for n in range(30))
MENU = "\n".join("Home|About us|Schemes|Tenders|Downloads|Contact|Site map|Archive".split("|") * 4)
HEADLINES = "\n".join(
    f"Ward {n} road work to finish before monsoon, says corporation | City news" for n in range(12)
)
LINKS = "\n".join(f"https://example.in/circulars/{n}.pdf Circular" for n in range(20))
NAMES = " ".join(["Ramesh Kumar Lakshmi Devi Abdul Rahim Joseph Fernandes"] * 8)
POEM = "\n".join(["चाक घूमता जाए रे भैया,", "माटी गीली, हाथ सने,", "दीये बिकें तो फीस भरूँ,"] * 5)
SPEECH = "\n".join(
    ["this sweet is made of rice flour", "it is mostly eaten when the harvest is in"] * 5
)


def page(text: str | None, number: int = 1, **cells: str | None) -> dict[str, str | None]:
    blank = dict.fromkeys(PAGE.names)
    return {**blank, "row": f"f:{number}", "text": text, "source": "own", "licence": "CC0", **cells}


def ingest(pages: list[dict[str, str | None]], **settings: Any) -> list[dict[str, Any]]:
    frame = daft.from_arrow(pa.Table.from_pylist(pages, schema=PAGE))
    out = Ingest(**settings).apply(frame, cast(Workbench, None))
    assert out.column_names == [*DOCUMENT.names, REASON, REASON_DETAIL]
    return cast("list[dict[str, Any]]", out.to_pylist())


def test_a_document_has_its_content_for_its_id() -> None:
    messy = "\ufeff" + STORY.replace(". ", ".  \u200b")
    (made,) = ingest([page(messy, title=" Umbrellas \n", url="https://e.in", source_id="7")])
    assert made == {
        "id": content_id([STORY]),
        "text": STORY,
        "title": "Umbrellas",
        "source": "own",
        "licence": "CC0",
        "url": "https://e.in",
        "source_id": "7",
        "row": "f:1",
        "language": "eng",
        "script": "Latn",
        "romanised": False,
        "reason": None,
        "reason_detail": None,
    }


@pytest.mark.parametrize(
    ("text", "settings", "reason"),
    [
        (STORY, {}, None),
        (HINDI, {}, None),
        (ROMANISED, {}, None),
        (STORY[:199], {}, "too_short"),
        (HINDI, {"min_characters": len(HINDI)}, None),
        (HINDI, {"min_characters": len(HINDI) + 1}, "too_short"),
        (STORY, {"max_characters": 100}, "too_long"),
        ("4703 ॥ 12,000 – 99%", {}, "no_letters"),
        ("", {}, "no_letters"),
        (None, {}, "no_letters"),
        (HINDI, {"languages": ["tam", "eng"]}, "language_not_wanted"),
        (HINDI, {"languages": ["Hindi"]}, None),
        (ROMANISED, {"languages": ["hin", "eng"]}, "language_not_wanted"),
        (ROMANISED, {"languages": ["hin", "romanised"]}, None),
    ],
)
def test_reasons(text: str | None, settings: dict[str, Any], reason: str | None) -> None:
    assert [row["reason"] for row in ingest([page(text)], **settings)] == [reason]


@pytest.mark.parametrize("text", [PIN_TABLE, PRICES, MENU, HEADLINES, LINKS, NAMES])
def test_pages_with_nobody_in_them(text: str) -> None:
    (made,) = ingest([page(text)], min_characters=20)
    assert made["reason"] == "no_person"
    assert made["reason_detail"]


@pytest.mark.parametrize(
    "text",
    [
        POEM,
        SPEECH,
        "Q: how to control fruit borer in brinjal\nA: spray profenophos 35 ml per pump",
        "कल से पानी नहीं आया है सब लोग टंकी पर लाइन में लगे हैं",
        PIN_TABLE[:200] + "\n" + HINDI + "\n" + STORY,
        "Rates at the yard today\n\nOnion 1,200 to 1,450. Potato 900 to 1,000. Old Sukhdeo sold "
        "his garlic at 6,000 and went home to plough, the first time in three years he is in "
        "profit.",
    ],
)
def test_pages_with_somebody_in_them(text: str) -> None:
    (made,) = ingest([page(text)], min_characters=20)
    assert (made["reason"], made["reason_detail"]) == (None, None)


@pytest.mark.parametrize(
    ("text", "stated", "language"),
    [
        (HINDI, "mr", "mar"),  # the source knows best where the script bears it out
        (HINDI, "bho", "bho"),
        (HINDI, "ta", "hin"),
        (HINDI, "klingon", "hin"),
        (ROMANISED, None, "und"),
        (ROMANISED, "Urdu", "urd"),
        (ROMANISED, "en", "und"),
        (STORY, "hi", "eng"),
        (STORY, "lus", "eng"),
        ("Ka jingiathuhkhana jong ki khun samla " * 8, "kha", "kha"),
    ],
)
def test_stated_and_identified_language(text: str, stated: str | None, language: str) -> None:
    assert ingest([page(text, stated_language=stated)])[0]["language"] == language


def test_languages_are_codes_or_names_and_nothing_else() -> None:
    assert Ingest(languages=("hi", "Odia", "romanised", "hin")).languages == (
        "hin",
        "ori",
        "romanised",
    )
    for wrong in ({"languages": ["french"]}, {"min_characters": 0}, {"colour": 1}):
        with pytest.raises(ValidationError):
            Ingest.model_validate(wrong)


texts = st.one_of(
    st.none(),
    st.text(max_size=80),
    st.sampled_from([STORY, HINDI, ROMANISED, PIN_TABLE, MENU, POEM]),
)


@settings(max_examples=10, deadline=None)
@given(st.lists(texts, min_size=1, max_size=12), st.integers(1, 12), st.randoms())
def test_every_page_comes_out_once_and_order_and_batches_change_nothing(
    given_texts: list[str | None], cut: int, chance: Any
) -> None:
    pages = [page(text, number) for number, text in enumerate(given_texts)]
    settings: dict[str, Any] = {"min_characters": 20, "languages": ["hin", "eng", "romanised"]}
    whole = ingest(pages, **settings)
    assert sorted(row["row"] for row in whole) == sorted(str(one["row"]) for one in pages)

    chance.shuffle(pages)
    parts = [part for part in (pages[:cut], pages[cut:]) if part]
    again = [row for part in parts for row in ingest(part, **settings)]
    assert sorted(map(repr, again)) == sorted(map(repr, whole))


def pages_of(path: Path, **settings: Any) -> list[dict[str, str | None]]:
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    batches = read_pages(Source(path=str(path), **settings))
    return [row for batch in batches for row in batch.pages.to_pylist()]


def test_the_corpus_of_the_project_passes_whole() -> None:
    made = ingest(pages_of(ROOT / "examples" / "corpus", kind="jsonl"))
    assert {row["id"]: row["reason_detail"] for row in made if row["reason"]} == {}


@pytest.mark.parametrize(
    ("folder", "shortest", "rows", "least", "most"),
    [
        ("government_schemes", 200, 134, 0, 0),
        ("storyweaver_pratham", 200, 200, 0, 0.02),
        ("kisan_call_centre", 20, 395, 0, 0.02),
        ("setu_web_pages", 200, 398, 0.5, 0.65),  # half of it are tables of postal codes
    ],
)
def test_shares_without_a_person_on_real_pages(
    folder: str, shortest: int, rows: int, least: float, most: float
) -> None:
    made = ingest(pages_of(SHARED / folder, kind="parquet", limit=rows), min_characters=shortest)
    share = sum(row["reason"] == "no_person" for row in made) / len(made)
    assert least <= share <= most


def test_identifiers_are_taken_out_before_any_model_sees_them() -> None:
    text = f"{STORY} Ring her on 98640 12345, or write to kamla@mail.example."
    (marked,) = ingest([page(text, title="Ask at 98640 12345")])
    assert marked["text"] == f"{STORY} Ring her on [phone], or write to [email]."
    assert marked["title"] == "Ask at [phone]"
    assert marked["id"] == content_id([marked["text"]])
    (as_given,) = ingest([page(text)], remove_identifiers=False)
    assert as_given["text"] == text
