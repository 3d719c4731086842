"""Fields of the frames of panels, and their schemas."""

from collections.abc import Callable, Iterable
from math import isnan
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from attrs import field, frozen

from thbstats._properties import cached_property
from thbstats._schemas import DIALECT
from thbstats.columns import Coded, Fractions
from thbstats.display.displayable import import_optional
from thbstats.geography import Area
from thbstats.geography.spellings import by_code
from thbstats.panel.kind import Status
from thbstats.panel.warning import Severity

if TYPE_CHECKING:
    import pandas as pd
    from pandera.pandas import DataFrameSchema
    from pydantic import BaseModel

FieldType = Literal["string", "number", "integer", "boolean", "codes"]

_SEVERITIES = ("", *map(str, Severity))


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(names)


@frozen(kw_only=True)
class FrameField:
    """A column of the frame of a panel.

    Parameters
    ----------
    name : str
        The name of the column.
    type : {"string", "number", "integer", "boolean", "codes"}
        The type of its values; ``"codes"`` are lists of texts.
    description : str
        The content in one phrase.
    column : callable
        A function from a panel to the column.
    is_nullable : bool
        Whether a value can be missing.
    known : tuple of str
        The only texts of the column; by default any text.
    """

    name: str
    type: FieldType
    description: str
    column: Callable[[Any], Any] = field(repr=False)
    is_nullable: bool = False
    known: tuple[str, ...] = ()


def bound_field(name: str, description: str, column: Callable[[Any], Any]) -> FrameField:
    """Return the field of one bound; ``inf`` if it is not bounded."""
    return FrameField(
        name=name, type="number", description=description, column=column, is_nullable=True
    )


def number_fields(
    name: str, description: str, numbers: Callable[[Any], Fractions]
) -> tuple[FrameField, ...]:
    """Return the fields of exact numbers: the value, the lower and the upper bound."""
    return (
        bound_field(
            name,
            f"{description}; missing unless it is one number",
            lambda panel: exact_values(numbers(panel)),
        ),
        bound_field(f"{name}_lower", f"Lower bound of {name}", lambda panel: numbers(panel).lower),
        bound_field(f"{name}_upper", f"Upper bound of {name}", lambda panel: numbers(panel).upper),
    )


def exact_values(numbers: Fractions) -> Any:
    """Return the numbers with one value as floats, and ``nan`` for other numbers."""
    return np.where(numbers.is_point, numbers.lower, np.nan)


def text_field(name: str, description: str, column: Callable[[Any], Coded[Any]]) -> FrameField:
    """Return the field of texts."""
    return FrameField(
        name=name,
        type="string",
        description=description,
        column=lambda panel: _texts(column(panel)),
    )


def _texts(column: Coded[Any]) -> Any:
    words = np.array([str(own) for own in column.categories] or [""], dtype=object)
    return words[column.codes]


def _iso3(area: Area) -> str:
    country = by_code().get(min(area.members)) if len(area.members) == 1 else None
    return "" if country is None else country.iso3


def _coverage(panel: Any) -> Any:
    number = Coded.from_values(panel.n_reporters.tolist())

    def text(n_reporters: int, area: Area) -> str:
        size = len(area.members)
        return f"not listed, of {size}" if n_reporters < 0 else f"{n_reporters} of {size}"

    return _texts(number.combine(panel.area, text))


def _codes(panel: Any) -> Any:
    codes = np.empty(len(panel.codes.categories), dtype=object)
    codes[:] = [list(own) for own in panel.codes.categories]
    return codes[panel.codes.codes]


_ISO3 = text_field(
    "area_iso3",
    "ISO 3166 alpha-3 code of a country; empty for other areas",
    lambda panel: panel.area.map(_iso3),
)
_LABEL = text_field(
    "area_label", "Name of the area", lambda panel: panel.area.map(lambda area: area.label)
)
_STATUSES = np.array([status.code for status in Status], dtype=object)

