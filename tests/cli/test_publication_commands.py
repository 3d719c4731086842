"""The commands claims, audit and infer."""

import gzip
import json
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import Run
from thbstats.bounds.system import ConflictSearch
from thbstats.claims import claims_schema
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
TABLE = """\
id,kind,numerator,denominator,printed,new,old,known,group,rank
sexual,share,9759,20532,56%,,,17400,,
convicted,change,,,+54.9%,2517,1295,,,
in their place,change,6163,5979,+3.1%,,,,,
one,share,1,3,33,,,,thirds,1
two,share,2,3,67,,,,thirds,1
"""
SUPPRESSED = """\
area,period,sex,value,lower,upper,reason
FR,2020,total,100,100,100,
FR,2020,male,97,97,97,
FR,2020,female,,0,4,fewer_than
"""
OF_ALL = ["--exclude", "other-share", "--exclude", "sexual-or-labour-share"]
UNKNOWN = ["infer", EXAMPLE, "--what", "victims exploitation=unknown period=2022"]


@pytest.fixture
def wrong(tmp_path: Path) -> str:
    path = tmp_path / "wrong.toml"
    path.write_text(WRONG, encoding="utf-8")
    return str(path)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "figures.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


# claims


def test_claims_of_a_valid_file_are_counted(run: Run):
    outcome = run("claims", "check", EXAMPLE)
    assert (outcome.out, outcome.err) == (f"{EXAMPLE}: 14 claims, no problems\n", "")
    assert json.loads(run("claims", "check", EXAMPLE, "--format", "json").out) == {
        "schema_version": 1,
        "file": EXAMPLE,
        "claims": 14,
        "problems": [],
    }


def test_every_problem_of_claims_has_its_line(
    run: Run, on_terminal: Callable[[], None], wrong: str
):
    outcome = run("claims", "check", wrong, status=1)
    lines = [re.fullmatch(r"(.+?):(\d+):(\d+): (.+)", line) for line in outcome.out.splitlines()]
    assert [line and line.group(1, 2, 3) for line in lines] == [
        (wrong, "3", "1"),
        (wrong, "5", "1"),
        (wrong, "11", "8"),
    ]
    assert outcome.err == ""
    data = json.loads(run("claims", "check", wrong, "--format", "json", status=1).out)
    assert (data["schema_version"], data["file"], data["claims"]) == (1, wrong, 0)
    assert [problem["line"] for problem in data["problems"]] == [3, 5, 11]
    on_terminal()
    out = run("claims", "check", wrong, status=1).out
    assert f"\x1b[1m{wrong}:3:1\x1b[0m: report" in out


def test_schema_of_claims_is_printed(run: Run):
    assert json.loads(run("claims", "schema").out) == claims_schema()


# audit


def test_audit_lists_claims_and_counts_other_statements(run: Run):
    out = run("audit", "com-2018-777").out
    assert "106 qualitative statements not listed" in out
    assert "iv-1-" not in out
    assert "ii-1-other-share" in out
    assert max(map(len, out.splitlines())) <= 80
    lines = run("audit", "com-2018-777", "--all").out.splitlines()
    assert "not shown" not in "\n".join(lines)
    assert "iv-1-" in "\n".join(lines)
    headings = [line.removeprefix("Section ") for line in lines if line[:8] == "Section "]
    assert headings == list(com_2018_777().sections)
    assert max(map(len, lines)) <= 80
    for options, number in (([], 41), (["--all"], 147)):
        data = json.loads(run("audit", "com-2018-777", "--format", "json", *options).out)
        assert (len(data["claims"]), data["not_shown"]) == (number, 147 - number)


def test_claims_file_is_audited(run: Run):
    out = run("audit", EXAMPLE).words
    assert "✗ other-share: contradicted. 1,699 of 10,093 is 16.8%, not 18%." in out
    assert "Section lead" in out
    assert "“decreased from the previous years”" in out
    publication = json.loads(run("report", EXAMPLE, "--format", "json").out)["publication"]
    assert publication["id"] == "eurostat_2024_01"


