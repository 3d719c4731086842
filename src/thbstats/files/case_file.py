"""Case files: one row per person, with category codes, and the answers they are read from."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats._mappings import FrozenDict
from thbstats.display import Cell, Column, DisplayTable, Group, Tabular, count
from thbstats.errors import InvalidValue, require_name
from thbstats.files.ledger import as_tuple
from thbstats.records import Schema, Source, schema_of

_LISTED = 10


def _lists(mapping: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    return FrozenDict({name: tuple(codes) for name, codes in mapping.items()})


@frozen(kw_only=True, eq=False, repr=False)
class Cases(Tabular):
    """Case-level data: one row per person.

    Parameters
    ----------
    frame : DataFrame
        A row for each person. A dimension with one answer is a categorical column of codes:
        ``"unknown"`` if the source recorded "unknown", missing if it recorded nothing. A dimension
        with multiple response is a nullable boolean column for each code, such as
        ``"exploitation=sexual"``: true, false or missing.
    columns : tuple of str
        The dimensions with one answer.
    multiple : mapping of str to tuple of str
        The dimensions with multiple response, and the codes with a column.
    other : tuple of str
        Other columns of the file, unchanged.
    source : Source, optional
        The publication of the cases, with its terms.
    constants : mapping of str to str
        Values that apply to every person, such as ``{"status": "presumed"}``.
    default_area : str, optional
        The area of all cases if some have none and no other area is given: the area that the
        publisher states for the whole data set, such as ``"WORLD"``.
    kind : Schema or str
        The schema of the dimensions, with the classifications of further dimensions; by default
        ``"victims"``. The attribute is ``schema``.
    answer_counts : DataFrame
        For each column of the file, the number of cells that are ``known``, ``empty``, ``-99`` and
        ``Unknown``.

    Raises
    ------
    UnknownName
        If a column is not a dimension of victims, or not in the frame.
    InvalidValue
        If a code is not canonical, or a column has an invalid type.

    Examples
    --------
    >>> import pandas as pd
    >>> cases = Cases(
    ...     frame=pd.DataFrame(
    ...         {
    ...             "sex": pd.Categorical(["female", "female", None]),
    ...             "exploitation=sexual": pd.array([True, True, None], dtype="boolean"),
    ...             "exploitation=labour": pd.array([False, True, None], dtype="boolean"),
    ...         }
    ...     ),
    ...     columns=["sex"],
    ...     multiple={"exploitation": ["sexual", "labour"]},
    ... )
    >>> import thbstats as thb
    >>> table = thb.count_cases(cases, ["sex", "exploitation"], area="MT", period=2020)
    >>> [table.count(exploitation=form).lower for form in ("sexual", "labour", "unknown", "total")]
    [2, 1, 1, 3]
    """

    frame: pd.DataFrame
    columns: tuple[str, ...] = field(converter=as_tuple)
    multiple: Mapping[str, tuple[str, ...]] = field(factory=dict, converter=_lists)
    other: tuple[str, ...] = field(default=(), converter=as_tuple)
    source: Source | None = None
    constants: Mapping[str, str] = field(factory=dict, converter=FrozenDict)
    default_area: str | None = None
    schema: Schema = field(default=schema_of("victims"), converter=schema_of, alias="kind")
    answer_counts: pd.DataFrame = field(factory=pd.DataFrame)

    def __attrs_post_init__(self) -> None:
        for name in (*self.columns, *self.multiple, *self.constants):
            require_name(name, self.schema.names, "must be a dimension of victims")
        for name in {*self.constants} & {*self.columns, *self.multiple}:
            hint = "Remove it from constants, and select cases with .where(...)"
            raise InvalidValue("must not be a column of the cases", field=name, hint=hint)
        flags = [f"{name}={code}" for name, codes in self.multiple.items() for code in codes]
        kinds = dict.fromkeys(self.columns, "category") | dict.fromkeys(flags, "boolean")
        for name, kind in kinds.items():
            require_name(name, map(str, self.frame.columns), "must be a column of the frame")
            if str(dtype := self.frame[name].dtype) != kind:
                raise InvalidValue(
                    f"must have the dtype {kind}, got {dtype}",
                    field=name,
                    hint=f"frame[{name!r}] = frame[{name!r}].astype({kind!r})",
                )
        codes_of: dict[str, Iterable[str]] = dict(self.multiple)
        codes_of |= {name: self.frame[name].cat.categories for name in self.columns}
        for name, codes in codes_of.items():
            for code in codes:
                if (canonical := self.schema[name].parse(code)) != code:
                    problem, hint = "must be a category code", f"Use {canonical!r}"
                    raise InvalidValue(problem, field=name, value=code, hint=hint)

    def where(self, **selection: Any) -> "Cases":
        """Return the cases of a selection.

        Parameters
        ----------
        **selection
            For a dimension or another column, one value or several. For a dimension with multiple
            response, cases to which one of the values applies.

        Raises
        ------
        UnknownName
            If a column or value is not known.
        """
        masks = []
        for name, value in selection.items():
            values = [value] if isinstance(value, (str, int)) else list(value)
            if name in self.other:
                texts = [str(item) for item in values]
                masks.append(self.frame[name].astype(object).isin(texts).to_numpy())
                continue
            self._require(name)
            codes = [self.schema[name].parse(text) for text in values]
            if name in self.columns:
                masks.append(self.frame[name].isin(codes).to_numpy())
                continue
            for code in codes:
                problem = "must be a category of the cases"
                require_name(code, self.multiple[name], problem, field=name)
            masks.append(self._applies(name, codes))
        return self._take(masks)

    def known(self, *names: str) -> "Cases":
        """Return the cases with known values of dimensions.

        Parameters
        ----------
        *names : str
            Dimensions.

        Raises
        ------
        UnknownName
            If the cases do not contain a dimension.
        """
        masks = []
        for name in names:
            self._require(name)
            if name in self.columns:
                column = self.frame[name]
                masks.append((column.notna() & (column.astype(object) != "unknown")).to_numpy())
            else:
                masks.append(self._applies(name, self.multiple[name]))
        return self._take(masks)

    def _take(self, masks: list[NDArray[np.bool_]]) -> "Cases":
        selected = np.logical_and.reduce([np.ones(len(self), dtype=np.bool_), *masks])
        return evolve(self, frame=self.frame.loc[selected].reset_index(drop=True))

    def _applies(self, name: str, codes: Iterable[str]) -> NDArray[np.bool_]:
        selected = np.zeros(len(self), dtype=np.bool_)
        for code in codes:
            selected |= self.frame[f"{name}={code}"].fillna(False).to_numpy(dtype=np.bool_)
        return selected

    def _require(self, name: str) -> None:
        names = (*self.columns, *self.multiple)
        require_name(name, names, "must be a dimension of the cases")

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the frame."""
        return self.frame.copy()

    def display_table(self) -> DisplayTable:
        """Return the number of persons by answer as a sheet."""
        rows: list[Group | list[Cell | str]] = []
        for name in self.columns:
            result = self.frame[name].value_counts(dropna=False, sort=True)
            rows.append(Group(name.replace("_", " ")))
            top = [(code, n) for code, n in result.items() if n]
            rows += [
                [code if isinstance(code, str) else "(missing)", count(int(n))]
                for code, n in top[:_LISTED]
            ]
            if len(top) > _LISTED:
                remaining = sum(int(n) for _, n in top[_LISTED:])
                rows.append([f"{len(top) - _LISTED} more", count(remaining)])
        for name, codes in self.multiple.items():
            rows.append(Group(f"{name.replace('_', ' ')} (multiple response)"))
            rows += [[code, count(int(self.frame[f"{name}={code}"].sum()))] for code in codes]
        return DisplayTable(
            caption=f"{count(len(self))} cases",
            columns=["Category", Column("Persons", "right")],
            rows=rows,
            notes=[] if self.source is None else [f"Source: {self.source}. {self.source.terms}"],
        )

    def __len__(self) -> int:
        return len(self.frame)

    def __repr__(self) -> str:
        names = ", ".join([*self.columns, *self.multiple])
        return f"<Cases: {len(self)} persons by {names or 'no dimension'}>"


Truth = NDArray[np.int8]
"""Answers of persons: `FALSE`, `NOTHING` (missing) or `TRUE`."""

# In this order, the maximum of two answers is their logical "or".
FALSE, NOTHING, TRUE = 0, 1, 2

YES_OR_NO = dict.fromkeys(("1", "true", "True", "TRUE"), TRUE)
YES_OR_NO |= dict.fromkeys(("0", "false", "False", "FALSE"), FALSE)
"""Texts that answer a question with yes or no."""


def either(answers: Iterable[Truth]) -> Truth:
    """Return the logical "or" of answers: true if one is true, false if all are."""
    result: Truth = np.maximum.reduce(list(answers))
    return result
