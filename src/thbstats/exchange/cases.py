"""Cases: one row per person, with category codes."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats._mappings import FrozenDict
from thbstats.display import Cell, Column, Displayable, DisplayTable, Group, count
from thbstats.errors import InvalidValue, UnknownName, did_you_mean
from thbstats.records import Schema, Source, schema_of


# mypy does not understand `tuple` itself as a converter.
def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(names)


def _fixed(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    return FrozenDict(mapping)


def _lists(mapping: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    return FrozenDict({name: tuple(codes) for name, codes in mapping.items()})


@frozen(kw_only=True, eq=False, repr=False)
class Cases(Displayable):
    """Cases: persons with their answers, one row each.

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
    columns: tuple[str, ...] = field(converter=_names)
    multiple: Mapping[str, tuple[str, ...]] = field(factory=dict, converter=_lists)
    other: tuple[str, ...] = field(default=(), converter=_names)
    source: Source | None = None
    constants: Mapping[str, str] = field(factory=dict, converter=_fixed)
    default_area: str | None = None
    answer_counts: pd.DataFrame = field(factory=pd.DataFrame)

    def __attrs_post_init__(self) -> None:
        for name in (*self.columns, *self.multiple, *self.constants):
            if name not in self.schema.names:
                hint = did_you_mean(name, self.schema.names)
                raise UnknownName("must be a dimension of victims", field=name, hint=hint)
        for name in {*self.constants} & {*self.columns, *self.multiple}:
            hint = "Remove it from constants, and select cases with .where(...)"
            raise InvalidValue("must not be a column of the cases", field=name, hint=hint)
        for name, kind in self._kinds().items():
            if name not in self.frame.columns:
                hint = did_you_mean(name, map(str, self.frame.columns))
                raise UnknownName("must be a column of the frame", field=name, hint=hint)
            _check_kind(name, self.frame[name], kind)
        for name in self.columns:
            _check_codes(self.schema, name, self.frame[name].cat.categories)
        for name, codes in self.multiple.items():
            _check_codes(self.schema, name, codes)

    @property
    def schema(self) -> Schema:
        """The dimensions of victims."""
        return schema_of("victims")

    def _kinds(self) -> dict[str, str]:
        flags = (f"{name}={code}" for name, codes in self.multiple.items() for code in codes)
        return dict.fromkeys(self.columns, "category") | dict.fromkeys(flags, "boolean")

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
        selected = np.ones(len(self), dtype=np.bool_)
        for name, value in selection.items():
            values = [value] if isinstance(value, (str, int)) else list(value)
            selected &= self._selected(name, values)
        return evolve(self, frame=self.frame.loc[selected].reset_index(drop=True))

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
        selected = np.ones(len(self), dtype=np.bool_)
        for name in names:
            self._require(name)
            if name in self.columns:
                column = self.frame[name]
                selected &= (column.notna() & (column.astype(object) != "unknown")).to_numpy()
            else:
                selected &= self._applies(name, self.multiple[name])
        return evolve(self, frame=self.frame.loc[selected].reset_index(drop=True))

    def _selected(self, name: str, values: list[Any]) -> NDArray[np.bool_]:
        if name in self.other:
            return self.frame[name].astype(object).isin([str(w) for w in values]).to_numpy()
        self._require(name)
        codes = [self.schema[name].parse(text) for text in values]
        if name in self.columns:
            return self.frame[name].isin(codes).to_numpy()
        for code in codes:
            if code not in self.multiple[name]:
                hint = did_you_mean(code, self.multiple[name])
                raise UnknownName(
                    "must be a category of the cases", field=name, value=code, hint=hint
                )
        return self._applies(name, codes)

    def _applies(self, name: str, codes: Iterable[str]) -> NDArray[np.bool_]:
        columns = [self.frame[f"{name}={code}"] for code in codes]
        result = [column.fillna(False).to_numpy(dtype=np.bool_) for column in columns]
        selected: NDArray[np.bool_] = np.logical_or.reduce(
            [np.zeros(len(self), dtype=np.bool_), *result]
        )
        return selected

    def _require(self, name: str) -> None:
        names = (*self.columns, *self.multiple)
        if name not in names:
            hint = did_you_mean(name, names)
            raise UnknownName("must be a dimension of the cases", field=name, hint=hint)

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
            rows += [[_label(code), count(int(n))] for code, n in top[:_LISTED]]
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


_LISTED = 10


def _label(code: object) -> str:
    return code if isinstance(code, str) else "(missing)"


def _check_kind(name: str, column: "pd.Series[Any]", kind: str) -> None:
    if str(column.dtype) != kind:
        raise InvalidValue(
            f"must have the dtype {kind}, got {column.dtype}",
            field=name,
            hint=f"frame[{name!r}] = frame[{name!r}].astype({kind!r})",
        )


def _check_codes(schema: Schema, name: str, codes: Iterable[str]) -> None:
    for code in codes:
        if schema[name].parse(code) != code:
            raise InvalidValue(
                "must be a category code",
                field=name,
                value=code,
                hint=f"Use {schema[name].parse(code)!r}",
            )
