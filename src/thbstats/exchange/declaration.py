"""Declaration of the columns of a file, in Python or in TOML."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

from attrs import evolve, field, frozen

from thbstats.errors import InvalidValue, did_you_mean
from thbstats.exchange.count_texts import MISSING_SIGNS, CountParser
from thbstats.records import KINDS, Schema, schema_of
from thbstats.values import Reason, is_integer, parse_flags
from thbstats.vocabulary import Classification

MULTIPLE = "*"
"""The target of a column whose texts set several columns at once."""

Texts = Mapping[str, str]
Lists = Mapping[str, Sequence[str]]
Repeated = Literal["conflicting", "first", "last"]
_TREATMENTS = ("conflicting", "first", "last")

_OF_COUNTS = "-+<>:"
_DATES = ("day", "month", "quarter", "half-year", "year")

_MEASURES = (
    *("value", "lower", "upper", "reason", "flags", "findings", "unanswered", "confidentiality"),
    *("source", "reporters", "n_reporters"),
)


Check = Callable[[object, Any, Any], None]


def _invalid(name: str, value: object, requirement: str, example: str) -> InvalidValue:
    return InvalidValue(
        f"must be {requirement}", field=name, value=value, hint=f"Pass {name}={example}"
    )


def _must_be(requirement: str, example: str, is_valid: Callable[[Any], bool]) -> Check:
    """Return a validator of an attribute."""

    def check(_: object, attribute: Any, value: Any) -> None:
        if not is_valid(value):
            raise _invalid(attribute.name, value, requirement, example)

    return check


_mapping = _must_be("a mapping", "{'Year': ...}", lambda value: isinstance(value, Mapping))


def _recode(_: object, attribute: Any, value: Any) -> None:
    for name, texts in value.items():
        if not isinstance(texts, Mapping):
            requirement = "a mapping from texts to categories for each column"
            raise _invalid(attribute.name, {name: texts}, requirement, "{'Sex': {'W': 'female'}}")


def _added(_: object, attribute: Any, value: Any) -> None:
    for name, texts in value.items():
        if isinstance(texts, str) or not all(isinstance(text, str) for text in texts):
            requirement = "a mapping from columns to lists of texts"
            raise _invalid(attribute.name, {name: texts}, requirement, "{'Age': ['0 to 14']}")


def _separator(_: object, attribute: Any, value: object) -> None:
    signs = value if isinstance(value, str) else ("0",)
    if len(set(signs)) < len(signs) or any(s.isalnum() or s in _OF_COUNTS for s in signs):
        raise InvalidValue(
            "must be one character, such as ',', or several such as '.,'",
            field=attribute.name,
            value=value,
            hint="Convert numbers with other separators before you read the file",
        )


def _marks(_: object, attribute: Any, value: Any) -> None:
    for mark, letters in value.items():
        is_mark = isinstance(mark, str) and mark.strip() == mark != "" and not mark[-1].isdecimal()
        if not is_mark or not isinstance(letters, str):
            requirement = "a mapping from marks after a number to flags"
            raise _invalid(attribute.name, {mark: letters}, requirement, "{'*': 'p'}")
        parse_flags(letters)


def _kind(_: object, _attribute: Any, value: str | None) -> None:
    if value is not None:
        schema_of(value)


def _reasons(missing: Any) -> Mapping[str, Reason]:
    if not isinstance(missing, Mapping):
        example = "{'..': 'suppressed'}"
        raise _invalid("missing", missing, "a mapping from texts to reasons", example)
    for reason in missing.values():
        if str(reason) not in list(Reason):
            raise InvalidValue(
                "must be a reason for a missing count",
                field="missing",
                value=reason,
                hint=did_you_mean(reason, Reason),
            )
    return {str(text): Reason(str(reason)) for text, reason in missing.items()}


def _names(ignored: "Iterable[str]") -> tuple[str, ...]:
    if isinstance(ignored, str):
        raise _invalid("ignored", ignored, "a list of columns", "['Note']")
    return tuple(ignored)


def _classifications(value: Any) -> tuple[Classification, ...]:
    example = "['recruiter.toml']"
    items = (value,) if isinstance(value, Classification | str | os.PathLike) else value
    if not isinstance(items, Iterable):
        raise _invalid("classifications", value, "classifications or paths of files", example)
    result = []
    for item in items:
        own = Classification.from_toml(item) if isinstance(item, str | os.PathLike) else item
        if not isinstance(own, Classification):
            raise _invalid("classifications", item, "classifications or paths of files", example)
        result.append(own)
    return tuple(result)


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
        Missing-value signs and their reasons, such as ``{"..": "suppressed"}``. By default, an
        empty cell and ``:`` mean "not reported".
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
    fewer_than_from : int
        The smallest count included in "<n"; 0 by default.
    added : mapping of str to sequence of str
        For a column of the file, texts that are disjoint parts of their categories, such as age
        bands. The counts of the parts of one cell are added up.
    classifications : sequence of Classification or path
        Further dimensions, or other code lists for dimensions of the library. A kind of count has
        the dimensions that its rows state.
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

    kind: str | None = field(default=None, validator=_kind)
    columns: "Texts" = field(factory=dict, validator=_mapping)
    recode: "Mapping[str, Mapping[str, Any]]" = field(factory=dict, validator=[_mapping, _recode])
    constants: "Mapping[str, Any]" = field(factory=dict, validator=_mapping)
    ignored: tuple[str, ...] = field(default=(), converter=_names)
    missing: Mapping[str, Reason] = field(factory=dict, converter=_reasons)
    thousands: str = field(default="", validator=_separator)
    fewer_than_from: int = field(
        default=0, validator=_must_be("an integer of at least 0", "1", is_integer)
    )
    flags: "Texts" = field(factory=dict, validator=[_mapping, _marks])
    dates: str = field(
        default="day",
        validator=_must_be(f"one of {', '.join(_DATES)}", "'year'", _DATES.__contains__),
    )
    added: "Lists" = field(factory=dict, validator=[_mapping, _added])
    classifications: tuple[Classification, ...] = field(default=(), converter=_classifications)
    repeated: "Repeated" = field(
        default="conflicting",
        validator=_must_be(
            "'conflicting', 'first' or 'last'", "'conflicting'", _TREATMENTS.__contains__
        ),
    )

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
            name: {**texts, **self.recode.get(name, {})}
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
            added={**other.added, **self.added},
            classifications=dict.fromkeys([*self.classifications, *other.classifications]),
        )


def schemas_of(declaration: Declaration) -> list[Schema]:
    """Return the schemas of the kinds of count that a file can contain."""
    if declaration.kind is None or "table" in declaration.columns.values():
        return [schema_of(kind, *declaration.classifications) for kind in KINDS]
    return [schema_of(declaration.kind, *declaration.classifications)]


def targets_of(declaration: Declaration) -> list[str]:
    """Return the names to which columns can be declared."""
    names = (name for schema in schemas_of(declaration) for name in schema.names)
    return list(dict.fromkeys([*names, *_MEASURES, "table", "kind", MULTIPLE]))
