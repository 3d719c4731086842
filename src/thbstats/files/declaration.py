"""Declaration of the columns of a file, in Python, TOML or JSON."""

import os
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

import pandas as pd
from attrs import evolve, field, frozen

from thbstats._signatures import explain_arguments
from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, UnknownName, did_you_mean
from thbstats.files.count_columns import MISSING_REASONS, MISSING_SIGNS, CountParser, flag_letters
from thbstats.files.input_file import open_bytes, open_regular
from thbstats.files.json_data import parse_json
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.files.reference_periods import parser_of
from thbstats.records import KINDS, Schema, schema_of
from thbstats.tables.encoding import Problems
from thbstats.values import Reason, is_integer
from thbstats.vocabulary import Classification

MULTIPLE = "*"
"""The target of a column whose texts set several columns at once."""

Repeated = Literal["conflicting", "first", "last"]
CELLS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6}):([A-Z]{1,3})([1-9][0-9]{0,6})")
"""A range of cells, such as A5:H20."""

_MAX_BYTES = 1 << 20
_NO_COUNT = "no count"
_OF_COUNTS = "-+<>:"
_MEASURES = (
    *("value", "lower", "upper", "reason", "flags", "findings", "unanswered", "confidentiality"),
    *("source", "reporters", "n_reporters"),
)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _are_texts(value: Any) -> bool:
    return isinstance(value, Iterable) and not _is_text(value) and all(map(_is_text, value))


def _is_mapping(value: Any, is_entry: Callable[[Any], bool] = lambda _: True) -> bool:
    return isinstance(value, Mapping) and all(map(is_entry, value.values()))


def _is_target(value: Any) -> bool:
    """Whether a value is a category, several categories, or ``None``."""
    return value is None or _is_text(value) or _is_mapping(value, _is_text)


def _are_separators(value: Any) -> bool:
    signs = value if isinstance(value, str) else ("0",)
    return len(set(signs)) == len(signs) and not any(s.isalnum() or s in _OF_COUNTS for s in signs)


def _is_mark(mark: Any) -> bool:
    return _is_text(mark) and mark.strip() == mark != "" and not mark[-1].isdecimal()


def _are_flags(value: Any) -> bool:
    return _is_text(value) and flag_letters(value) == value.lower()


def _is_sheet(sheet: Any) -> bool:
    return _is_text(sheet) or is_integer(sheet, least=1)


_CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "kind": lambda kind: kind is None or _is_text(kind),
    "columns": partial(_is_mapping, is_entry=_is_text),
    "recode": partial(_is_mapping, is_entry=partial(_is_mapping, is_entry=_is_target)),
    "constants": _is_mapping,
    "missing": partial(_is_mapping, is_entry=_is_text),
    "thousands": _are_separators,
    "fewer_than_from": is_integer,
    "flags": lambda flags: _is_mapping(flags, _are_flags) and all(map(_is_mark, flags)),
    "dates": ("day", "month", "quarter", "half-year", "year").__contains__,
    "added": partial(_is_mapping, is_entry=_are_texts),
    "classifications": lambda own: (
        isinstance(own, tuple) and set(map(type, own)) <= {Classification}
    ),
    "sheet": lambda sheet: all(map(_is_sheet, sheet if isinstance(sheet, tuple) else (sheet,))),
    "range": lambda cells: _is_text(cells) and bool(not cells or CELLS.fullmatch(cells.upper())),
    "fiscal_year": lambda month: is_integer(month) and month in (0, *range(2, 13)),
    "repeated": get_args(Repeated).__contains__,
    **dict.fromkeys(("ignored", "unpivot", "fill", "dimensions"), _are_texts),
}
"""A check of each parameter, in Python, TOML and JSON."""

_PARAMETERS: Mapping[str, Mapping[str, str]] = tomllib.loads(
    files("thbstats.files").joinpath("parameters.toml").read_text("utf-8")
)


def _require(_: object, attribute: Any, value: Any) -> None:
    name, is_valid = attribute.name, _CHECKS[attribute.name]
    if not is_valid(value):
        if isinstance(value, Mapping):
            entries = ({key: entry} for key, entry in value.items())
            value = next((entry for entry in entries if not is_valid(entry)), value)
        texts = _PARAMETERS[name]
        hint = f"Pass {name}={texts['example']}"
        raise InvalidValue(f"must be {texts['requirement']}", field=name, value=value, hint=hint)


def _listed(value: Any) -> Any:
    return tuple(value) if isinstance(value, Iterable) and not _is_text(value) else value


