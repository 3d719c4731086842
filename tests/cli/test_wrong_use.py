"""Wrong use of every command: exit status 2, a message, and nothing on standard output."""

import shlex
from pathlib import Path

import pytest

from tests.cli.running import Run
from tests.sources.test_sdg import MALTA

EXAMPLE = Path(__file__).parents[2] / "examples" / "eurostat_2024_01.toml"
PERCENTAGES = Path(__file__).parents[2] / "docs" / "_data" / "eu_percentages.csv"
GLOTIP = PERCENTAGES.parent / "glotip_eu_2015_2016.csv"
CASES = """gender,age,forms,is sexual,n,area
F,child,sexual;labour,1,2,MT
M,-99,labour,0,1,MT
,adult,,,3,IT
"""
SUPPRESSED = (
    "area,period,sex,value,lower,upper,reason\nFR,2020,total,100,100,100,\n"
    "FR,2020,male,97,97,97,\nFR,2020,female,,0,4,fewer_than\n"
)
FIGURES = "id,kind,numerator,denominator,printed\na,share,1,2,50%\n"
ALL_CASES = (
    "--column sex=gender --recode sex:F=female --recode sex:M=male --missing '' --missing -99 "
    "--set period=2020 --set area=MT+IT"
)
UK = "infer com-2018-777 --what 'victims area=UK"

