"""Cases: one row a person, in our words, before anybody is counted."""

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

__all__ = ["Cases"]


# mypy does not understand `tuple` itself as a converter.
def _names(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(given)


def _fixed(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return FrozenDict(given)


def _lists(given: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    return FrozenDict({name: tuple(codes) for name, codes in given.items()})


@frozen(kw_only=True, eq=False, repr=False)
class Cases(Displayable):
    """Persons as a file of cases records them, each in one row.

    Parameters
    ----------
    frame : DataFrame
        A row for each person. A dimension with one answer is a categorical column of our codes:
        ``"unknown"`` where the source recorded that it is unknown, missing where it recorded
        nothing. A dimension with several answers is a nullable boolean column for each code,
        such as ``"exploitation=sexual"``: true, false, or missing where nobody answered.
    columns : tuple of str
        The dimensions with one answer.
    multiple : mapping of str to tuple of str
        The dimensions with several answers, and the codes that have a column.
    other : tuple of str
        Columns of the file as they stand there.
    source : Source, optional
        Where the cases were published, with its terms.
    constants : mapping of str to str
        What holds for every person, such as ``{"status": "presumed"}``.
    default_area : str, optional
        The area of all cases if some record none and no other area is given: the area that the
        publisher states for the whole data set, such as ``"WORLD"``.
    seen : DataFrame
        For each column of the file: how many cells are ``recorded``, ``empty``, ``-99``,
        ``Unknown``.

    Raises
    ------
    UnknownName
        If a column is no dimension of victims, or is not in the frame.
    InvalidValue
        If a code is not canonical, or a column holds what its kind does not.

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
    seen: pd.DataFrame = field(factory=pd.DataFrame)

    def __attrs_post_init__(self) -> None:
        for name in (*self.columns, *self.multiple, *self.constants):
            if name not in self.schema.names:
                hint = did_you_mean(name, self.schema.names)
                raise UnknownName("victims have no such dimension", field=name, hint=hint)
        for name in {*self.constants} & {*self.columns, *self.multiple}:
            hint = "Leave it out of constants, and choose with .where(...)"
            raise InvalidValue("recorded for each case", field=name, hint=hint)
        for name, kind in self._kinds().items():
            if name not in self.frame.columns:
                hint = did_you_mean(name, map(str, self.frame.columns))
                raise UnknownName("the frame has no such column", field=name, hint=hint)
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
        """Return the cases of a selection; what is not named may be anything.

        Parameters
        ----------
        **selection
            For a dimension or another column, one word or several. Of a dimension with several
            answers, those to whom one of the words applies.

        Raises
        ------
        UnknownName
            If there is no such column or word.
        """
        chosen = np.ones(len(self), dtype=np.bool_)
        for name, given in selection.items():
            column = [given] if isinstance(given, (str, int)) else list(given)
            chosen &= self._chosen(name, column)
        return evolve(self, frame=self.frame.loc[chosen].reset_index(drop=True))

    def recorded(self, *names: str) -> "Cases":
        """Return the cases that record some dimensions; the rest cannot be told apart by them.

        Parameters
        ----------
        *names : str
            Dimensions.

        Raises
        ------
        UnknownName
            If the cases do not record a dimension.
        """
        chosen = np.ones(len(self), dtype=np.bool_)
        for name in names:
            self._require(name)
            if name in self.columns:
                column = self.frame[name]
                chosen &= (column.notna() & (column.astype(object) != "unknown")).to_numpy()
            else:
                chosen &= self._applies(name, self.multiple[name])
        return evolve(self, frame=self.frame.loc[chosen].reset_index(drop=True))

    def _chosen(self, name: str, column: list[Any]) -> NDArray[np.bool_]:
        if name in self.other:
            return self.frame[name].astype(object).isin([str(w) for w in column]).to_numpy()
        self._require(name)
        codes = [self.schema[name].parse(text) for text in column]
        if name in self.columns:
            return self.frame[name].isin(codes).to_numpy()
        for code in codes:
            if code not in self.multiple[name]:
                hint = did_you_mean(code, self.multiple[name])
                raise UnknownName("the cases do not record this", field=name, value=code, hint=hint)
        return self._applies(name, codes)

    def _applies(self, name: str, codes: Iterable[str]) -> NDArray[np.bool_]:
        columns = [self.frame[f"{name}={code}"] for code in codes]
        found = [column.fillna(False).to_numpy(dtype=np.bool_) for column in columns]
        chosen: NDArray[np.bool_] = np.logical_or.reduce(
            [np.zeros(len(self), dtype=np.bool_), *found]
        )
        return chosen

    def _require(self, name: str) -> None:
        known = (*self.columns, *self.multiple)
        if name not in known:
            hint = did_you_mean(name, known)
            raise UnknownName("the cases do not record this", field=name, hint=hint)

    def to_frame(self) -> pd.DataFrame:
        """Return the cases as a frame of its own, which may be changed."""
        return self.frame.copy()

    def display_table(self) -> DisplayTable:
        """Return how many persons have each answer, as a sheet."""
        rows: list[Group | list[Cell | str]] = []
        for name in self.columns:
            found = self.frame[name].value_counts(dropna=False, sort=True)
            rows.append(Group(name.replace("_", " ")))
            top = [(code, n) for code, n in found.items() if n]
            rows += [[_label(code), count(int(n))] for code, n in top[:_SHOWN]]
            if len(top) > _SHOWN:
                rest = sum(int(n) for _, n in top[_SHOWN:])
                rows.append([f"{len(top) - _SHOWN} more", count(rest)])
        for name, codes in self.multiple.items():
            rows.append(Group(f"{name.replace('_', ' ')} (several answers are possible)"))
            rows += [[code, count(int(self.frame[f"{name}={code}"].sum()))] for code in codes]
        return DisplayTable(
            caption=f"{count(len(self))} cases",
            columns=["what is recorded", Column("persons", "right")],
            rows=rows,
            notes=[] if self.source is None else [f"Source: {self.source}. {self.source.terms}"],
        )

    def __len__(self) -> int:
        return len(self.frame)

    def __repr__(self) -> str:
        shown = ", ".join([*self.columns, *self.multiple])
        return f"<Cases: {len(self)} persons by {shown or 'nothing'}>"


_SHOWN = 10


def _label(code: object) -> str:
    return code if isinstance(code, str) else "(nothing recorded)"


def _check_kind(name: str, column: "pd.Series[Any]", kind: str) -> None:
    if str(column.dtype) != kind:
        raise InvalidValue(
            f"a column of dtype {column.dtype} where {kind} is needed",
            field=name,
            hint=f"frame[{name!r}] = frame[{name!r}].astype({kind!r})",
        )


def _check_codes(schema: Schema, name: str, codes: Iterable[str]) -> None:
    for code in codes:
        if schema[name].parse(code) != code:
            raise InvalidValue(
                "not our code for it",
                field=name,
                value=code,
                hint=f"Use {schema[name].parse(code)!r}",
            )