def _recode(value: Any) -> Any:
    """Return texts by column with ``None`` for "no count"; other values are unchanged."""
    if not _is_mapping(value, _is_mapping):
        return value
    return {
        name: {text: None if target == _NO_COUNT else target for text, target in texts.items()}
        for name, texts in value.items()
    }


def _reasons(value: Any) -> Any:
    """Return the reasons of missing-value signs; other values are unchanged."""
    if not _is_mapping(value, _is_text):
        return value
    for reason in value.values():
        if reason not in MISSING_REASONS:
            raise InvalidValue(
                "must be a reason for a missing count",
                field="missing",
                value=reason,
                hint=did_you_mean(reason, MISSING_REASONS),
            )
    return {str(text): Reason(reason) for text, reason in value.items()}


def _classifications(value: Any) -> Any:
    """Return the classifications of objects, paths of files and plain data."""
    is_item = isinstance(value, Classification | str | os.PathLike)
    items = (value,) if is_item else _listed(value)
    return tuple(map(_classification, items)) if isinstance(items, tuple) else items


def _classification(item: Any) -> Any:
    if isinstance(item, str | os.PathLike):
        return Classification.from_toml(item)
    return Classification.from_dict(item) if isinstance(item, Mapping) else item


@explain_arguments
@frozen(kw_only=True)
class Declaration:
    """Declaration of the columns of a file.

    Parameters
    ----------
    kind : str, optional
        ``"victims"``, ``"justice"``, ``"protection"`` or ``"cooperation"``. Required unless a
        column contains the kind.
    columns : mapping of str to str
        From the columns of the file to columns of this library: a dimension, ``value``,
        ``flags``, ``confidentiality`` (SDMX letters), ``findings`` (codes), ``source``,
        ``lower``, ``upper``, ``reason``, ``reporters``, ``n_reporters``, ``table`` (the kind of
        count; also ``kind``, except for cooperation), or ``"*"`` for a column whose texts set
        several columns, as listed in `recode`. Two columns can be the ``period``: their texts are
        joined, such as ``2023`` and ``Q4``.
    recode : mapping of str to mapping
        For a column of the file, from its texts to categories. Texts that are not listed are
        read as category codes, labels or synonyms. For a ``"*"`` column, each text maps to a
        mapping of columns to categories, or to ``None`` if its rows are not counts (such as
        rates).
    constants : mapping of str to object
        Values that apply to all rows, such as ``{"area": "MT"}``.
    ignored : sequence of str
        Columns to ignore, such as labels next to codes.
    missing : mapping of str to Reason
        Missing-value signs and their reasons, such as ``{"..": "suppressed"}``: ``not_reported``,
        ``breakdown_not_reported``, ``suppressed`` or ``not_applicable``. By default, an empty cell
        and ``:`` mean "not reported".
    thousands : str
        The thousands separators, one character each: ``","``, or ``",."`` for a file with both.
        Spaces and apostrophes between digits need no declaration, and a comma or point needs none
        if a number of the column has two, such as ``1,234,567``.
    flags : mapping of str to str
        Marks after a value, such as ``*`` or ``(p)``, and their observation flags: a letter, or
        an empty text for a mark without a flag.
    dates : {"day", "month", "quarter", "half-year", "year"}
        The period of a date in a period column: the day itself (default), or the month, quarter,
        half-year or year whose first or last day it is. Other dates are rejected.
    sheet : str, int or sequence
        The worksheets of a workbook: a name, a position from 1, several, or ``"all"``. By default,
        the worksheets with the declared columns. The column ``"sheet"`` contains the names of the
        worksheets, if it is declared.
    range : str
        The cells of the table with its header, such as ``"A5:H20"``; by default, the header is
        found by the declared columns.
    unpivot : sequence of str
        The contents of each header row of a table with several columns of counts: a dimension,
        two of them such as ``"period sex"`` for ``2020 women``, ``"period -"`` for ``Victims
        2020``, or ``"*"``. Every column that is
        neither in ``columns`` nor ignored contains counts. ``recode`` names the header rows
        ``"header 1"`` and ``"header 2"``.
    fill : sequence of str
        Columns in which an empty cell has the text of the cell above it. Merged cells of a
        workbook need no declaration.
    fiscal_year : int
        The first month of fiscal years: with 4, ``2021/22`` is the year from April 2021.
    fewer_than_from : int
        The smallest count included in "<n"; 0 by default.
    added : mapping of str to sequence of str
        For a column of the file, texts that are disjoint parts of their categories, such as age
        bands. The counts of the parts of one cell are added up.
    classifications : sequence of Classification or path
        Further dimensions, or other code lists for dimensions of the library. A kind of count has
        the dimensions that its rows state.
    dimensions : sequence of str
        Further dimensions whose categories are the texts of their columns, such as ``"region"``.
    repeated : {"conflicting", "first", "last"}
        The count of a cell with different counts in several rows: one conflicting count between
        the smallest value and the sum of all values (default), or the count of the first or
        last row.

    Raises
    ------
    InvalidValue
        If an argument has an invalid type or value.
    UnknownName
        If the kind is not known.

    Examples
    --------
    >>> malta = Declaration(
    ...     kind="victims",
    ...     columns={"Year": "period", "Sex": "sex", "Value": "value"},
    ...     recode={"Sex": {"W": "female"}},
    ...     constants={"area": "MT", "status": "detected"},
    ... )
    >>> malta.columns["Year"]
    'period'
    """

    kind: str | None = field(default=None, validator=_require)
    columns: Mapping[str, str] = field(factory=dict, validator=_require)
    recode: Mapping[str, Mapping[str, Any]] = field(
        factory=dict, converter=_recode, validator=_require
    )
    constants: Mapping[str, Any] = field(factory=dict, validator=_require)
    ignored: tuple[str, ...] = field(default=(), converter=_listed, validator=_require)
    missing: Mapping[str, Reason] = field(factory=dict, converter=_reasons, validator=_require)
    thousands: str = field(default="", validator=_require)
    sheet: Any = field(default="", converter=_listed, validator=_require)
    range: str = field(default="", validator=_require)
    unpivot: tuple[str, ...] = field(default=(), converter=_listed, validator=_require)
    fill: tuple[str, ...] = field(default=(), converter=_listed, validator=_require)
    fiscal_year: int = field(default=0, validator=_require)
    fewer_than_from: int = field(default=0, validator=_require)
    flags: Mapping[str, str] = field(factory=dict, validator=_require)
    dates: str = field(default="day", validator=_require)
    added: Mapping[str, Sequence[str]] = field(factory=dict, validator=_require)
    classifications: tuple[Classification, ...] = field(
        default=(), converter=_classifications, validator=_require
    )
    dimensions: tuple[str, ...] = field(default=(), converter=_listed, validator=_require)
    repeated: Repeated = field(default="conflicting", validator=_require)

    def __attrs_post_init__(self) -> None:
        if self.kind is not None:
            schema_of(self.kind)

    @classmethod
    def from_columns(
        cls,
        names: Iterable[str],
        kind: str | None = None,
        classifications: Iterable[Classification] = (),
    ) -> "Declaration":
        """Return the declaration of a file with the column names of this library.

        Parameters
        ----------
        names : iterable of str
            The columns of the file; columns with other names stay undeclared.
        kind : str, optional
            The kind of count.
        classifications : iterable of Classification, optional
            Further dimensions of the file.
        """
        names = list(names)
        own = cls(kind=None if "table" in names else kind, classifications=classifications)
        known = set(targets_of(own)) - {MULTIPLE}
        columns = {name: name for name in names if name in known}
        return evolve(own, kind=kind, columns=columns)

    @property
    def count_parser(self) -> CountParser:
        """The parser of the values."""
        return CountParser(
            thousands=self.thousands,
            missing={**MISSING_SIGNS, **self.missing},
            fewer_than_from=self.fewer_than_from,
            flags=self.flags,
        )

    def with_constants(self, kind: str | None = None, **constants: Any) -> "Declaration":
        """Return the declaration with additional constants for all rows."""
        return evolve(self, kind=kind or self.kind, constants={**self.constants, **constants})

    def with_defaults(self, other: "Declaration") -> "Declaration":
        """Return the declaration, completed by the entries of another one."""
        declared = set(self.columns) | set(self.ignored)
        targets = {*self.columns.values(), *self.constants}
        columns = {
            name: target
            for name, target in other.columns.items()
            if name not in declared and (target not in targets or target == MULTIPLE)
        }
        columns |= self.columns
        recode = {
            name: {**_replaced(texts, self), **self.recode.get(name, {})}
            for name, texts in other.recode.items()
            if columns.get(name) == other.columns.get(name)
        }
        constants = {name: c for name, c in other.constants.items() if name not in targets}
        return evolve(
            self,
            kind=self.kind or other.kind,
            columns=columns,
            recode={**self.recode, **recode},
            constants={**constants, **self.constants},
            ignored=dict.fromkeys([*self.ignored, *other.ignored]),
            missing={**other.missing, **self.missing},
            thousands=self.thousands or other.thousands,
            flags={**other.flags, **self.flags},
            fiscal_year=self.fiscal_year or other.fiscal_year,
            added={**other.added, **self.added},
            classifications=dict.fromkeys([*self.classifications, *other.classifications]),
        )