@pytest.mark.parametrize(
    ("form", "extension", "start"),
    [
        ("json", "json", '{\n  "schema_version": 1,'),
        ("html", "html", "<!doctype html>"),
        ("markdown", "md", "**Audit of"),
        ("text", "txt", "Audit of"),
    ],
)
def test_audit_is_the_same_in_a_file(
    run: Run, tmp_path: Path, form: str, extension: str, start: str
):
    out = run("audit", EXAMPLE, "--format", form).out
    assert out.startswith(start)
    path = tmp_path / f"page.{extension}"
    outcome = run("audit", EXAMPLE, "--output", path)
    assert path.read_text("utf-8") == out
    assert (outcome.out, outcome.err) == (f"Wrote {path}\n", "")


def test_strict_audit_names_contradictory_claims(run: Run, tmp_path: Path):
    usual = 'section = "1"\nparagraph = "1"\nkind = "count"\nsubject = "victims"\n'
    usual += 'status = "registered"\narea = "MT"\nperiod = "2020"\n'
    counts = {
        "total": ("90", "{}"),
        "women": ("60", '{ sex = "female" }'),
        "men": ("50", '{ sex = "male" }'),
        "girls": ("7", '{ sex = "female", age = "child" }'),
    }
    claims = (
        f'[[claim]]\nid = "{name}"\n{usual}printed = "{printed}"\ncategory = {codes}\n'
        for name, (printed, codes) in counts.items()
    )
    path = tmp_path / "claims.toml"
    head = 'schema_version = 1\n[report]\nid = "made-up"\ntitle = "Made up"'
    path.write_text("\n".join([head, *claims]), "utf-8")
    outcome = run("audit", path, "--strict", status=1)
    assert "Contradictory claims: total, women, men." in outcome.out
    assert "3 issues: total, women, men" in outcome.err


def test_issues_of_an_audit(run: Run):
    claims = json.loads(run("audit", EXAMPLE, "--issues", "--format", "json").out)["claims"]
    assert {claim["id"] for claim in claims} == {"victims", "other", "other-share"}
    err = run("audit", EXAMPLE, "--strict", status=1).err
    assert err == "thbstats: 3 issues: victims, other, other-share\n"


def test_time_limit_leaves_claims_open(run: Run):
    out = run("audit", "com-2018-777", "--time-limit", "0", "--format", "json").out
    first, *_ = json.loads(out)["left_open"]
    assert "not compared with all others (time limit of 0 seconds)" in first
    assert "ii-victims" in first


def test_time_limit_of_a_report_is_listed(run: Run):
    data = json.loads(run("report", EXAMPLE, "--time-limit", "0", "--format", "json").out)
    assert "time limit of 0 seconds" in json.dumps(data)


def test_a_check_that_did_not_end_has_the_exit_code_3_under_strict(run: Run):
    """The status is 1 with an issue, as the reference report has, and 3 without one."""
    options = ("--time-limit", "0", "--strict")
    err = run("audit", "eurostat-2014", *options, status=3).err
    assert err.startswith("thbstats: not everything was checked: 7 claims")
    run("audit", "eurostat-2014", "--strict")
    run("audit", "com-2018-777", *options, status=1)


def test_ctrl_c_prints_the_finished_part_of_an_audit(run: Run, monkeypatch: pytest.MonkeyPatch):
    sets = ConflictSearch.sets

    def press(search: ConflictSearch, effort: int) -> None:
        signal.raise_signal(signal.SIGINT)
        return sets(search, effort)

    monkeypatch.setattr(ConflictSearch, "sets", press)
    before = signal.getsignal(signal.SIGINT)
    outcome = run("audit", "com-2018-777", status=130)
    assert "not compared with all others (interrupted)" in outcome.words
    assert "Verdicts: " in outcome.out
    assert signal.getsignal(signal.SIGINT) is before


def test_several_publications_are_audited_together(run: Run):
    out = run("audit", "com-2016-267", EXAMPLE, "com-2018-777").words
    assert "Section II of COM(2018) 777 final" in out
    assert "3,129 in 2013-2014, 2,927 in 2015-2016" in out
    names = ["com-2016-267", "com-2018-777"]
    data = json.loads(run("audit", *names, "--issues", "--format", "json").out)
    assert data["publications"] == ["com_2016_267", "com_2018_777"]
    increase = data["claims"][-1]
    assert increase["id"] == "com_2018_777-iii-2-convictions-increase"
    assert increase["publication"] == "com_2018_777"
    assert increase["differences"] == ["release"]


