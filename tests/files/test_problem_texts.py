"""Texts of problems of rows: each belongs to a code, and each problem of the package has one."""

import re
import tomllib
from pathlib import Path

import pytest

import thbstats
from thbstats.files import ROW_PROBLEMS, UNSUPPORTED_FEATURES, open_bytes
from thbstats.files.ledger import title_of
from thbstats.sources import tidy

PACKAGE = Path(thbstats.__file__).parent
TEXTS = tomllib.loads((PACKAGE / "files" / "problems.toml").read_text("utf-8"))
CALL = re.compile(r'\.(?:reject|flag)(?:_texts|_lines)?\(\s*"([A-Z_]+(?:\.[a-z]+)?)"')


@pytest.mark.parametrize("table", ["messages", "hints", "examples", "titles"])
def test_texts_belong_to_a_code(table: str) -> None:
    codes = {key.partition(".")[0] for key in TEXTS[table]}
    assert codes <= {*ROW_PROBLEMS, *UNSUPPORTED_FEATURES}


def test_each_problem_in_the_code_has_its_own_message() -> None:
    modules = [*PACKAGE.glob("files/*.py"), *PACKAGE.glob("sources/*.py")]
    keys = {key for path in modules for key in CALL.findall(path.read_text("utf-8"))}
    assert len(keys) > 30
    assert keys <= {*TEXTS["messages"]}


def test_message_and_hint_have_the_values_of_the_row() -> None:
    file = open_bytes(b"area,period,status,value\nMT,2020,found,5\n")
    (problem,) = tidy.read(file, kind="victims").log.problems
    assert problem.message == "not a known status"
    assert problem.hint == "Declare each text: recode={column: {text: category}}"
    assert (title_of("UNMAPPED"), title_of("EMPTY_CELL")) == ("Unknown text", "Empty cell")