_SHARED = (
    *number_fields(
        "value",
        "Number over the countries with complete and consistent data",
        lambda panel: panel.value,
    ),
    bound_field("lower", "Lower bound for the whole area", lambda panel: panel.bounds.lower),
    bound_field("upper", "Upper bound for the whole area", lambda panel: panel.bounds.upper),
    bound_field(
        "lower_with_unknown",
        "Lower bound with unknown categories allocated",
        lambda panel: panel.bounds_with_unknown.lower,
    ),
    bound_field(
        "upper_with_unknown",
        "Upper bound with unknown categories allocated",
        lambda panel: panel.bounds_with_unknown.upper,
    ),
    *number_fields("numerator", "Numerator", lambda panel: panel.numerator),
    *number_fields("denominator", "Denominator", lambda panel: panel.denominator),
    *number_fields("unknown", "Persons of unknown category", lambda panel: panel.unknown),
    *number_fields(
        "not_listed",
        "Persons in categories that the source does not list",
        lambda panel: panel.not_listed,
    ),
    FrameField(
        name="complete",
        type="boolean",
        description="Whether every country of the area has complete, consistent and exact data",
        column=lambda panel: panel.complete,
    ),
    FrameField(
        name="derived",
        type="boolean",
        description="Whether the value follows from other rows",
        column=lambda panel: panel.derived,
    ),
    FrameField(
        name="coverage",
        type="string",
        description="Number of reporting countries, such as “23 of 27”",
        column=_coverage,
    ),
    FrameField(
        name="status",
        type="string",
        description="Whether there is a value, and the reason if there is none",
        column=lambda panel: _STATUSES[panel.status],
        known=tuple(_STATUSES),
    ),
    FrameField(
        name="severity",
        type="string",
        description="Highest severity of the warnings; empty without a warning",
        column=lambda panel: _texts(panel.severity),
        known=_SEVERITIES,
    ),
    FrameField(
        name="warnings",
        type="codes",
        description="Codes of the warnings, the most severe first",
        column=_codes,
    ),
)
"""The fields of every panel after its dimensions."""


