"""Positions of values, compared with those of a writer."""

import json
import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from thbstats import publications
from thbstats.claims import claims_document
from thbstats.claims.claims_document import Position, json_positions, read_yaml, toml_positions
from thbstats.errors import InvalidFile

KeyPath = tuple[str | int, ...]

names = st.sampled_from(["a", "b-1", "B_2", "3", "two words", "é", "a.b", 'q"', "l'", "", "#", "="])
texts = st.text(st.sampled_from("ab\"'\\#[]{}=,.\n\té 1"), max_size=12)
scalars = (
    texts | st.integers(-9, 2000) | st.booleans() | st.dates(date(1990, 1, 1), date(2030, 1, 1))
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=6,
)
tables = st.dictionaries(names, values, max_size=3)
documents = st.dictionaries(
    names, values | tables | st.lists(tables, min_size=1, max_size=3), max_size=4
)


def ways(value: Any, at: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Yield the path to each value and the value."""
    if at:
        yield at, value
    inner = value.items() if isinstance(value, dict) else ()
    inner = enumerate(value) if isinstance(value, list) else inner
    for name, part in inner:
        yield from ways(part, (*at, name))


class Writer:
    """Writes TOML in the styles that are drawn, and remembers where everything went."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.text = draw, ""
        self.places: dict[KeyPath, tuple[Position, Position]] = {}

    @property
    def here(self) -> Position:
        return Position(self.text.count("\n") + 1, len(self.text) - self.text.rfind("\n"))

    def put(self, *options: str) -> None:
        self.text += self.draw(st.sampled_from(options))

    def name(self, name: str) -> None:
        bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
        literal = [f"'{name}'"] if "'" not in name else []
        self.put(json.dumps(name), *literal, *[name] * bare)

    def string(self, text: str) -> None:
        basic = json.dumps(text, ensure_ascii=False)
        styles = [basic, f'"""\n{basic[1:-1]}"""', f'"""\\\n  {basic[1:-1]}"""']
        # After a backslash at the end of a line, what is blank there is no part of the text.
        styles = styles[:2] if text[:1] in ("\t", " ", "\n") else styles
        if "'" not in text and "\n" not in text:
            styles.append(f"'{text}'")
        if "'''" not in text and not text.endswith("'"):
            styles.append(f"'''\n{text}'''")
        if text.count('"') < 2 and "\\" not in text:
            styles.append(f'"""\n{text}"""')  # a quotation mark may stand before the closing ones
        self.put(*styles)

    def value(self, value: Any, way: KeyPath) -> None:
        if isinstance(value, str):
            self.string(value)
        elif isinstance(value, list):
            self.items(value, way)
        elif isinstance(value, dict):
            self.put("{", "{ ")
            for number, (name, part) in enumerate(value.items()):
                self.put(",", " , ") if number else None
                self.put("", " ")
                self.pair(name, part, way)
            self.put("}", " }")
        else:
            self.text += str(value).lower() if isinstance(value, bool) else str(value)

    def items(self, value: list[Any], way: KeyPath) -> None:
        self.put("[", "[ # none ]\n  ", "[\n")
        for number, part in enumerate(value):
            self.put(", ", ",# ',\n", "\n,") if number else None
            self.places[(*way, number)] = (self.here, self.here)
            self.value(part, (*way, number))
        self.put("]", *[",\n]"] * bool(value))

    def pair(self, name: str, value: Any, way: KeyPath) -> None:
        way = (*way, name)
        index = self.here
        self.name(name)
        if isinstance(value, dict) and len(value) == 1 and self.draw(st.booleans()):
            self.places[way] = (index, index)
            self.put(".", " . ")
            [(inner, part)] = value.items()
            self.pair(inner, part, way)
            return
        self.put("=", " = ", "\t= ")
        self.places[way] = (index, self.here)
        self.value(value, way)

    def table(self, data: dict[str, Any], way: KeyPath, heading: list[str]) -> None:
        later = []
        for name, value in data.items():
            nested = isinstance(value, dict) or (
                isinstance(value, list) and value and all(isinstance(x, dict) for x in value)
            )
            if nested and self.draw(st.booleans()):
                later.append((name, value))
            else:
                self.put("", "  ", "# [no] heading = 1\n")
                self.pair(name, value, way)
                self.put("\n", " # = [\n", "\n\n", "\r\n")
        for name, value in later:
            inner, parts = (*way, name), [*heading, name]
            for number, part in enumerate(value) if isinstance(value, list) else [(None, value)]:
                self.heading(inner, number, parts)
                self.table(part, inner if number is None else (*inner, number), parts)

    def heading(self, way: KeyPath, number: int | None, parts: list[str]) -> None:
        start = self.here
        self.put("[[" if number is not None else "[")
        index = start
        for position, part in enumerate(parts):
            self.put(".", " . ") if position else self.put("", " ")
            index = self.here
            self.name(part)
        self.put("]]\n" if number is not None else "]\n")
        self.places.setdefault(way, (index, start))
        if number is not None:
            self.places[(*way, number)] = (start, start)


@st.composite
def written(
    draw: st.DrawFn,
) -> tuple[dict[str, Any], str, dict[KeyPath, tuple[Position, Position]]]:
    data = draw(documents)
    writer = Writer(draw)
    writer.table(data, (), [])
    return data, writer.text, writer.places


@given(written())
def test_every_value_of_toml_is_found_where_it_was_written(file: Any) -> None:
    data, text, positions = file
    assert tomllib.loads(text) == data  # else the writer is wrong
    assert toml_positions(text) == positions


@given(documents, st.sampled_from([None, 0, 2]))
def test_every_value_of_json_is_found_where_json_reads_it(data: Any, indent: int | None) -> None:
    text = json.dumps(data, default=str, indent=indent, ensure_ascii=indent is None)
    positions = json_positions(text)
    lines = text.split("\n")
    decoder = json.JSONDecoder()
    result = dict(ways(json.loads(text)))
    assert set(positions) == set(result)
    for way, (name, value) in positions.items():
        start = sum(len(line) + 1 for line in lines[: value.line - 1]) + value.column - 1
        assert decoder.raw_decode(text, start)[0] == result[way]
        if isinstance(way[-1], str):
            start = sum(len(line) + 1 for line in lines[: name.line - 1]) + name.column - 1
            assert decoder.raw_decode(text, start)[0] == way[-1]


def composed(
    node: yaml.Node, at: KeyPath = ()
) -> Iterator[tuple[KeyPath, tuple[Position, Position]]]:
    """Yield the places of a tree of PyYAML."""

    def place(node: yaml.Node) -> Position:
        return Position(node.start_mark.line + 1, node.start_mark.column + 1)

    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield (*at, name.value), (place(name), place(value))
            yield from composed(value, (*at, name.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield (*at, number), (place(value), place(value))
            yield from composed(value, (*at, number))


@given(documents, st.sampled_from([True, False, None]), st.integers(20, 90))
def test_every_value_of_yaml_is_read_and_found_as_pyyaml_does(
    data: Any, flow: bool | None, width: int
) -> None:
    plain = json.loads(json.dumps(data, default=str))
    text = yaml.safe_dump(plain, default_flow_style=flow, width=width, allow_unicode=True)
    read, positions = read_yaml(text)
    assert read == plain
    assert positions == dict(composed(yaml.compose(text, Loader=yaml.CSafeLoader)))


@pytest.mark.parametrize("load", publications.ALL)
def test_every_value_of_a_publication_is_found(load: Any) -> None:
    from importlib.resources import files

    text = files("thbstats.publications").joinpath(f"{load.__name__}.toml").read_text("utf-8")
    assert set(toml_positions(text)) == {way for way, _ in ways(tomllib.loads(text))}


def test_headings_open_tables_inside_the_last_of_a_list() -> None:
    text = "[[a]]\nb = 1\n[a.c.d]\ne = 2\n[[a]]\n[[a.f]]\ng.h = 3\n"
    positions = toml_positions(text)
    assert set(positions) == {way for way, _ in ways(tomllib.loads(text))}
    assert positions["a", 0, "c", "d", "e"] == (Position(4, 1), Position(4, 5))
    assert positions["a", 0, "c"] == (Position(3, 4), Position(3, 4))
    assert positions["a", 1, "f", 0, "g", "h"] == (Position(7, 3), Position(7, 7))


def test_positions_before_an_error_are_found() -> None:
    assert set(toml_positions('a = 1\nb = "open\nc = 2')) == {("a",), ("b",)}
    assert set(json_positions('{"a": 1, "b" 2}')) == {("a",)}
    assert toml_positions("[") == toml_positions("]") == json_positions("") == {}
    assert set(json_positions('{"a": 1, "b\n": 2}')) == {("a",)}


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (toml_positions, "a = " + "[" * 100_000),
        (toml_positions, "a." * 100_000 + "a = 1"),
        (toml_positions, "[" + "a." * 100_000 + "a]"),
        (toml_positions, "a = {" + "b = {" * 100_000),
        (json_positions, '{"a":' * 100_000),
        (read_yaml, "[" * 100_000),
        (read_yaml, "{a: " * 100_000),
    ],
)
def test_deep_nesting_raises_quickly(read: Any, text: str) -> None:
    with pytest.raises(InvalidFile, match=r"line 1, column \d+: .*(100 levels|nesting depth)"):
        read(text)


@pytest.mark.parametrize(
    ("read", "entry"),
    [
        (toml_positions, "[[a.b{}]]\n"),
        (toml_positions, "a{} = 1\n"),
        (read_yaml, "a{}: 1\n"),
        (json_positions, '"a{}": 1, '),
    ],
)
def test_number_of_entries_is_limited(
    monkeypatch: pytest.MonkeyPatch, read: Any, entry: str
) -> None:
    def text(number: int) -> str:
        content = "".join(map(entry.format, range(number)))
        return f"{{{content}}}" if read is json_positions else content

    assert claims_document._MOST == 100_000
    monkeypatch.setattr(claims_document, "_MOST", 1_000)
    read(text(400))
    with pytest.raises(InvalidFile, match="at most 100000 entries"):
        read(text(1_100))