def test_file_with_problems_is_wrong_use(run: Run, wrong: str):
    outcome = run("audit", wrong, status=2)
    assert outcome.out == ""
    assert outcome.err.startswith(f"thbstats audit: {wrong} has 3 problems:\n{wrong}:3:1: report")


def test_file_takes_precedence_over_a_publication(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    Path("com-2018-777").write_text(Path(EXAMPLE).read_text("utf-8"), encoding="utf-8")
    assert "in 2022" in run("audit", "com-2018-777").out.splitlines()[0]


# audit of a table of percentages


def test_json_of_a_table_has_a_verdict_per_row(run: Run, table: Path):
    rows = {row["id"]: row for row in json.loads(run("audit", table, "--format", "json").out)}
    assert {name: row["verdict"] for name, row in rows.items()} == {
        "sexual": "contradicted",
        "convicted": "contradicted",
        "in their place": "confirmed",
        "one": "confirmed",
        "two": "confirmed",
        "thirds: parts": "confirmed",
        "thirds: percentages": "consistent",
        "thirds: ranks": "contradicted",
    }
    assert rows["sexual"]["message"].startswith("9,759 of 20,532 is 47.5%, not 56%.")
    assert rows["sexual"]["bases"] == ["known"]


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        ([], ["Audit of figures.csv", "✗ contradicted", "Groups"]),
        (["--format", "html"], ["<!doctype html>"]),
        (["--format", "markdown"], ["|"]),
    ],
)
def test_audit_of_a_table_is_printed(run: Run, table: Path, options: list[str], texts: list[str]):
    out = run("audit", table, *options).words
    assert [text for text in texts if text not in out] == []


def test_strict_audit_of_a_table_names_contradicted_and_unread_rows(
    run: Run, tmp_path: Path, table: Path
):
    outcome = run("audit", table, "--strict", "--issues", status=1)
    assert outcome.err == "thbstats: 3 issues: sexual, convicted, thirds: ranks\n"
    assert "in their place" not in outcome.out
    path = tmp_path / "other.csv"
    path.write_text("numerator,denominator,printed\n1,2,50\n", encoding="utf-8")
    run("audit", path, "--strict")
    path.write_text("id,numerator,denominator,printed\na,1,2,50\nb,1,2,x\n", encoding="utf-8")
    run("audit", path)
    assert run("audit", path, "--strict", status=1).err == "thbstats: 1 issue: b\n"


@pytest.mark.parametrize("name", ["figures.txt", "figures", "FIGURES.CSV"])
def test_table_is_recognised_by_extension_or_header(run: Run, tmp_path: Path, name: str):
    (tmp_path / name).write_text(TABLE, encoding="utf-8")
    run("audit", tmp_path / name, "--strict", status=1)


def test_compressed_table_is_audited_into_a_file(run: Run, tmp_path: Path, table: Path):
    packed, written = tmp_path / "figures.CSV.gz", tmp_path / "audit.json"
    packed.write_bytes(gzip.compress(table.read_bytes()))
    run("audit", packed, "--output", written)
    assert len(json.loads(written.read_text(encoding="utf-8"))) == 8


def test_options_describe_the_table(run: Run, tmp_path: Path):
    path, members = tmp_path / "a.csv", tmp_path / "members.csv"
    path.write_bytes("id;new;old;printed;old_2020;Länder\ng;1,000;600;66;700;3\n".encode("cp1252"))
    members.write_text("id;member;new;old\ng;AT;900;540\ng;BE;100;\n", encoding="utf-8")
    options = ["--thousands", ",", "--encoding", "cp1252", "--base", "old_2020"]

    def audited(*more: object) -> dict[str, object]:
        (row,) = json.loads(run("audit", path, "--format", "json", *options, *more).out)
        return row

    row = audited()
    assert (row["verdict"], row["tried"]) == ("contradicted", ["old_2020"])
    assert audited("--rounding", "down")["verdict"] == "confirmed"
    everyone = "all members with a count, 2 in the new sum and 1 in the old sum"
    labels = [everyone, "members with both counts"]
    assert audited("--members", members)["matched_tried"] == labels