def _replaced(texts: Mapping[str, Any], declared: Declaration) -> Mapping[str, Any]:
    """Return the recoding of a column without what another declaration sets in a "*" column.

    A constant replaces one category, and not several that distinguish rows.

    Examples
    --------
    >>> status = Declaration(constants={"status": "presumed"})
    >>> _replaced({"Victims": {"table": "victims", "status": "detected"}, "Rate": None}, status)
    {'Victims': {'table': 'victims'}, 'Rate': None}
    """
    categories: dict[str, set[str]] = {}
    for entry in texts.values():
        for name, category in entry.items() if isinstance(entry, Mapping) else ():
            categories.setdefault(name, set()).add(category)
    replaced = {*declared.columns.values()}
    replaced |= {name for name in declared.constants if len(categories.get(name, ())) == 1}
    return {
        text: {name: own for name, own in entry.items() if name not in replaced}
        if isinstance(entry, Mapping)
        else entry
        for text, entry in texts.items()
    }


def schemas_of(declaration: Declaration) -> list[Schema]:
    """Return the schemas of the kinds of count that a file can contain."""
    if declaration.kind is None or "table" in declaration.columns.values():
        return [schema_of(kind, *declaration.classifications) for kind in KINDS]
    return [schema_of(declaration.kind, *declaration.classifications)]