WRONG = [
    # Arguments that the parser refuses
    ("report", "usage: thbstats"),
    ("reprot com-2018-777", "unknown command 'reprot'. Did you mean 'report'?"),
    ("report com-2018-777 --languge fr", "usage: thbstats report"),
    ("audit com-2018-777 --languge fr", "Did you mean '--language'?"),
    ("convert a.csv b.json --output c.json", "must not both be used"),
    ("report com-2018-777 --format xls", "usage: thbstats"),
    ("report com-2018-777 --colour", "usage: thbstats"),
    ("report com-2018-777 --output", "usage: thbstats"),
    ("read", "usage: thbstats"),
    ("read a --kind crimes", "usage: thbstats"),
    ("convert a", "`OUT` must be passed"),
    ("schema completion", "unknown command 'completion'"),
    ("infer com-2018-777", "the following arguments are required: --what"),
    ("audit com-2018-777 --time-limit -1", "must be 0 seconds or more"),
    ("audit com-2018-777 --time-limit x", "must be 0 seconds or more"),
    ("audit com-2018-777 --time-limit nan", "must be 0 seconds or more"),
    ("report com-2018-777 --time-limit -1", "must be 0 seconds or more"),
    # Files
    ("report com-2018-77", "Did you mean 'com-2018-777'"),
    ("report nothing --format json", "thbstats report: "),
    ("claims check none.toml", "No file 'none"),
    ("claims check .", "got a folder"),
    ("claims check none", "No file 'none"),
    ("read missing.csv", "thbstats read: No file 'missing.csv'. Check the name"),
    ("read .", "got a folder"),
    ("audit nowhere.csv", "nowhere.csv"),
    ("count none.csv", "No file 'none.csv'"),
    ("count *.parquet", "must match an existing file"),
    # Formats of the output
    (
        "report com-2018-777 --output report.pdf",
        "must have a known file extension, got 'report.pdf'. Use .md, .html, .json, .csv, .xlsx",
    ),
    (
        "audit com-2018-777 --output audit.csv",
        "must have a known file extension, got 'audit.csv'. Use .txt, .md, .html, .json",
    ),
    (
        "count cases.csv --output cases.html",
        "must have a known file extension, got 'cases.html'. Use .txt, .csv, .json",
    ),
    ("report com-2018-777 --format xlsx", "--output report.xlsx"),
    ("count cases.csv --list-values --format json", "Remove --format or --list-values"),
    ("report com-2018-777 --format html --neutralise", "--neutralise"),
    # Number style and language
    ("report com-2018-777 --style gs", "Did you mean 'gss'"),
    ("report com-2018-777 --language pl", "must be a language with translated texts"),
    *(
        (f"{command} {option}", f"{option.split()[0]} must not be used with")
        for option in ("--style gss",)
        for command in (
            "report com-2018-777 --format json",
            "report com-2018-777 --format csv",
            "report com-2018-777 --output report.xlsx",
            "report com-2018-777 --output report.csv",
            "audit com-2018-777 --format json",
            f"audit {PERCENTAGES} --format json",
            f"{UK} exploitation=labour' --format json",
            f"read {GLOTIP} --json",
            "count cases.csv --format csv",
        )
    ),
    # Options of other subjects
    ("report com-2018-777 --kind victims", "--kind must"),
    ("report com-2018-777 --set area=MT", "--set must"),
    ("report com-2018-777 --declare columns.toml", "--declare must not be used"),
    ("report com-2018-777 --encoding latin-1", "--encoding must not be used"),
    (f"{UK}' --declare columns.toml", "--declare must not be used with a publication"),
    (f"{UK}' --set area=MT", "--set must not be used with a publication"),
    ("audit com-2018-777 --base known", "--base must"),
    (f"audit {EXAMPLE} figures.csv", "must be the only file if it is a table of percentages"),
    # read
    (
        "read malta.csv",
        "`area` must be passed, because the file does not contain the country",
    ),
    ("read malta.csv --set area", "--set must have the form NAME=CODE, got 'area'"),
    ("read malta.csv --set strict=1", "--set must have the form NAME=CODE, got 'strict=1'"),
    ("read malta.csv --set area=Atlantis", "must be a country, a region or a composition"),
    ("read malta.csv --format tidi", "Did you mean 'tidy'"),
    ("read malta.csv --declare nothing.toml", "No file 'nothing.toml'"),
    ("read malta.csv --set area=MT --encoding latin-17", "must be an encoding"),
    # count
    ("count cases.csv --by sex --column sex=gender", "must be a code of Sex"),
    ("count cases.csv --by sex", "must be a column of the cases"),
    ("count cases.csv --column sex", "--column sex=gender"),
    ("count cases.csv --recode F=female", "--recode sex:F=female"),
    ("count cases.csv --set weights=n", "--set"),
    ("count cases.csv --totals all --by citizen", "citizenship"),
    (
        "count cases.csv --by exploitation --multi exploitation=forms "
        f"--multi 'exploitation:sexual=is sexual' {ALL_CASES}",
        "--multi",
    ),
    *(
        (f"{command} {option} {first} {option} {second}", f"{option} must be given once for each")
        for command, option, first, second in (
            ("read malta.csv", "--set", "area=MT", "area=FR"),
            ("count cases.csv", "--set", "area=MT", "area=FR"),
            ("count cases.csv", "--column", "sex=gender", "sex=age"),
            ("count cases.csv", "--recode", "sex:F=female", "sex:F=male"),
            ("count cases.csv", "--where", "sex=female", "sex=male"),
            ("count cases.csv", "--multi", "exploitation=forms", "exploitation=gender"),
            (
                "count cases.csv",
                "--multi",
                "exploitation:sexual=forms",
                "exploitation:sexual=gender",
            ),
            ("lists table.csv --count value", "--missing", "c=suppressed", "c=not_reported"),
        )
    ),
    ("count cases.csv --list-values --where sex=female", "--where must not be used with --list"),
    ("count cases.csv --list-values --totals none", "--totals must not be used with --list"),
    # collect, and options that another option or file makes useless
    *(
        (f"collect sdg-16.2.2 table.csv --area FR --period 2020 {options}", message)
        for options, message in (
            ("--publication out", "--publication must be used with --output, and without --check"),
            ("--output a --check --publication out", "--publication must be used with --output"),
            ("--format json --style gss", "--style must not be used with json"),
            ("--format json --language fr", "--language must not be used with json"),
        )
    ),
    *(
        (f"read malta.csv --suggest {option}", f"{option.split()[0]} must not be used with --sugg")
        for option in ("--json", "--strict", "--declare a.toml", "--format tidy")
    ),
    ("audit figures.csv --all", "--all must not be used with a table of percentages"),
    ("audit figures.csv --time-limit 5", "--time-limit must not be used with a table of perc"),
    # passport
    *(
        (f"passport table.csv '{question}' --kind victims", message)
        for question, message in (
            ("ratio numerator=sex:female,age denominator=sex:male", "must have each dimension onc"),
            ("ratio numerator=sex:female,sex:male denominator=sex:male", "each dimension once"),
            ("share table=x sex=female base=all", "`table` must be passed to share once"),
            ("share sex=female base=all where=sex", "`where` must be a mapping"),
        )
    ),
    # infer
    ("infer com-2018-777 --what 'victims form=labour'", "--what must name a dimension, got 'form'"),
    ("infer com-2018-777 --what 'victims exploitation'", "must have the form NAME=CODE"),
    (f"{UK} area=RO'", "each name once"),
    ('infer com-2018-777 --what "victims area=\'UK"', "No closing quotation"),
    ("infer com-2018-777 --what 'victims exploitation=lobour'", "Did you mean 'labour'"),
    ("infer com-2018-777 --what 'victims base=all'", "--what must name a dimension, got 'base'"),
    ("infer com-2018-777 --what 'people area=UK'", "must start with a kind of count"),
    (f"{UK}' --base all", "must be used with --denominator"),
    (f"{UK}' --assume-base sex", "--assume-base must have the form NAME=VALUE"),
    (f"{UK}' --assume-base sex=all --assume-base sex=known", "--assume-base must be given once"),
    (f"{UK}' --denominator sex", "--denominator must"),
    (f"{UK}' --rounding sideways", "must be a rounding method"),
    (f"{UK}' --exclude nothing", "`exclude`"),
    (f"{UK}' --allow-disclosure", "--allow-disclosure must"),
    ("infer table.csv --what 'people area=FR'", "must start with a kind of count"),
    ("infer table.csv --what 'justice area=FR'", "`stage`"),
    (
        "infer table.csv --what 'victims sex=female' --allow-tie-either-way",
        "must not be used with a file of counts",
    ),
    ("infer table.csv --what 'victims sex=female' --denominator ''", "`denominator`"),
    # Tables of percentages
    ("audit bad.csv", "line 2, `numerator`: "),
    ("audit bad.csv", "line 3: `printed`"),
    *(
        (
            f"audit figures.csv --decimals={decimals}",
            "`decimals` must be an integer from 0 to 15",
        )
        for decimals in ("100000000", "16", "-1")
    ),
]