def test_table_has_at_most_15_decimals(run: Run, table: Path):
    run("audit", table, "--decimals=15", "--format=json")


# infer


def test_count_of_the_reference_publication_is_inferred(run: Run):
    out = run("infer", "com-2018-777", "--what", "victims area=UK exploitation=labour").out
    assert re.search(r"labour, UK +2,666 to 2,865\n", out)
    assert "Assumed: the categories of exploitation are exclusive." in out
    assert re.search(r"UK +labour +2,666 +2,865\n", out)


def test_conflict_of_an_inference_names_the_claims(run: Run):
    outcome = run(*UNKNOWN, status=2)
    assert outcome.out == ""
    assert "18% in section forced labour (other-share)" in outcome.err
    assert "The constraints must be consistent" in outcome.err


def test_json_of_an_inference_has_a_table_for_each_bound(run: Run):
    data = json.loads(run(*UNKNOWN, *OF_ALL, "--format", "json").out)
    assert (data["schema_version"], data["lower"], data["upper"]) == (1, 390, 390)
    assert set(data["lower_table"]) == set(data["upper_table"]) == set(data["cells"])
    assert sum(data["lower_table"].values()) == 10_093
    cells = data["cells"].items()
    unknown = [name for name, labels in cells if labels["exploitation"] == "unknown"]
    assert sum(data["lower_table"][name] for name in unknown) == 390


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ([], "no information"),
        (["--assume-base", "sex=all"], "6,309 to 6,409"),
        (["--assume-base", "female-share=all"], "6,309 to 6,409"),
        (["--assume-base", "sex=all", "--allow-tie-either-way"], "6,309 to 6,409"),
        (["--assume-base", "sex=all", "--rounding", "unknown"], "6,258 to 6,459"),
        (["--assume-base", "sex=all", "--denominator", ""], "62.5% to 63.5%"),
        (["--assume-base", "sex=all", "--denominator", "area=EU27_2020"], "62.5% to 63.5%"),
        (["--assume-base", "sex=all", "--exclude-unknown", "exploitation"], "5,919 to 6,409"),
        (["--assume-base", "sex=all", "--overlapping", "exploitation"], "6,309 to 6,409"),
    ],
)
def test_options_of_infer(run: Run, options: list[str], text: str):
    figure = "victims sex=female period=2022 status=registered"
    out = run("infer", EXAMPLE, "--what", figure, *OF_ALL, *options).out
    assert re.search(rf"  {re.escape(text)}\n", out)


def test_values_with_spaces_are_quoted(run: Run):
    figure = "area='EU28 without UK' exploitation=labour"
    assert "labour, EU28 without UK" in run("infer", "com-2018-777", "--what", figure).out


def test_suppressed_count_of_a_table_is_narrowed_on_request(run: Run, tmp_path: Path):
    path = tmp_path / "table.csv"
    path.write_text(SUPPRESSED, encoding="utf-8")
    command = ["infer", path, "--what", "victims sex=female"]
    out = run(*command).out
    assert out.startswith("table.csv: inferred numbers\n")
    assert re.search(r"female, FR +0 to 4\n", out)
    assert "Two tables" not in out  # they would disclose it
    out = run(*command, "--allow-disclosure").out
    assert re.search(r"female, FR +0 to 3\n", out)
    assert "DISCLOSURE" in out


def test_compare_writes_publications_and_counts_side_by_side(run: Run, tmp_path: Path) -> None:
    counts = str(Path(EXAMPLE).parents[1] / "docs" / "_data" / "glotip_eu_2015_2016.csv")
    for name in ("page.html", "page.md", "page.json"):
        output = str(tmp_path / name)
        run("compare", "com-2018-777", counts, "--output", output)
        assert "Prosecutions" in (tmp_path / name).read_text("utf-8")
    french = run("compare", "com-2018-777", "com-2020-661", "--language", "fr")
    assert "Chiffres côte à côte" in french.out
    named = run("compare", "com-2018-777", "com-2020-661", "--name", "second", "--name", "third")
    assert "second and third" in named.out
    unnamed = run("compare", "com-2018-777", "com-2020-661", "--name", "second", status=2)
    assert "Add --name once for each FILE" in unnamed.err
    refused = run("compare", "com-2018-777", status=2)
    assert "must be two or more" in refused.err