def targets_of(declaration: Declaration) -> list[str]:
    """Return the names to which columns can be declared."""
    names = (name for schema in schemas_of(declaration) for name in schema.names)
    return list(dict.fromkeys([*names, *_MEASURES, "table", "kind", MULTIPLE]))


def read_declaration(path: str | os.PathLike[str]) -> Declaration:
    """Read a declaration from a file, whose keys are the parameters of `Declaration`.

    The file is JSON if its name ends with ``.json``, otherwise TOML. In a ``"*"`` column,
    ``"no count"`` marks a text whose rows are not counts. ``classifications`` are paths of files,
    relative to the folder of the declaration, or tables.
    """
    content = _content(path)
    for key in content:
        if key not in _PARAMETERS:
            hint = did_you_mean(key, _PARAMETERS)
            raise UnknownName("must be a parameter of a declaration", field=key, hint=hint)
    try:
        return Declaration(**content)
    except InvalidFile:
        raise  # names the file of the classification
    except ThbstatsError as error:
        name = Path(path).name
        row = name if error.row is None else f"{name}, {error.row}"
        raise error.with_location(row=row) from None


def classification_files(path: str | os.PathLike[str]) -> list[Path]:
    """Return the files of classifications that a declaration names."""
    listed = _content(path).get("classifications")
    return [own for own in listed if isinstance(own, Path)] if isinstance(listed, list) else []


