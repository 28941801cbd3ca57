"""Search: words of any script, phrases, filters, and an index that is never stale or half made."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indic_persona_hub.errors import HubError, StorageError
from indic_persona_hub.explore.search import CACHE_VARIABLE, build_index, fold, rows, search
from indic_persona_hub.records import ATTRIBUTE_EVIDENCE, PERSONA, VERDICT

NURSE = "A nurse in Kochi works night shifts at the district hospital."
TEACHER = "A retired school-teacher in Jaipur who teaches girls to code."
WEAVER = "தறி நெய்யும் நெசவாளர் ஒருவர் காஞ்சிபுரத்தில் வாழ்கிறார்."
FARMER = "नाशिक की एक किसान, जो हर दिन काम पर ज़मीन नापती है।"


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv(CACHE_VARIABLE, str(folder))
        yield folder


def write(file: Path, rows: list[dict[str, Any]], schema: pa.Schema | None = None) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema), file, write_page_checksum=True)


def release(
    folder: Path, personas: Iterable[str | Mapping[str, Any]], detailed: bool = True
) -> Path:
    """A release whose persona `n` has the id `p<n>`."""
    given = [{"persona": one} if isinstance(one, str) else one for one in personas]
    full = [{"id": f"p{n}", "domain": "work", **one} for n, one in enumerate(given)]
    compact = pa.schema([(name, pa.string()) for name in ("id", "persona", "domain")])
    write(folder / "data" / "train-00000-of-00001.parquet", full, compact)
    if detailed:
        lines = folder / "detailed" / "personas-00000-of-00001.jsonl"
        lines.parent.mkdir(exist_ok=True)
        lines.write_text("".join(json.dumps(one) + "\n" for one in full), encoding="utf-8")
    return folder


def ids(path: Path, query: str, **more: Any) -> list[str]:
    return [hit.id for hit in search(path, query, **more)]


class TestWords:
    """What a query of words finds, in which order."""

    def test_a_hit_shows_the_whole_record(self, tmp_path: Path) -> None:
        stated = {"state": {"value": "Kerala", "words": "Kochi", "origin": "rule"}}
        row = {"persona": NURSE, "language": "eng", "confidence_score": 0.75, "attributes": stated}
        (hit,) = search(release(tmp_path / "r", [row, TEACHER]), "hospital nurse")
        assert (hit.id, hit.persona, hit.domain) == ("p0", NURSE, "work")
        assert hit.score > 0
        assert hit.record["confidence_score"] == 0.75
        assert hit.record["state"] == "Kerala"
        assert hit.record["district"] is None
        assert hit.record["attributes"] == stated

    def test_more_of_the_words_rank_higher_but_one_is_enough(self, tmp_path: Path) -> None:
        texts = ["a weaver of silk", "a silk weaver of Kanchipuram", "a potter of Kutch"]
        assert ids(release(tmp_path / "r", texts), "Kanchipuram silk weaver") == ["p1", "p0"]

    @pytest.mark.parametrize(
        "query", ["nurses", "NURSE", "working nights", "Nurse's", "ｎｕｒｓｅ", "Kóchi"]
    )
    def test_case_accents_and_english_endings_do_not_count(
        self, tmp_path: Path, query: str
    ) -> None:
        assert ids(release(tmp_path / "r", [TEACHER, NURSE]), query) == ["p1"]

    def test_words_that_are_nowhere_find_nothing(self, tmp_path: Path) -> None:
        assert search(release(tmp_path / "r", [NURSE, WEAVER]), "beekeeper") == []

    @pytest.mark.parametrize("query", ["", "   ", "!?", '""', "-"])
    def test_no_words_and_no_filter_find_nothing(self, tmp_path: Path, query: str) -> None:
        assert search(release(tmp_path / "r", [NURSE]), query) == []

    def test_k_bounds_the_answer(self, tmp_path: Path) -> None:
        path = release(tmp_path / "r", [f"a nurse of ward {n}" for n in range(9)])
        assert len(search(path, "nurse", k=4)) == 4
        assert len(search(path, "nurse", k=10**12)) == 9
        with pytest.raises(HubError, match="0 personas"):
            search(path, "nurse", k=0)

    def test_equals_come_in_file_order(self, tmp_path: Path) -> None:
        path = release(tmp_path / "r", ["a nurse", "a nurse at night", *["a nurse"] * 30])
        assert ids(path, "nurse", k=4) == ["p0", "p2", "p3", "p4"]

    def test_a_release_of_nothing_answers_nothing(self, tmp_path: Path) -> None:
        assert search(release(tmp_path / "r", []), "nurse") == []


class TestIndicWords:
    """Words are whole: not cut at vowel signs, virama or joiners; spellings of one word meet."""

    #: A text, and a word in it that tokenizers made for English cut in pieces.
    TEXTS = (
        ("पटना की एक हिन्दी शिक्षिका जो बच्चों को पढ़ाती हैं।", "हिन्दी"),
        ("लखनऊ की क्षत्रिय विद्यार्थी संस्कृत पढ़ती है", "विद्यार्थी"),
        ("पुणे येथील शेतकरी महिला बचत गट चालवते.", "शेतकरी"),
        ("மதுரையில் வாழும் ஆசிரியர் தமிழ் கற்பிக்கிறார்.", "ஆசிரியர்"),
        ("கோயம்புத்தூர் நெசவாளர் பருத்தி நெய்கிறார்", "நெசவாளர்"),
        ("హైదరాబాద్‌లో ఉపాధ్యాయుడు గణితం బోధిస్తాడు.", "ఉపాధ్యాయుడు"),
        ("చేనేత కార్మికుడు చీరలు నేస్తాడు", "కార్మికుడు"),
        ("কলকাতার একজন শিক্ষক যিনি বাংলা পড়ান।", "শিক্ষক"),
        ("সুন্দরবনের মৎস্যজীবী ভোরে নদীতে যান", "মৎস্যজীবী"),
        ("অসমৰ এজন কৃষকে চাহ বাগিচাত কাম কৰে", "বাগিচাত"),
        ("കൊച്ചിയിലെ അധ്യാപകൻ മലയാളം പഠിപ്പിക്കുന്നു.", "അധ്യാപകൻ"),
        ("മത്സ്യത്തൊഴിലാളി കടലിൽ പോകുന്നു", "മത്സ്യത്തൊഴിലാളി"),
        ("ਲੁਧਿਆਣਾ ਦਾ ਕਿਸਾਨ ਕਣਕ ਬੀਜਦਾ ਹੈ।", "ਕਿਸਾਨ"),
        ("ਅੰਮ੍ਰਿਤਸਰ ਦੀ ਅਧਿਆਪਕਾ ਪੰਜਾਬੀ ਪੜ੍ਹਾਉਂਦੀ ਹੈ", "ਪੰਜਾਬੀ"),
        ("କଟକର ଜଣେ ଶିକ୍ଷକ ଓଡ଼ିଆ ପଢ଼ାନ୍ତି।", "ଶିକ୍ଷକ"),
        ("ସମ୍ବଲପୁରର ବୁଣାକାର ଶାଢ଼ୀ ବୁଣନ୍ତି", "ବୁଣାକାର"),
        ("ಮೈಸೂರಿನ ಶಿಕ್ಷಕ ಕನ್ನಡ ಕಲಿಸುತ್ತಾರೆ.", "ಕಲಿಸುತ್ತಾರೆ"),
        ("ಬೆಂಗಳೂರಿನ ವಿದ್ಯಾರ್ಥಿ ಕಂಪ್ಯೂಟರ್ ಓದುತ್ತಾನೆ", "ವಿದ್ಯಾರ್ಥಿ"),
        ("સુરતનો વેપારી હીરા ઘસે છે.", "વેપારી"),
        ("અમદાવાદની શિક્ષિકા ગુજરાતી ભણાવે છે", "શિક્ષિકા"),
        ("لکھنؤ کا ایک اُستاد اردو پڑھاتا ہے۔", "اُستاد"),
        ("حیدرآباد کی طالبہ طب پڑھتی ہے", "طالبہ"),
    )

    @pytest.fixture(scope="class")
    @classmethod
    def path(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return release(tmp_path_factory.mktemp("indic"), [text for text, _ in cls.TEXTS])

    @pytest.mark.parametrize("number", range(len(TEXTS)), ids=[word for _, word in TEXTS])
    def test_a_word_finds_the_text_that_has_it_and_no_other(self, path: Path, number: int) -> None:
        assert ids(path, self.TEXTS[number][1]) == [f"p{number}"]

    @pytest.mark.parametrize("letter", "हनदकसथஆரయడশকমയਸਜଶଣಕರપવلط")
    def test_a_single_letter_of_a_word_finds_nothing(self, path: Path, letter: str) -> None:
        assert ids(path, letter) == []

    @pytest.mark.parametrize(("asked", "other"), [("कम", "काम"), ("दीन", "दिन"), ("कल", "काल")])
    def test_another_vowel_sign_is_another_word(
        self, tmp_path: Path, asked: str, other: str
    ) -> None:
        assert ids(release(tmp_path / "r", [f"वह {other} है"]), asked) == []

    @pytest.mark.parametrize(
        ("written", "asked"),
        [
            ("पढ़ाती", "पढ\u093cाती"),  # one code point, or letter and nukta
            ("ज़िला", "जिला"),  # nukta left out
            ("ଓଡ଼ିଆ", "ଓଡିଆ"),
            ("கொடை", "க\u0bc6\u0bbeடை"),  # a vowel sign in two parts
            ("কোন", "ক\u09c7\u09beন"),
            ("അധ്യാപകൻ", "അധ്യാപകന\u0d4d\u200d"),  # chillu as letter, virama and joiner
            ("উৎসব", "উত\u09cd\u200dসব"),  # khanda ta likewise
            ("നഴ്\u200cസ്", "നഴ്സ്"),  # joiners left out
            ("हिन्\u200dदी", "हिन्दी"),
            ("اُستاد", "استاد"),  # vowel marks left out
            ("کسان", "كسان"),  # an Arabic keyboard's kaf, heh and yeh
            ("طالبہ کی", "طالبه كي"),
            ("१२ ২৩ ௩", "12 23 3"),
        ],
    )
    def test_two_spellings_of_one_word_meet(self, tmp_path: Path, written: str, asked: str) -> None:
        assert fold(written) == fold(asked)
        assert ids(release(tmp_path / "r", [NURSE, f"({written})।"]), f'"{asked}"') == ["p1"]


class TestPhrases:
    """Words in double quotes must be there, in that order."""

    def test_a_phrase_must_be_there_in_order(self, tmp_path: Path) -> None:
        texts = ["runs a night school", "a school open at night", "sleeps at night"]
        path = release(tmp_path / "r", texts)
        assert ids(path, '"night school"') == ["p0"]
        assert ids(path, "“night school”") == ["p0"]
        assert set(ids(path, "night school")) == {"p0", "p1", "p2"}

    def test_a_quoted_word_must_be_there_and_the_others_rank(self, tmp_path: Path) -> None:
        path = release(tmp_path / "r", ["weaver in Bihar", "potter in Assam", "potter in Bihar"])
        assert ids(path, '"potter" Bihar') == ["p2", "p1"]

    def test_an_indic_phrase(self, tmp_path: Path) -> None:
        path = release(tmp_path / "r", [FARMER, "किसान एक है"])
        assert ids(path, '"एक किसान"') == ["p0"]

    def test_a_quote_that_does_not_close_is_no_phrase(self, tmp_path: Path) -> None:
        assert ids(release(tmp_path / "r", [NURSE, TEACHER]), 'nurse "night loom') == ["p0"]


class TestFilters:
    """Columns are asked by equality, whatever the case; attributes by their own name."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        def row(text: str, state: str | None, language: str, **more: Any) -> dict[str, Any]:
            attributes = {"state": {"value": state, "words": None, "origin": "rule"}}
            stated = attributes if state else {}
            return {"persona": text, "language": language, "attributes": stated, **more}

        personas = [
            row(NURSE, "Kerala", "eng", synth_method="persona_to_persona", round=1),
            row(TEACHER, "Rajasthan", "eng", synth_method="text_to_persona", round=0),
            row(WEAVER, "Tamil Nadu", "tam", synth_method="text_to_persona", round=0),
            row(FARMER, None, "hin", synth_method="text_to_persona", confidence_score=0.5),
        ]
        return release(tmp_path / "r", personas)

    def test_a_filter_holds_whatever_the_words(self, path: Path) -> None:
        assert ids(path, "nurse teacher", where={"state": "rajasthan"}) == ["p1"]
        assert ids(path, "nurse", where={"state": "Rajasthan"}) == []

    def test_all_filters_must_hold(self, path: Path) -> None:
        asked = {"language": "ENG", "synth_method": "text_to_persona", "round": "0"}
        assert ids(path, "", where=asked) == ["p1"]

    def test_filters_alone_give_file_order(self, path: Path) -> None:
        assert ids(path, "", where={"domain": "Work"}) == ["p0", "p1", "p2", "p3"]
        assert [hit.score for hit in search(path, "", where={"domain": "work"})] == [0.0] * 4

    def test_a_filter_does_not_change_the_score(self, path: Path) -> None:
        (plain,) = search(path, "nurse")
        (filtered,) = search(path, "nurse", where={"state": "Kerala"})
        assert plain.score == filtered.score

    def test_a_value_is_a_whole_value(self, path: Path) -> None:
        assert ids(path, "", where={"state": "Tamil"}) == []
        assert ids(path, "", where={"state": " tamil  NADU "}) == ["p2"]

    def test_an_attribute_that_nobody_states_matches_nobody(self, path: Path) -> None:
        assert ids(path, "", where={"district": "Patna"}) == []

    def test_an_unknown_column_names_the_nearest(self, path: Path) -> None:
        with pytest.raises(HubError, match=r"no column `stat`.*Did you mean `state`"):
            search(path, "nurse", where={"stat": "Kerala"})

    def test_a_column_like_no_other_gets_them_all_listed(self, path: Path) -> None:
        with pytest.raises(HubError, match=r"There are: .*domain.*language.*state"):
            search(path, "nurse", where={"zzzz": "1"})

    def test_a_score_is_no_column_to_filter_on(self, path: Path) -> None:
        with pytest.raises(HubError, match="confidence_score"):
            search(path, "", where={"confidence_score": "0.5"})


