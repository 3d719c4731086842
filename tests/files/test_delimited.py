"""Text in columns is read cell by cell, and no line is lost."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thbstats.errors import InvalidFile, ThbstatsError
from thbstats.files import open_bytes, read_delimited, sniff
from thbstats.tables import frames as libraries

GENERAL = "thbstats.files.delimited._parse_row_by_row"


@pytest.fixture(autouse=True, params=["pyarrow", "csv"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The library that parses plain rows."""
    load = libraries.import_module

    def load_without_pyarrow(name: str) -> object:
        if name == "pyarrow":
            raise ImportError(name)
        return load(name)

    if request.param == "csv":
        monkeypatch.setattr(libraries, "import_module", load_without_pyarrow)
    return request.param


def grid_of(text: str, **options: object):
    return read_delimited(open_bytes(text.encode(), name="a.csv"), **options)  # type: ignore[arg-type]


def rows_of(grid) -> list[list[str]]:
    return [list(map(str, row)) for row in grid.raw.itertuples(index=False)]


@pytest.mark.parametrize(
    ("text", "rows", "lines", "ragged"),
    [
        ("a,b,c\n1,,NA\n007,null,1.50\n", ["1||NA", "007|null|1.50"], [2, 3], []),
        *(
            (end.join(["a,b", "1,2", "3,4"]) + last, ["1|2", "3|4"], [2, 3], [])
            for end in ("\n", "\r\n", "\r")
            for last in ("", end)
        ),
        ("a,b\n1\x0b2,x\u2028y\n", ["1\x0b2|x\u2028y"], [2], []),
        ('a,b\n"1,432","x\ny"\n3,"say ""<5"""\n', ["1,432|x\ny", '3|say "<5"'], [2, 4], []),
        ("a,b\n1,2\n3\n4,5,6\n\n7,8\n", ["1|2", "7|8"], [2, 6], [(3, "3"), (4, "4|5|6")]),
        # Short and long lines do not compensate.
        ("a,b,c\n1,2,3\n4,5\n6,7,8,9\n", ["1|2|3"], [2], [(3, "4|5"), (4, "6|7|8|9")]),
        *((text, [], [], []) for text in ("a,b", "a,b\n", '"a",b\n')),
    ],
)
def test_cells_are_texts_and_each_line_with_cells_is_a_row_or_ragged(
    text: str, rows: list[str], lines: list[int], ragged: list[tuple[int, str]]
) -> None:
    grid = grid_of(text)
    assert list(grid.raw.columns) == ["a", "b", "c"][: len(grid.raw.columns)]
    assert ["|".join(row) for row in rows_of(grid)] == rows
    assert grid.lines.tolist() == lines
    assert [(line, "|".join(cells)) for line, cells in grid.ragged] == ragged


@pytest.mark.parametrize(
    ("header", "sign"),
    [("a,b,c", ","), ("a;b;c", ";"), ("a\tb", "\t"), ("a", ","), ('"a;b;c;d",e', ","), ("", ",")],
)
def test_separator_is_the_most_frequent_sign(header: str, sign: str) -> None:
    assert sniff(header) == sign


def test_separator_is_equally_often_in_most_lines() -> None:
    lines = [
        "Table 1, victims",
        "",
        "Country;2020;2021",
        "BE;1,234,567;7",
        "PT;1,126,551;2,663,298",
    ]
    assert sniff("\n".join(lines)) == ";"
    assert sniff("country,title\nBE,a;b;c\nPT,d;e;f\nFI,g\n") == ","


def test_another_sign_can_be_named() -> None:
    assert rows_of(grid_of("a|b\n1|2\n", separator="|")) == [["1", "2"]]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "must have a header"),
        ("\n1,2\n", "must have a header"),
        (",\n1,2\n", "must have a header"),
        ("a,a\n1,2\n", "column names must be unique"),
        ('a,b\n"1,2\n', "cannot be parsed"),
        (
            ",".join(f"{n}{'n' * 110_000}" for n in range(10)),
            r"line 1: the header of a\.csv must have at most 1048576 characters",
        ),
        ("a,b\n" + "x" * 140_000 + ',"2"\n', r"at most 131072 characters|field limit \(131072\)"),
        ("a,b\n" + "x" * 140_000 + ",2\n", r"at most 131072 characters|field limit \(131072\)"),
    ],
)
def test_invalid_table_is_rejected(text: str, problem: str) -> None:
    with pytest.raises(InvalidFile, match=problem):
        grid_of(text)


cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=5
)


@given(
    st.lists(st.lists(cells, min_size=2, max_size=2), max_size=6), st.sampled_from([",", ";", "\t"])
)
def test_csv_module_output_is_read_without_change(rows: list[list[str]], sign: str) -> None:
    text = StringIO()
    writer = csv.writer(text, delimiter=sign, lineterminator="\r\n")
    writer.writerows([["first", "second"], *rows])
    assert rows_of(grid_of(text.getvalue(), separator=sign)) == rows


plain = st.text("ab1<:. ", min_size=1, max_size=4) | st.sampled_from(['"a,b"', '""'])