def _content(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the content of a declaration, with paths of files for texts of classifications."""
    name = Path(path).name
    with open_regular(path) as file:
        data = file.read(_MAX_BYTES + 1)
    is_json = name.lower().endswith(".json")
    try:
        if len(data) > _MAX_BYTES:
            raise ValueError(f"it has more than {_MAX_BYTES} bytes")
        if is_json:
            content: dict[str, Any] = parse_json(open_bytes(data, name=name))
            if not isinstance(content, dict):
                raise ValueError("it is not an object")
        else:
            content = tomllib.loads(data.decode())
    except ThbstatsError:
        raise
    except (ValueError, RecursionError) as error:
        raise InvalidFile(
            f"{name} must be a declaration in {'JSON' if is_json else 'TOML'}: {error}",
            hint="Correct the file; its keys are the parameters of Declaration",
        ) from None
    listed = content.get("classifications")
    listed = [listed] if isinstance(listed, str) else listed
    if isinstance(listed, list):
        folder = Path(path).parent
        content["classifications"] = [
            folder / own if isinstance(own, str) else own for own in listed
        ]
    return content


def require_valid(declaration: Declaration, ledger: Ledger) -> None:
    """Raise an error that lists all problems of a declaration, column by column."""
    declared = {*declaration.columns.values(), *declaration.constants}
    problems = Problems()
    for error in (
        *_wrong_names(declaration, list(map(str, ledger.raw.columns))),
        *_undeclared_columns(declaration, ledger.raw, declared),
        *_missing_targets(declaration, declared),
    ):
        problems.add(error)
    problems.raise_any()


def _wrong_names(declaration: Declaration, names: Sequence[str]) -> Iterator[ThbstatsError]:
    for name in dict.fromkeys((*declaration.columns, *declaration.recode, *declaration.added)):
        if name not in names:
            hint = did_you_mean(name, names)
            yield UnknownName("must be a column of the file", field=name, hint=hint)
    known = targets_of(declaration)
    of_kind = f" of {declaration.kind}" if declaration.kind else ""
    for name, target in declaration.columns.items():
        if target not in known:
            problem = f"must be declared as a dimension or measure{of_kind}"
            yield UnknownName(problem, field=name, value=target, hint=did_you_mean(target, known))
    for name in declaration.constants:
        if name not in known:
            problem = f"must be a dimension or measure{of_kind}"
            yield UnknownName(problem, field=name, hint=did_you_mean(name, known))
    # A target can have one column; only periods are joined.
    declared: dict[str, str] = dict.fromkeys(declaration.constants, "a constant")
    for name, target in declaration.columns.items():
        is_joined = target == "period" and target not in declaration.constants
        if target in declared and target != MULTIPLE and not is_joined:
            problem = f"is declared as {target!r}, and so is {declared[target]}"
            hint = f"Remove one of them, or pass ignored=[{name!r}]"
            yield InvalidValue(problem, field=name, hint=hint)
        declared.setdefault(target, f"the column {name!r}")
        texts = declaration.recode.get(name, {}) if target == MULTIPLE else {}
        entries = [entry for entry in texts.values() if entry is not None]
        for constant in declaration.constants if entries else ():
            if all(constant in entry for entry in entries):
                hint = f"Remove it from recode={{{name!r}: ...}}, or remove the constant"
                problem = f"must not be a constant: each text of {name!r} sets it"
                yield InvalidValue(problem, field=constant, hint=hint)


def _undeclared_columns(
    declaration: Declaration, frame: pd.DataFrame, declared: Collection[str]
) -> Iterator[ThbstatsError]:
    """Yield the columns without a declaration, with the dimensions that their texts can have."""
    dimensions = {item.name: item for kind in schemas_of(declaration) for item in kind.dimensions}
    for name in map(str, frame.columns):
        if name in declaration.columns or name in declaration.ignored:
            continue
        # A few texts are enough for a suggestion.
        distinct = dict.fromkeys(map(str, frame[name].iloc[:1000]))
        texts = [text for text in distinct if text.strip()][:10]
        sample = FileColumn.from_values(texts)
        parsed = {
            target: len(texts) - len(sample.parse(parser_of(item))[1])
            for target, item in dimensions.items()
            if target not in declared
        }
        candidates = [target for target, n in parsed.items() if n and n * 2 >= len(texts)]
        if name.strip().lower() in parsed:
            candidates = [name.strip().lower()]
        ignore = f"or ignored=[{name!r}] if it does not describe the count"
        hint = (
            f"Add columns={{{name!r}: ...}}, {ignore}; for a further dimension, pass "
            "classifications=[...] too"
        )
        if candidates:
            best = max(candidates, key=lambda target: parsed[target])
            options = " or ".join(map(repr, candidates))
            hint = f"It may be {options}: add columns={{{name!r}: {best!r}}}, {ignore}"
        value = ", ".join(texts[:5]) + (" ..." if len(texts) > 5 else "")
        yield InvalidValue("must be declared", field=name, value=value, hint=hint)


def _missing_targets(
    declaration: Declaration, declared: Collection[str]
) -> Iterator[ThbstatsError]:
    if declaration.kind is None and not {"table", "kind", MULTIPLE} & {*declared}:
        hint = "Pass kind='victims', 'justice', 'protection' or 'cooperation'"
        yield InvalidValue("the kind of count must be given", field="kind", hint=hint)
    if not {"value", "lower", "reason"} & {*declared}:
        hint = "Declare it: columns={...: 'value'}"
        yield InvalidValue("one column must contain the counts", field="value", hint=hint)
    required = [
        {dimension.name for dimension in schema.dimensions if dimension.default is None}
        for schema in schemas_of(declaration)
    ]
    for name in sorted(set.intersection(*required) - {*declared}):
        hint = f"Declare its column, or pass one value for all rows: {name}=..."
        yield InvalidValue("must be given for every row", field=name, hint=hint)
    targets = [entry for texts in declaration.recode.values() for entry in texts.values()]
    spread = {name for entry in targets if isinstance(entry, Mapping) for name in entry}
    for name in (own.name for own in declaration.classifications):
        if name not in spread and name not in declared:
            hint = f"Add columns={{...: {name!r}}}, or remove the classification"
            yield InvalidValue("must have a column or a constant", field=name, hint=hint)