@pytest.mark.parametrize(("command", "message"), WRONG)
def test_wrong_use_has_a_message_and_no_output(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, message: str
):
    monkeypatch.chdir(tmp_path)
    Path("malta.csv").write_bytes(MALTA.data)
    Path("cases.csv").write_text(CASES)
    Path("table.csv").write_text(SUPPRESSED)
    Path("figures.csv").write_text(FIGURES)
    Path("bad.csv").write_text("numerator,denominator,printed\nmany,2,50\n1,2,half\n")
    files = set(tmp_path.iterdir())
    outcome = run(*shlex.split(command), status=2)
    assert outcome.out == ""
    assert message in outcome.err
    if message.startswith(("usage", "thbstats")):
        assert outcome.err.startswith(message)
    if message.endswith("\n"):
        assert outcome.err == message
    if command.startswith("read malta.csv"):
        assert outcome.err.count("\n") == 1
    assert "Traceback" not in outcome.err
    assert set(tmp_path.iterdir()) == files


DECLARATIONS = [
    ("kind = ", "must be a declaration in TOML"),
    ("\xff", "must be a declaration in TOML"),
    ("a = " + "[" * 10_000, "must be a declaration in TOML"),
    ("#" * (2**20 + 1), "more than 1048576 bytes"),
    ("kynd = 'victims'", "Did you mean 'kind'"),
    ("kind = 3", "must be a text"),
    ("kind = 'crimes'", "must be a kind of table"),
    ("ignored = 'Note'", "must be a list of texts"),
    ("ignored = [1]", "must be a list of texts"),
    ("fewer_than_from = true", "must be an integer"),
    ("columns = ['Year']", "must be a mapping of texts, got"),
    ("[columns]\nYear = 3", "must be a mapping of texts, got"),
    ("[recode]\nSex = 'female'", "must be a mapping of texts to categories for each column"),
    ("[recode.Sex]\nW = 3", "must be a mapping of texts to categories for each column"),
    ("[recode.Sex]\nW = { sex = 3 }", "must be a mapping of texts to categories for each column"),
    ("[missing]\n'-' = 'lost'", "must be a reason"),
    ("repeated = 'all'", "must be 'conflicting', 'first' or 'last'"),
    ("columns = { Yeer = 'period' }", "must be a column of the file"),
    ("dates = 'annual'", "must be one of day, month, quarter, half-year, year"),
    ("flags = '*'", "must be a mapping of marks after a number to letters of flags"),
    ("[flags]\n'*' = '9'", "letter"),
]


@pytest.mark.parametrize(("text", "message"), DECLARATIONS)
def test_invalid_declaration_has_a_message(run: Run, tmp_path: Path, text: str, message: str):
    (tmp_path / "malta.csv").write_bytes(MALTA.data)
    (tmp_path / "declared.toml").write_bytes(text.encode("latin-1"))
    options = ["--declare", tmp_path / "declared.toml", "--set", "area=MT"]
    assert message in run("read", tmp_path / "malta.csv", *options, status=2).err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "declared.json"),
        ("[]", "must be a declaration in JSON: it is not an object"),
        ('{"kind": "victims", "kind": "justice"}', "kind"),
        ('{"columns": {"Year": 3}}', "must be a mapping of texts, got"),
        ('{"fewer_than_from": 1.5}', "must be an integer"),
    ],
)
def test_invalid_declaration_in_json_has_a_message(
    run: Run, tmp_path: Path, text: str, message: str
):
    (tmp_path / "malta.csv").write_bytes(MALTA.data)
    (tmp_path / "declared.json").write_text(text)
    options = ["--declare", tmp_path / "declared.json", "--set", "area=MT"]
    assert message in run("read", tmp_path / "malta.csv", *options, status=2).err
