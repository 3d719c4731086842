"""Claims files on the command line: check, schema, audit, infer, report."""

import json
import re
import signal
from pathlib import Path

import pytest

from thbstats.bounds.contradictions import ConflictSearch
from thbstats.claims import claims_schema
from thbstats.cli import main
from thbstats.publications import com_2018_777

EXAMPLE = str(Path(__file__).parents[2] / "examples" / "eurostat_2024_01.toml")
WRONG = """\
schema_version = 1

[report]
id = "made-up"
titel = "A report"

[[claim]]
id = "one"
section = "II"
paragraph = "1"
kind = "cuont"
printed = "12"
subject = "victims"
"""
OF_ALL = ["--exclude", "other-share", "--exclude", "sexual-or-labour-share"]
UNKNOWN = ["infer", EXAMPLE, "--what", "victims exploitation=unknown period=2022"]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "COLUMNS", "TERM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def wrong(tmp_path: Path) -> str:
    path = tmp_path / "wrong.toml"
    path.write_text(WRONG, encoding="utf-8")
    return str(path)


class TestCheck:
    def test_a_file_that_is_fine_is_counted(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["claims", "check", EXAMPLE]) == 0
        assert capsys.readouterr() == (f"{EXAMPLE}: 14 claims, fine\n", "")

    def test_every_problem_is_a_line_that_editors_read(
        self, capsys: pytest.CaptureFixture[str], wrong: str
    ) -> None:
        assert main(["claims", "check", wrong]) == 1
        out, err = capsys.readouterr()
        lines = [re.fullmatch(r"(.+?):(\d+):(\d+): (.+)", line) for line in out.splitlines()]
        assert [line and line.group(1, 2, 3) for line in lines] == [
            (wrong, "3", "1"),
            (wrong, "5", "1"),
            (wrong, "11", "8"),
        ]
        assert err == ""

    def test_json_has_a_version_and_every_problem(
        self, capsys: pytest.CaptureFixture[str], wrong: str
    ) -> None:
        assert main(["claims", "check", wrong, "--format", "json"]) == 1
        found = json.loads(capsys.readouterr().out)
        assert (found["schema_version"], found["file"], found["claims"]) == (1, wrong, 0)
        assert [problem["line"] for problem in found["problems"]] == [3, 5, 11]
        assert main(["claims", "check", EXAMPLE, "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out) == {
            "schema_version": 1,
            "file": EXAMPLE,
            "claims": 14,
            "problems": [],
        }

    def test_places_stand_out_on_a_terminal_alone(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, wrong: str
    ) -> None:
        main(["claims", "check", wrong])
        assert "\x1b" not in capsys.readouterr().out
        monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
        main(["claims", "check", wrong])
        assert f"\x1b[1m{wrong}:3:1\x1b[0m: report" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("none.toml", "No such file"),
            (".", "got a folder"),
            ("none", "No such file"),
        ],
    )
    def test_what_is_no_file_is_wrong_use(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, said: str
    ) -> None:
        assert main(["claims", "check", str(tmp_path / name)]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert said in err
        assert "Traceback" not in err


def test_the_schema_is_printed_as_it_is_exported(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims", "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == claims_schema()


def claims_of(counts: dict[str, tuple[str, str]]) -> str:
    """Return a claims file with counts of victims of one place and time."""
    usual = 'section = "1"\nparagraph = "1"\nkind = "count"\nsubject = "victims"\n'
    usual += 'status = "registered"\narea = "MT"\nperiod = "2020"\n'
    claims = (
        f'[[claim]]\nid = "{id}"\n{usual}printed = "{printed}"\ncategory = {codes}\n'
        for id, (printed, codes) in counts.items()
    )
    return "\n".join(['schema_version = 1\n[report]\nid = "made-up"\ntitle = "Made up"', *claims])


class TestAudit:
    def test_a_file_of_ones_own_is_audited(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["audit", EXAMPLE]) == 0
        out = " ".join(capsys.readouterr().out.split())
        assert "✗ other-share: contradicted. 1,699 of 10,093 is 16.8%, not 18%." in out
        assert "Section lead" in out
        assert "“decreased from the previous years”" in out

    def test_sections_and_claims_are_as_in_the_text(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main(["audit", "com-2018-777", "--all"])
        lines = capsys.readouterr().out.splitlines()
        headings = [line.removeprefix("Section ") for line in lines if line[:8] == "Section "]
        assert headings == list(com_2018_777().sections)
        assert max(map(len, lines)) <= 80

    @pytest.mark.parametrize(
        ("style", "start"),
        [
            ("json", '{\n  "schema_version": 1,'),
            ("html", "<!doctype html>"),
            ("markdown", "**Audit of"),
            ("text", "Audit of"),
        ],
    )
    def test_formats(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path, style: str, start: str
    ) -> None:
        assert main(["audit", EXAMPLE, "--format", style]) == 0
        printed = capsys.readouterr().out
        assert printed.startswith(start)
        ending = {"markdown": "md", "text": "txt"}.get(style, style)
        assert main(["audit", EXAMPLE, "--output", str(tmp_path / f"page.{ending}")]) == 0
        assert (tmp_path / f"page.{ending}").read_text("utf-8") == printed
        assert capsys.readouterr() == ("", "")

    def test_json_has_every_claim(self, capsys: pytest.CaptureFixture[str]) -> None:
        main(["audit", "com_2018_777", "--format", "json", "--all"])
        claims = json.loads(capsys.readouterr().out)["claims"]
        assert [claim["id"] for claim in claims] == [claim.id for claim in com_2018_777().claims]
        assert {"verdict", "message"} <= set(claims[0])

    def test_claims_that_cannot_all_be_true_are_named_and_strictness_sees_them(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        path = tmp_path / "claims.toml"
        counts = {"total": ("90", "{}"), "women": ("60", '{ sex = "female" }')}
        counts |= {
            "men": ("50", '{ sex = "male" }'),
            "girls": ("7", '{ sex = "female", age = "child" }'),
        }
        path.write_text(claims_of(counts), "utf-8")
        assert main(["audit", str(path), "--strict"]) == 1
        formatted = capsys.readouterr()
        assert "Contradictory claims: total, women, men." in formatted.out
        assert "3 issues: total, women, men" in formatted.err

    def test_what_a_time_limit_leaves_open_is_listed(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["audit", "com-2018-777", "--time-limit", "0", "--format", "json"]) == 0
        [left] = json.loads(capsys.readouterr().out)["left_open"][:1]
        assert "not compared with all others (time limit of 0 seconds)" in left
        assert "ii-victims" in left

    @pytest.mark.parametrize("seconds", ["-1", "x", "nan"])
    def test_a_time_limit_that_is_no_number_of_seconds_is_refused(
        self, seconds: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["audit", "com-2018-777", "--time-limit", seconds]) == 2
        assert "must be 0 seconds or more" in capsys.readouterr().err

    def test_ctrl_c_prints_what_was_found_and_ends_as_usual(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def press(search: ConflictSearch, effort: int) -> None:
            signal.raise_signal(signal.SIGINT)
            return sets(search, effort)

        sets = ConflictSearch.sets
        monkeypatch.setattr(ConflictSearch, "sets", press)
        before = signal.getsignal(signal.SIGINT)
        assert main(["audit", "com-2018-777"]) == 130
        formatted = capsys.readouterr()
        assert "not compared with all others (interrupted)" in " ".join(formatted.out.split())
        assert "Verdicts: " in formatted.out
        assert signal.getsignal(signal.SIGINT) is before

    def test_several_publications_and_files_are_audited_together(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["audit", "com-2016-267", EXAMPLE, "com-2018-777"]) == 0
        out = " ".join(capsys.readouterr().out.split())
        assert "Section II of COM(2018) 777 final" in out
        assert "3,129 in 2013-2014, 2,927 in 2015-2016" in out
        main(["audit", "com-2016-267", "com-2018-777", "--issues", "--format", "json"])
        found = json.loads(capsys.readouterr().out)
        assert found["publications"] == ["com_2016_267", "com_2018_777"]
        increase = found["claims"][-1]
        assert increase["id"] == "com_2018_777-iii-2-convictions-increase"
        assert increase["publication"] == "com_2018_777"
        assert increase["differences"] == ["release"]

    def test_a_table_next_to_another_file_is_refused(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        table = tmp_path / "table.csv"
        table.write_text("id,kind,numerator,denominator,printed\na,share,1,2,50%\n", "utf-8")
        assert main(["audit", EXAMPLE, str(table)]) == 2
        assert "must be the only file if it is a table of percentages" in capsys.readouterr().err

    def test_findings_alone(self, capsys: pytest.CaptureFixture[str]) -> None:
        main(["audit", EXAMPLE, "--issues", "--format", "json"])
        claims = json.loads(capsys.readouterr().out)["claims"]
        assert {claim["id"] for claim in claims} == {"victims", "other", "other-share"}

    def test_strictness_names_the_findings(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["audit", EXAMPLE, "--strict"]) == 1
        assert capsys.readouterr().err == "thbstats: 3 issues: victims, other, other-share\n"

    def test_a_file_with_problems_is_wrong_use(
        self, capsys: pytest.CaptureFixture[str], wrong: str
    ) -> None:
        assert main(["audit", wrong]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith(f"thbstats audit: {wrong} has 3 problems:\n{wrong}:3:1: report")

    def test_a_file_comes_before_a_publication_of_the_same_name(
        self,
        capsys: pytest.CaptureFixture[str],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.chdir(tmp_path)
        Path("com-2018-777").write_text(Path(EXAMPLE).read_text("utf-8"), encoding="utf-8")
        main(["audit", "com-2018-777"])
        assert "in 2022" in capsys.readouterr().out.splitlines()[0]


def test_a_report_is_written_on_a_file_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", EXAMPLE, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["publication"]["id"] == "eurostat_2024_01"


class TestInfer:
    def test_the_reference_report(self, capsys: pytest.CaptureFixture[str]) -> None:
        what = "victims area=UK exploitation=labour"
        assert main(["infer", "com-2018-777", "--what", what]) == 0
        out = capsys.readouterr().out
        assert re.search(r"labour, UK +2,666 to 2,865\n", out)
        assert "Assumed: the categories of exploitation are exclusive." in out
        assert re.search(r"UK +labour +2,666 +2,865\n", out)

    def test_a_conflict_names_the_claims(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(UNKNOWN) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert "18% in section forced labour (other-share)" in err
        assert "the constraints must be consistent" in err

    def test_json_has_both_ends_with_their_tables(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main([*UNKNOWN, *OF_ALL, "--format", "json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["schema_version"], found["lower"], found["upper"]) == (1, 390, 390)
        assert set(found["lower_table"]) == set(found["upper_table"]) == set(found["cells"])
        assert sum(found["lower_table"].values()) == 10_093
        unknown = [
            name for name, labels in found["cells"].items() if labels["exploitation"] == "unknown"
        ]
        assert sum(found["lower_table"][name] for name in unknown) == 390

    @pytest.mark.parametrize(
        ("more", "formatted"),
        [
            ([], "no information"),
            (["--bases", "sex=all"], "6,309 to 6,409"),
            (["--bases", "female-share=all"], "6,309 to 6,409"),
            (["--bases", "sex=all", "--allow-tie-either-way"], "6,309 to 6,409"),
            (["--bases", "sex=all", "--rounding", "unknown"], "6,258 to 6,459"),
            (["--bases", "sex=all", "--denominator", ""], "62.5% to 63.5%"),
            (["--bases", "sex=all", "--denominator", "area=EU27_2020"], "62.5% to 63.5%"),
            (["--bases", "sex=all", "--known", "exploitation"], "5,919 to 6,409"),
            (["--bases", "sex=all", "--overlapping", "exploitation"], "6,309 to 6,409"),
        ],
    )
    def test_options_are_those_of_the_library(
        self, capsys: pytest.CaptureFixture[str], more: list[str], formatted: str
    ) -> None:
        what = "victims sex=female period=2022 status=registered"
        assert main(["infer", EXAMPLE, "--what", what, *OF_ALL, *more]) == 0
        assert re.search(rf"  {re.escape(formatted)}\n", capsys.readouterr().out)

    def test_words_with_spaces_are_quoted(self, capsys: pytest.CaptureFixture[str]) -> None:
        what = "area='EU28 without UK' exploitation=labour"
        assert main(["infer", "com-2018-777", "--what", what]) == 0
        assert "labour, EU28 without UK" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["--what", "victims form=labour"], "--what must name a dimension, got 'form'"),
            (["--what", "victims exploitation"], "must have the form NAME=CODE"),
            (["--what", "victims area=UK area=RO"], "each name once"),
            (["--what", "victims area='UK"], "No closing quotation"),
            (["--what", "victims exploitation=lobour"], "Did you mean 'labour'"),
            (["--what", "victims base=all"], "--what must name a dimension, got 'base'"),
            (["--what", "people area=UK"], "field 'subject', value 'people'"),
            (["--what", "victims area=UK", "--base", "all"], "must be used with --denominator"),
            (["--what", "victims area=UK", "--bases", "sex"], "field 'bases'"),
            (["--what", "victims area=UK", "--denominator", "sex"], "--denominator must"),
            (["--what", "victims area=UK", "--rounding", "sideways"], "must be a rounding method"),
            (["--what", "victims area=UK", "--exclude", "nothing"], "field 'exclude'"),
            (["--what", "victims area=UK", "--allow-disclosure"], "--allow-disclosure must"),
            ([], "the following arguments are required: --what"),
        ],
    )
    def test_wrong_use_is_told(
        self, capsys: pytest.CaptureFixture[str], options: list[str], said: str
    ) -> None:
        assert main(["infer", "com-2018-777", *options]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert said in err
        assert "Traceback" not in err


class TestInferFromATable:
    @pytest.fixture
    def table(self, tmp_path: Path) -> str:
        path = tmp_path / "table.csv"
        path.write_text(
            "area,period,sex,value,lower,upper,reason\n"
            "FR,2020,total,100,100,100,\n"
            "FR,2020,male,97,97,97,\n"
            "FR,2020,female,,0,4,fewer_than\n",
            encoding="utf-8",
        )
        return str(path)

    def test_a_hidden_count_is_what_its_source_says(
        self, capsys: pytest.CaptureFixture[str], table: str
    ) -> None:
        assert main(["infer", table, "--what", "victims sex=female"]) == 0
        out = capsys.readouterr().out
        assert out.startswith("table.csv: inferred numbers\n")
        assert re.search(r"female, FR +0 to 4\n", out)
        assert "Two tables" not in out  # they would show it

    def test_it_is_narrowed_when_that_is_asked_for_and_warned_of(
        self, capsys: pytest.CaptureFixture[str], table: str
    ) -> None:
        assert main(["infer", table, "--what", "victims sex=female", "--allow-disclosure"]) == 0
        out = capsys.readouterr().out
        assert re.search(r"female, FR +0 to 3\n", out)
        assert "DISCLOSURE" in out

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["--what", "people area=FR"], "must be a kind of table"),
            (["--what", "justice area=FR"], "field 'stage'"),
            (
                ["--what", "victims sex=female", "--allow-tie-either-way"],
                "must not be used with a file of counts",
            ),
            (["--what", "victims sex=female", "--denominator", ""], "field 'denominator'"),
        ],
    )
    def test_what_only_claims_have_is_refused(
        self, capsys: pytest.CaptureFixture[str], table: str, options: list[str], said: str
    ) -> None:
        assert main(["infer", table, *options]) == 2
        assert said in capsys.readouterr().err