@frozen(kw_only=True)
class PanelSchema:
    """The fields of the frame of a panel, and their schemas for other libraries.

    Parameters
    ----------
    keys : tuple of str
        The dimensions of ``by=``; without any, the frame has ``label``, ``area`` and ``period``.
    iso3, labels : bool
        As for `Panel.to_frame`.
    further : tuple of FrameField
        The further fields of a subclass, such as ``Ranking.frame_fields``.

    Examples
    --------
    >>> from thbstats.panel import PanelSchema
    >>> schema = PanelSchema(keys=["area", "period"])
    >>> [item.name for item in schema.fields][:5]
    ['area', 'period', 'value', 'value_lower', 'value_upper']
    >>> schema.to_json_schema()["items"]["properties"]["value"]["type"]
    ['number', 'null']
    """

    keys: tuple[str, ...] = field(default=(), converter=_names)
    iso3: bool = False
    labels: bool = False
    further: tuple[FrameField, ...] = ()

    @cached_property
    def fields(self) -> tuple[FrameField, ...]:
        """The fields in the order of the frame."""

        def key_field(name: str) -> FrameField:
            return text_field(name, f"Dimension {name}", lambda panel: panel.keys[name])

        result = [key_field(name) for name in self.keys] or [
            text_field("label", "Label of the number", lambda panel: panel.label),
            text_field("area", "Area", lambda panel: panel.area),
            text_field("period", "Reference period", lambda panel: panel.period),
        ]
        names = [item.name for item in result]
        after = names.index("area") + 1 if "area" in names else len(names)
        more = [item for item, is_added in ((_ISO3, self.iso3), (_LABEL, self.labels)) if is_added]
        if "area" in names:
            result[after:after] = more
        return (*result, *_SHARED, *self.further)

    def columns(self, panel: Any) -> dict[str, Any]:
        """Return the columns of a panel as arrays; a missing number is ``nan``."""
        return {item.name: item.column(panel) for item in self.fields}

    def to_json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the rows of the frame, as a list of objects.

        JSON has no infinity: ``null`` is a missing number or no bound.
        """
        properties = {
            item.name: {**_json_type(item), "description": item.description} for item in self.fields
        }
        return {
            "$schema": DIALECT,
            "title": "Rows of the frame of a panel of thbstats",
            "type": "array",
            "items": {
                "type": "object",
                "required": list(properties),
                "additionalProperties": False,
                "properties": properties,
            },
        }

    def to_pandera(self) -> "DataFrameSchema":
        """Return the schema of pandera for the pandas frame.

        It checks columns, types and codes. A lower bound is at most the upper bound, and a number
        equals its bounds.

        Returns
        -------
        pandera.pandas.DataFrameSchema
            Its method ``validate`` returns the frame or raises the errors of pandera.

        Raises
        ------
        MissingExtra
            If pandera is not installed.
        """
        pandera = import_optional("pandera.pandas", "a schema of pandera", extra="pandera")
        columns, checks = {}, []
        pairs = [("lower", "upper"), ("lower_with_unknown", "upper_with_unknown")]
        for item in self.fields:
            own = [pandera.Check.isin(item.known)] if item.known else []
            if item.type == "codes":
                own = [pandera.Check(_is_list, element_wise=True, error="must be a list of codes")]
            dtype = _PANDAS_TYPES.get(item.type)
            columns[item.name] = pandera.Column(
                dtype,
                own,
                nullable=item.is_nullable,
                description=item.description,
                coerce=dtype is not None,
            )
        for name in columns:
            lower, upper = f"{name}_lower", f"{name}_upper"
            if lower in columns and upper in columns:
                pairs.append((lower, upper))
                exact = _is_exact(name, lower, upper)
                checks.append(pandera.Check(exact, error=f"{name} must equal its bounds"))
        checks += [
            pandera.Check(_is_ordered(*pair), error="{} must be at most {}".format(*pair))
            for pair in pairs
        ]
        return pandera.DataFrameSchema(columns, checks=checks, strict=True)  # type: ignore[no-any-return]

    def to_pydantic(self) -> "type[BaseModel]":
        """Return the model of pydantic for one row of the frame.

        A missing number is ``None``; ``nan`` is read as ``None``.

        Raises
        ------
        MissingExtra
            If pydantic is not installed.
        """
        pydantic = import_optional("pydantic", "a model of pydantic", extra="pydantic")
        types: dict[str, Any] = {
            "string": str,
            "number": Annotated[float | None, pydantic.BeforeValidator(_null_of)],
            "integer": int,
            "boolean": bool,
            "codes": list[str],
        }
        fields: dict[str, Any] = {
            item.name: (
                Literal[item.known] if item.known else types[item.type],
                pydantic.Field(description=item.description),
            )
            for item in self.fields
        }
        model: type[BaseModel] = pydantic.create_model(
            "PanelRow", __config__=pydantic.ConfigDict(extra="forbid"), **fields
        )
        return model


_PANDAS_TYPES = {"number": "float64", "integer": "int64", "boolean": "bool"}
"""The types of pandas. A text can be an object or a string, and a list is an object."""


def _json_type(item: FrameField) -> dict[str, Any]:
    if item.known:
        return {"enum": list(item.known)}
    if item.type == "codes":
        return {"type": "array", "items": {"type": "string"}}
    return {"type": [item.type, "null"] if item.is_nullable else item.type}


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(code, str) for code in value)


def _is_ordered(lower: str, upper: str) -> "Callable[[pd.DataFrame], pd.Series[bool]]":
    return lambda frame: ~(frame[lower] > frame[upper])


def _is_exact(name: str, lower: str, upper: str) -> "Callable[[pd.DataFrame], pd.Series[bool]]":
    return lambda frame: (
        frame[name].isna() | ((frame[name] == frame[lower]) & (frame[name] == frame[upper]))
    )


def _null_of(value: object) -> object:
    return None if isinstance(value, float) and isnan(value) else value