@given(st.lists(st.lists(plain, min_size=1, max_size=4), max_size=8))
def test_both_parsers_read_the_same(rows: list[list[str]]) -> None:
    text = "".join(",".join(row) + "\n" for row in [["a", "b", "c"], *rows])
    fast = grid_of(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("thbstats.files.delimited._parse_at_once", lambda *_, **__: None)
        careful = grid_of(text)
    assert rows_of(fast) == rows_of(careful)
    assert fast.lines.tolist() == careful.lines.tolist()
    assert fast.ragged == careful.ragged
    assert len(fast) + len(fast.ragged) == len(rows)


@given(st.text(st.sampled_from('ab,;"\n\r\t1'), max_size=60))
def test_any_text_is_read_or_refused_and_every_line_with_cells_is_somewhere(text: str) -> None:
    try:
        grid = grid_of(text)
    except ThbstatsError:
        return
    lines = [*grid.lines.tolist(), *(line for line, _ in grid.ragged)]
    assert len(set(lines)) == len(lines)


@pytest.mark.parametrize("bad", [b"\xff", b"\xc3", b"\xed\xa0\x80"])
@pytest.mark.parametrize("line", [1, 2, 3, 900])
def test_invalid_text_is_rejected_in_any_position(bad: bytes, line: int) -> None:
    lines = [b"x,1"] * 1000
    lines[line - 1] = b"a" + bad + b",b"
    with pytest.raises(InvalidFile, match=rf"line {line}.*must be encoded in utf-8"):
        read_delimited(open_bytes(b"\n".join(lines)))
    with pytest.raises(InvalidFile, match=rf"line {line}.*must be encoded in utf-8"):
        read_delimited(open_bytes(b"\n".join(lines)), header=lambda cells: cells == ["x", "1"])


@given(st.lists(st.tuples(st.sampled_from(["x", "", "é", "1"]), st.integers(1, 40)), max_size=9))
def test_a_text_in_many_rows_one_after_another_is_in_all_of_them(
    runs: list[tuple[str, int]],
) -> None:
    rows = [[word, str(n)] for word, times in runs for n in range(times)]
    text = "".join(",".join(row) + "\n" for row in [["a", "b"], *rows])
    grid = grid_of(text)
    assert rows_of(grid) == rows
    for position, name in enumerate(("a", "b")):
        words = list(grid.raw[name].cat.categories)
        assert sorted(words) == sorted({row[position] for row in rows})


parts = st.sampled_from(["", "a", "b", "é", "abcdefg", "abcdefgh", "abcdefgi", "x" * 60])
long_cells = st.lists(parts, max_size=4).map("".join)
quoted_cells = long_cells.map(lambda cell: f"{cell},{cell}" if cell else cell)


@given(
    st.lists(st.tuples(long_cells, quoted_cells, long_cells), min_size=1, max_size=6),
    st.lists(st.integers(0, 5), min_size=1, max_size=30),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_cells_of_any_length_are_distinguished_in_lines_with_equal_starts(
    drawn: list[tuple[str, ...]], order: list[int], end: str, last: bool
) -> None:
    rows = [list(drawn[position % len(drawn)]) for position in order]
    text = StringIO()
    csv.writer(text, lineterminator=end).writerows(rows)
    lines = "a,b,c\n" + text.getvalue().removesuffix("" if last else end)
    grid = grid_of(lines)
    assert rows_of(grid) == rows
    for name, column in grid.raw.items():
        assert sorted(column.cat.categories) == sorted(set(grid.raw[name]))


@pytest.mark.parametrize(
    "text",
    [
        'a,"b"c\n',  # a quotation that is a part of a cell
        'a,"b""c"\n',
        'a,"b\nc"\n',
        'a,"b\n',
        'a,"b\n,c"\nd\n',
        "a,b,c\nd\n",
        "a\nb,c,d\n",
        "a,b\n\n",
        "\ufeffa,b\n",
    ],
)
def test_difficult_rows_are_left_to_the_general_parser(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def general(*_: object) -> None:
        raise InvalidFile("general")

    monkeypatch.setattr(GENERAL, general)
    with pytest.raises(InvalidFile, match="general"):
        grid_of(f"a,b\n{text}")


def test_header_can_be_long_or_contain_a_multiline_quotation() -> None:
    long = "n" * 70_000
    for header, names in ((f"a,{long}", ["a", long]), (f'a,"b\n{long}"', ["a", f"b\n{long}"])):
        grid = grid_of(f"{header}\n1,2\n")
        assert list(grid.raw.columns) == names
        assert rows_of(grid) == [["1", "2"]]


def test_all_texts_and_lines_of_a_long_file_are_read() -> None:
    words = ["007", "7", "7.0", "", "x", "é", "NA", "\U0010ffff", "true"]
    lines = [f"{words[n % len(words)]},{n // 9}" for n in range(100_000)]  # several blocks
    grid = grid_of("a,b\r\n" + "\r\n".join(lines))
    assert [",".join(row) for row in rows_of(grid)] == lines
    short = "\n".join(["a,b", *lines[:900], "x", "1,2"])
    assert [line for line, _ in grid_of(short).ragged] == [902]
