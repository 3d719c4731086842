"""Schema of pandera for frames with the columns of a table."""

from typing import TYPE_CHECKING, Any

from thbstats.display.displayable import import_optional
from thbstats.files.data_packages import table_schema
from thbstats.records import Record, Schema, schema_of

if TYPE_CHECKING:
    import pandas as pd
    from pandera.pandas import DataFrameSchema

_DTYPES = {"string": None, "integer": "Int64", "number": "float64"}
"""A text can be a category or a string; a missing integer needs the type with a mask."""


def pandera_schema(kind: str | type[Record] | Schema) -> "DataFrameSchema":
    """Return the schema of pandera for the columns of `CountTable.to_frame`.

    It checks columns, codes, flags and bounds: ``lower`` is at most ``upper``, and a ``value``
    equals both. Integers become the nullable type ``Int64``. Each combination of dimensions is
    unique.

    Parameters
    ----------
    kind : str, type of Record or Schema
        ``"victims"``, ``"justice"``, ``"protection"`` or ``"cooperation"``, or a schema with
        dimensions of your own.

    Returns
    -------
    pandera.pandas.DataFrameSchema
        Its method ``validate`` returns the frame or raises the errors of pandera.

    Raises
    ------
    UnknownName
        If the kind does not exist.
    MissingExtra
        If pandera is not installed.

    Examples
    --------
    >>> import thbstats as thb
    >>> from thbstats.files import pandera_schema
    >>> table = thb.CountTable.from_rows(
    ...     [("prosecuted", 5979), ("convicted", thb.Count.suppressed())],
    ...     columns=["stage", "value"], kind="justice", area="EU28", period="2015-2016",
    ... )
    >>> frame = pandera_schema("justice").validate(table.to_frame())  # doctest: +SKIP
    """
    pandera = import_optional("pandera.pandas", "a schema of pandera", extra="pandera")
    shape = table_schema(schema_of(kind), unanswered=True)
    fields = {field["name"]: field for field in shape["fields"] if field["name"] != "table"}
    # A frame has the upper bound inf where a file has an empty cell.
    limits = {"required": True, "minimum": 0}
    fields["upper"] = {"name": "upper", "type": "number", "constraints": limits}
    columns = {name: _column(pandera, field) for name, field in fields.items()}
    return pandera.DataFrameSchema(  # type: ignore[no-any-return]
        columns,
        checks=[
            pandera.Check(_is_ordered, error="lower must be at most upper"),
            pandera.Check(_is_exact, error="value must equal lower and upper"),
        ],
        strict=True,
        unique=shape["primaryKey"],
    )


def _column(pandera: Any, field: dict[str, Any]) -> Any:
    check, limits = pandera.Check, field.get("constraints", {})
    dtype = _DTYPES[field["type"]]
    known = {
        "enum": check.isin,
        "pattern": check.str_matches,
        "minimum": check.ge,
        "maximum": check.le,
    }
    checks = [make(limits[name]) for name, make in known.items() if name in limits]
    required = limits.get("required", False)
    return pandera.Column(
        dtype, checks, nullable=not required, required=required, coerce=dtype is not None
    )


def _is_ordered(frame: "pd.DataFrame") -> "pd.Series[bool]":
    return frame["lower"].astype("float64") <= frame["upper"]


def _is_exact(frame: "pd.DataFrame") -> "pd.Series[bool]":
    if "value" not in frame:
        return frame["lower"].notna()
    value = frame["value"].astype("Float64")
    same = (value == frame["lower"]) & (value == frame["upper"])
    return same.fillna(True).astype(bool)
