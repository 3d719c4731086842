"""What the columns of a file are in our words: said by a user, or known of a source."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen

from thbstats.errors import InvalidValue, ThbstatsError, UnknownName, did_you_mean
from thbstats.exchange.numerals import GAPS, Numerals
from thbstats.records import KINDS, Schema, schema_of
from thbstats.values import Reason, is_integer

__all__ = ["SEVERAL", "Declaration", "Repeated", "problems_of"]

SEVERAL = "*"
"""Stands for a column each of whose words says several things at once."""

Repeated = Literal["conflicting", "first", "last"]

_MEASURES = (
    "value",
    "lower",
    "upper",
    "reason",
    "flags",
    "findings",
    "unanswered",
    "confidentiality",
    "source",
    "reporters",
    "n_reporters",
)


def _refused(name: str, value: object, needed: str) -> InvalidValue:
    return InvalidValue(
        "this is not what a declaration takes", field=name, value=value, hint=f"Give {needed}"
    )


def _mapping(_: object, attribute: Any, value: object) -> None:
    if not isinstance(value, Mapping):
        raise _refused(attribute.name, value, "a mapping, such as {'Year': ...}")


def _words_by_column(_: object, attribute: Any, value: Any) -> None:
    _mapping(_, attribute, value)
    for name, words in value.items():
        if not isinstance(words, Mapping):
            needed = "for each column a mapping from its words to ours"
            raise _refused(attribute.name, {name: words}, needed)


def _whole(_: object, attribute: Any, value: object) -> None:
    if not is_integer(value):
        raise _refused(attribute.name, value, "a whole number, 0 or more")


def _reasons(given: Mapping[str, str]) -> Mapping[str, Reason]:
    if not isinstance(given, Mapping):
        raise _refused("missing", given, "a mapping, such as {'..': 'suppressed'}")
    found = {}
    for text, reason in given.items():
        if str(reason) not in list(Reason):
            raise InvalidValue(
                "no such reason for a gap",
                field="missing",
                value=reason,
                hint=did_you_mean(reason, Reason),
            )
        found[str(text)] = Reason(str(reason))
    return found


def _names(given: Iterable[str]) -> tuple[str, ...]:
    if isinstance(given, str):
        raise _refused("ignored", given, "a list of columns, such as ['Note']")
    return tuple(given)


@frozen(kw_only=True)
class Declaration:
    """What the columns of a file are.

    Parameters
    ----------
    kind : str, optional
        ``"victims"``, ``"justice"``, ``"protection"`` or ``"cooperation"``, for rows that do not
        say it themselves.
    columns : mapping of str to str
        From a column of the file to ours: a dimension, ``value``, ``flags``, ``confidentiality``
        (SDMX's letters, for which c is the flag), ``findings`` (codes), ``source``, ``lower``,
        ``upper``, ``reason``, ``reporters``, ``n_reporters``, or ``"*"`` where each
        of its words says several things, as `recode` has them. A column that says the kind of
        count is ``table``, or ``kind`` where nothing else is (cooperation has a dimension of
        that name).
    recode : mapping
        By column of the file: from a word of it to ours. A word of a column ``"*"`` is a
        mapping of our columns to words, or ``None`` for rows that are no counts (such as rates).
        Words that are not listed are read as our own words and their synonyms.
    constants : mapping
        What all rows have in common, such as ``{"area": "MT"}``.
    ignored : sequence of str
        Columns that say nothing about a count, such as a label beside a code.
    missing : mapping of str to Reason
        Signs for a gap among the values and what they say; an empty cell and ``:`` stand for
        "not reported" unless they are declared otherwise.
    thousands : str
        The sign between groups of three digits.
    fewer_than_from : int
        The smallest count that "<n" covers.
    repeated : {"conflicting", "first", "last"}
        The count of a cell that rows describe with different counts: one conflicting count, from
        the smallest to the sum of all, or the count of the first or last row.

    Raises
    ------
    InvalidValue
        If a reason or the treatment of repeated cells does not exist, or something is not of the
        type that is asked for.
    UnknownName
        If the kind does not exist.

    Examples
    --------
    >>> malta = Declaration(
    ...     kind="victims",
    ...     columns={"Year": "period", "Sex": "sex", "Value": "value"},
    ...     constants={"area": "MT", "status": "detected"},
    ... )
    >>> malta.columns["Year"]
    'period'
    """

    kind: str | None = None
    columns: Mapping[str, str] = field(factory=dict, validator=_mapping)
    recode: Mapping[str, Mapping[str, Any]] = field(factory=dict, validator=_words_by_column)
    constants: Mapping[str, Any] = field(factory=dict, validator=_mapping)
    ignored: tuple[str, ...] = field(default=(), converter=_names)
    missing: Mapping[str, Reason] = field(factory=dict, converter=_reasons)
    thousands: str = ""
    fewer_than_from: int = field(default=0, validator=_whole)
    repeated: Repeated = "conflicting"

    def __attrs_post_init__(self) -> None:
        if self.kind is not None:
            schema_of(self.kind)
        if self.repeated not in ("conflicting", "first", "last"):
            raise InvalidValue(
                "no such treatment of repeated cells",
                field="repeated",
                value=self.repeated,
                hint="Use 'conflicting', 'first' or 'last'",
            )

    @classmethod
    def of_ours(cls, names: Iterable[str], kind: str | None = None) -> "Declaration":
        """Return the declaration of a file of which the columns are named as ours.

        Parameters
        ----------
        names : iterable of str
            The columns of the file; what is not among ours stays undeclared.
        kind : str, optional
            The kind of count.

        Returns
        -------
        Declaration
        """
        found = list(names)
        known = set(_ours(cls(kind=None if "table" in found else kind))) - {SEVERAL}
        return cls(kind=kind, columns={name: name for name in found if name in known})

    @property
    def numerals(self) -> Numerals:
        """How values are written."""
        return Numerals(
            thousands=self.thousands,
            gaps={**GAPS, **self.missing},
            fewer_than_from=self.fewer_than_from,
        )

    def also(self, kind: str | None = None, **constants: Any) -> "Declaration":
        """Return it with what all rows have in common besides."""
        return evolve(self, kind=kind or self.kind, constants={**self.constants, **constants})

    def over(self, other: "Declaration") -> "Declaration":
        """Return the two together; what this one says goes before what the other does."""
        mine = set(self.columns) | set(self.ignored)
        columns = {name: ours for name, ours in other.columns.items() if name not in mine}
        said = {*self.columns.values(), *self.constants}
        columns = {
            name: ours for name, ours in columns.items() if ours not in said or ours == SEVERAL
        }
        together = {**columns, **self.columns}
        recode = {
            name: {**theirs, **self.recode.get(name, {})}
            for name, theirs in other.recode.items()
            if together.get(name) == other.columns.get(name)
        }
        constants = {name: w for name, w in other.constants.items() if name not in said}
        return evolve(
            self,
            kind=self.kind or other.kind,
            columns=together,
            recode={**self.recode, **recode},
            constants={**constants, **self.constants},
            ignored=dict.fromkeys([*self.ignored, *other.ignored]),
            missing={**other.missing, **self.missing},
            thousands=self.thousands or other.thousands,
        )


def problems_of(declaration: Declaration, frame: pd.DataFrame) -> list[ThbstatsError]:
    """Return everything that is wrong with a declaration for a file, column by column.

    Parameters
    ----------
    declaration : Declaration
        What is said of the file.
    frame : DataFrame
        Its cells.

    Returns
    -------
    list of ThbstatsError
        Empty where each column is declared, exists and is named once.
    """
    names = [str(name) for name in frame.columns]
    return [
        *_not_there(declaration, names),
        *_not_ours(declaration),
        *_twice(declaration),
        *_undeclared(declaration, frame),
        *_lacking(declaration),
    ]


def _kinds(declaration: Declaration) -> list[Schema]:
    if declaration.kind is None or "table" in declaration.columns.values():
        return [schema_of(kind) for kind in KINDS]
    return [schema_of(declaration.kind)]


def _ours(declaration: Declaration) -> list[str]:
    names = (name for schema in _kinds(declaration) for name in schema.names)
    return list(dict.fromkeys([*names, *_MEASURES, "table", "kind", SEVERAL]))


def _not_there(declaration: Declaration, names: Sequence[str]) -> list[ThbstatsError]:
    declared = (*declaration.columns, *declaration.recode)
    return [
        UnknownName("the file has no such column", field=name, hint=did_you_mean(name, names))
        for name in dict.fromkeys(declared)
        if name not in names
    ]


def _not_ours(declaration: Declaration) -> list[ThbstatsError]:
    known = _ours(declaration)
    kind = declaration.kind
    lacks = f"{kind} does not have" if kind else "no kind of count has"
    found: list[ThbstatsError] = [
        UnknownName(
            f"declared as {ours!r}, which {lacks}",
            field=name,
            hint=did_you_mean(ours, known),
        )
        for name, ours in declaration.columns.items()
        if ours not in known
    ]
    found += [
        UnknownName(f"{lacks} this", field=name, hint=did_you_mean(name, known))
        for name in declaration.constants
        if name not in known
    ]
    return found


def _twice(declaration: Declaration) -> list[ThbstatsError]:
    said: dict[str, str] = dict.fromkeys(declaration.constants, "a constant")
    found: list[ThbstatsError] = []
    for name, ours in declaration.columns.items():
        if ours in said and ours != SEVERAL:
            found.append(
                InvalidValue(
                    f"declared as {ours!r}, and so is {said[ours]}",
                    field=name,
                    hint="Leave one of them out, or put it among ignored=[...]",
                )
            )
        said.setdefault(ours, f"the column {name!r}")
    return found


def _undeclared(declaration: Declaration, frame: pd.DataFrame) -> list[ThbstatsError]:
    known = {*declaration.columns, *declaration.ignored}
    return [
        InvalidValue(
            "the declaration does not say what this column is",
            field=str(name),
            value=_first_words(frame[name]),
            hint=_advice(declaration, str(name), frame[name]),
        )
        for name in frame.columns
        if str(name) not in known
    ]


def _some_words(column: Any) -> list[str]:
    """Return the first distinct words of a column; a few are enough to advise."""
    distinct = pd.unique(np.asarray(column, dtype=object)[:1000])
    return [str(word) for word in distinct if str(word).strip()][:10]


def _first_words(column: Any) -> str:
    words = _some_words(column)
    return ", ".join(words[:5]) + (" ..." if len(words) > 5 else "")


def _advice(declaration: Declaration, name: str, column: Any) -> str:
    """Return which of our dimensions read most words of a column; it is only advice."""
    words = _some_words(column)
    taken = {*declaration.columns.values(), *declaration.constants}
    dimensions = {item.name: item for kind in _kinds(declaration) for item in kind.dimensions}
    reads = {
        ours: sum(_reads(item.parse, word) for word in words)
        for ours, item in dimensions.items()
        if ours not in taken
    }
    fitting = [ours for ours, number in reads.items() if number and number * 2 >= len(words)]
    ignore = f"or ignored=[{name!r}] where it says nothing about the count"
    if not fitting:
        return f"Add columns={{{name!r}: ...}}, {ignore}"
    best = max(fitting, key=lambda ours: reads[ours])
    options = " or ".join(repr(ours) for ours in fitting)
    return f"Its words could be {options}: add columns={{{name!r}: {best!r}}}, {ignore}"


def _reads(parse: Any, word: str) -> bool:
    try:
        parse(word)
    except ThbstatsError:
        return False
    return True


def _lacking(declaration: Declaration) -> list[ThbstatsError]:
    said = {*declaration.columns.values(), *declaration.constants}
    several = SEVERAL in said
    found: list[ThbstatsError] = []
    if declaration.kind is None and not said & {"table", "kind"} and not several:
        found.append(
            InvalidValue(
                "nothing says what the file counts",
                field="kind",
                hint="Give kind='victims', 'justice', 'protection' or 'cooperation'",
            )
        )
    if not said & {"value", "lower", "reason"}:
        found.append(
            InvalidValue(
                "no column holds the counts",
                field="value",
                hint="Declare it: columns={...: 'value'}",
            )
        )
    needed = set.intersection(*(_needed(schema) for schema in _kinds(declaration)))
    found += [
        InvalidValue(
            "every row must say this, and no column does",
            field=name,
            hint=f"Declare its column, or give one word for all: {name}=...",
        )
        for name in sorted(needed - said)
    ]
    return found


def _needed(schema: Schema) -> set[str]:
    return {dimension.name for dimension in schema.dimensions if dimension.default is None}