class TestAnyText:
    """No text is the engine's syntax, as query or as persona."""

    @pytest.fixture(scope="class")
    @classmethod
    def path(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return release(tmp_path_factory.mktemp("any"), [NURSE, TEACHER, WEAVER, FARMER])

    @pytest.mark.parametrize(
        "query",
        [
            "foo:bar AND (",
            '"',
            '"""',
            "id:p1 OR *",
            "nurse^9 -teacher +[a TO z]",
            "where:x; DROP TABLE",
            "\\ / ~ ? *",
            "\x00\ud800 nurse",
            "nurse " * 50_000,
            "x" * 100_000,
            " ".join(map(str, range(5_000))),
        ],
        ids=range(11),
    )
    def test_hostile_queries_are_words_or_nothing(self, path: Path, query: str) -> None:
        expected = ["p0"] if "nurse" in query else []
        assert [one for one in ids(path, query) if one == "p0"] == expected

    def test_operators_are_plain_words(self, path: Path) -> None:
        assert ids(path, "-teacher NOT jaipur") == ["p1"]

    @settings(deadline=None, max_examples=150)
    @given(query=st.text() | st.text('"“”ab *:(न्கி\u200d'), k=st.integers(1, 9))
    def test_any_query_is_answered_with_personas_that_exist(
        self, path: Path, query: str, k: int
    ) -> None:
        found = ids(path, query, k=k)
        assert set(found) <= {"p0", "p1", "p2", "p3"}
        assert len(found) == len(set(found)) <= k

    @settings(deadline=None, max_examples=40)
    @given(
        texts=st.lists(
            st.text(st.characters(categories=("L", "N"))) | st.text('ab "“नि்க\u200d', min_size=1),
            min_size=1,
            max_size=6,
        )
    )
    def test_a_persona_is_the_best_answer_to_its_own_text(
        self, tmp_path_factory: pytest.TempPathFactory, texts: list[str]
    ) -> None:
        path = release(tmp_path_factory.mktemp("own"), [f"{text} x" for text in texts])
        for number, text in enumerate(texts):
            hits = search(path, f"{text} x", k=6)
            own = next(hit for hit in hits if hit.id == f"p{number}")
            assert own.score == hits[0].score

    def test_text_that_repeats_the_words_does_not_overtake_the_text_itself(
        self, tmp_path: Path
    ) -> None:
        path = release(tmp_path / "r", ["silk loom " * 20, "silk loom", "pot " * 90])
        assert ids(path, "Silk  loom")[0] == "p1"

    def test_lone_surrogates_come_back_as_they_were(self, tmp_path: Path) -> None:
        folder = release(tmp_path / "r", [NURSE])
        line = json.dumps({"id": "p0", "domain": "work", "persona": "a nurse \ud800"})
        (folder / "detailed" / "personas-00000-of-00001.jsonl").write_text(line + "\n")
        assert [hit.persona for hit in search(folder, "nurse")] == ["a nurse \ud800"]


class TestIndex:
    """The index is a cache: whole, of the files as they are, and never in a release."""

    def test_a_release_stays_as_it_was_published(self, tmp_path: Path, cache: Path) -> None:
        path = release(tmp_path / "r", [NURSE])
        before = sorted(path.rglob("*"))
        assert build_index(path).is_relative_to(cache)
        assert sorted(path.rglob("*")) == before

    def test_it_is_built_once(self, tmp_path: Path) -> None:
        path = release(tmp_path / "r", [NURSE])
        first = build_index(path).stat()
        assert build_index(path).stat().st_ino == first.st_ino

    def test_changed_files_are_indexed_anew_and_the_old_index_goes(self, tmp_path: Path) -> None:
        path = release(tmp_path / "r", [NURSE])
        old = build_index(path)
        assert ids(path, "teacher") == []
        release(path, [NURSE, TEACHER])
        assert ids(path, "teacher") == ["p1"]
        assert not old.exists()

    def test_a_change_that_keeps_every_size_is_seen(self, tmp_path: Path) -> None:
        path = release(tmp_path / "r", ["a nurse in Pune"])
        assert ids(path, "nurse") == ["p0"]
        release(path, ["a tutor in Pune"])
        assert ids(path, "nurse") == []

    def test_what_a_crash_left_is_swept_away(self, tmp_path: Path) -> None:
        path = release(tmp_path / "r", [NURSE])
        home = build_index(path).parent
        (home / "building").mkdir()
        (home / "building" / "meta.json").write_text("{")
        release(path, [TEACHER])
        assert ids(path, "teacher") == ["p0"]
        assert not (home / "building").exists()

    def test_two_processes_at_once_both_get_their_answer(self, tmp_path: Path) -> None:
        path = release(tmp_path / "r", [f"{NURSE} Ward {n}." for n in range(3000)])
        code = (
            "import sys; from pathlib import Path; from indic_persona_hub.explore.search import *;"
            "print(len(search(Path(sys.argv[1]), 'ward', k=3000)))"
        )
        command = [sys.executable, "-c", code, str(path)]
        both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        assert [one.communicate()[0].strip() for one in both] == ["3000", "3000"]
        assert len(list(build_index(path).parent.glob("*/"))) == 1

    def test_a_damaged_index_says_its_cure(self, tmp_path: Path) -> None:
        path = release(tmp_path / "r", [NURSE])
        index = build_index(path)
        for file in index.glob("*.term"):
            file.unlink()  # not cut in place: this process has it mapped
            file.write_bytes(b"")
        code = (
            "import sys; from pathlib import Path; from indic_persona_hub.explore.search import *;"
        )
        code += "search(Path(sys.argv[1]), 'nurse')"  # a new process: this one has it open
        command = [sys.executable, "-c", code, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "StorageError" in done.stderr
        assert f"delete {index}" in done.stderr

    @pytest.mark.parametrize("damage", ['{"id": "p0"', '{"id": "p0"}', "[]", '{"persona": null}'])
    def test_a_damaged_file_is_named(self, tmp_path: Path, damage: str) -> None:
        path = release(tmp_path / "r", [NURSE])
        (path / "detailed" / "personas-00000-of-00001.jsonl").write_text(damage)
        with pytest.raises(StorageError, match="cannot be indexed"):
            search(path, "nurse")

    def test_a_flipped_bit_is_an_error_and_not_another_word(self, tmp_path: Path) -> None:
        path = release(tmp_path / "r", [], detailed=False)
        file = next(path.glob("data/*"))
        table = pa.table({"id": ["p0"], "persona": [NURSE], "domain": ["work"]})
        options = {"compression": "none", "use_dictionary": False, "write_page_checksum": True}
        pq.write_table(table, file, **options, write_statistics=False)
        file.write_bytes(file.read_bytes().replace(b"nurse", b"norse"))
        with pytest.raises(StorageError, match="CRC"):
            search(path, "norse")

    def test_compact_files_do_where_there_are_no_detailed_ones(self, tmp_path: Path) -> None:
        path = release(tmp_path / "r", [NURSE, FARMER], detailed=False)
        (hit,) = search(path, "किसान", where={"domain": "work"})
        assert (hit.id, hit.record) == ("p1", {})

    def test_another_folder_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(HubError, match="neither a release"):
            search(tmp_path, "nurse")

    def test_importing_it_loads_no_engine(self) -> None:
        code = (
            "import sys, indic_persona_hub.explore.search;"
            "print({'tantivy', 'pyarrow', 'numpy', 'daft'} & set(sys.modules))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert done.stdout.strip() == "set()"


class TestHub:
    """Of a hub the kept personas are searched, with their verdicts and attributes."""

    @pytest.fixture
    def hub(self, tmp_path: Path) -> Path:
        def persona(name: str, text: str, **more: Any) -> dict[str, Any]:
            return {"id": name, "persona": text, "language": "eng", **more}

        def verdict(name: str, kept: bool, domain: str | None) -> dict[str, Any]:
            reason = None if kept else "judge:hedging"
            return {"id": name, "kept": kept, "reason": reason, "domain": domain}

        def stated(name: str, state: str | None) -> dict[str, Any]:
            value = {"value": state, "words": state, "origin": "rule"} if state else None
            return {"id": name, "state": value}

        tables = {
            "slice-000-round-0": [persona("a", NURSE), persona("b", f"{NURSE} Perhaps.")],
            "slice-000-round-1": [persona("c", f"{TEACHER} She was a nurse.", parent_id="a")],
            "slice-001-round-0": [persona("d", FARMER)],
            "slice-002-round-0": [persona("e", "a nurse of a slice not yet judged")],
        }
        for name, personas in tables.items():
            write(tmp_path / "personas" / f"{name}.parquet", personas, PERSONA)
        states = [stated("a", "Kerala"), stated("b", "Kerala")]
        write(
            tmp_path / "evidence/attributes/slice-000-round-0.parquet", states, ATTRIBUTE_EVIDENCE
        )
        first = [verdict("a", True, "health"), verdict("b", False, None), verdict("c", True, None)]
        write(tmp_path / "verdicts" / "slice-000.parquet", first, VERDICT)
        write(tmp_path / "verdicts" / "slice-001.parquet", [verdict("d", True, "farms")], VERDICT)
        return tmp_path

    def test_only_kept_personas_are_found(self, hub: Path) -> None:
        assert ids(hub, "nurse") == ["a", "c"]
        assert [row["id"] for row in rows(hub)] == ["a", "c", "d"]

    def test_a_hit_has_its_verdict_and_attributes(self, hub: Path) -> None:
        (hit,) = search(hub, "", where={"state": "kerala"})
        assert (hit.id, hit.domain, hit.record["state"]) == ("a", "health", "Kerala")
        assert hit.record["attributes"]["state"]["words"] == "Kerala"
        assert not {"kept", "reason"} & set(hit.record)

    def test_lineage_can_be_asked(self, hub: Path) -> None:
        assert ids(hub, "", where={"parent_id": "a"}) == ["c"]

    def test_a_persona_without_a_domain_has_none(self, hub: Path) -> None:
        assert [hit.domain for hit in search(hub, "teacher")] == [""]

    def test_the_index_lies_in_the_hub(self, hub: Path) -> None:
        assert build_index(hub).parent == hub / "index"

    def test_new_verdicts_are_seen(self, hub: Path) -> None:
        assert ids(hub, "perhaps") == []
        kept = {"id": "b", "kept": True, "reason": None, "domain": "health"}
        write(hub / "verdicts" / "slice-000.parquet", [kept], VERDICT)
        assert ids(hub, "perhaps") == ["b"]
        assert ids(hub, "teacher") == []
