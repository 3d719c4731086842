"""Tables as JSON-stat data sets."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.exchange import UnsupportedFeature
from thbstats.exchange.json_origins import origins_data
from thbstats.exchange.schemas import SCHEMA_VERSION
from thbstats.geography import Area, country_name
from thbstats.records import Dimension
from thbstats.sources.json_stat._extension import NAMES
from thbstats.tables import CountTable
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.findings import finding_codes
from thbstats.tables.origins import Origin
from thbstats.values import FLAG_LABELS, Reason, flag_set
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["document", "unsupported_features"]

_SIGNS = {Reason.SUPPRESSED: "c", Reason.NOT_APPLICABLE: "z"}
_LAST = ("geo", "time")


def document(table: CountTable) -> dict[str, Any]:
    """Return the content of a file for a table."""
    columns = table.columns
    names = {name: NAMES.get(name, name) for name in columns.schema.names}
    order = sorted(names, key=lambda name: (names[name] in _LAST, names[name] == "time"))
    axes = [_sorted(columns.schema[name], columns[name]) for name in order]
    numbers = _raveled(axes, len(columns))
    rows = np.argsort(numbers, kind="stable")
    keys = np.array([str(number) for number in numbers[rows].tolist()], dtype=object)
    columns = columns.take(rows)
    statuses = _Statuses.of(columns.numbers)
    result: dict[str, Any] = {
        "version": "2.0",
        "class": "dataset",
        "label": f"Trafficking in human beings: {table.kind}",
        "id": [names[name] for name in order],
        "size": [len(codes) for _, codes in axes],
        "role": {"geo": ["geo"], "time": ["time"]},
        "dimension": {
            names[name]: _described(columns.schema[name], codes)
            for name, (_, codes) in zip(order, axes, strict=True)
        },
        "value": _entries(keys, columns.numbers.lower, statuses.point),
    }
    own = {
        "schema_version": SCHEMA_VERSION,
        "kind": table.kind,
        "counts": _counts(keys, columns.numbers),
        "flags": _entries(keys, *statuses.flags_of_rows()),
        **_findings(columns, keys),
        **_origins(columns, keys),
    }
    result["status"] = _entries(keys, *statuses.statuses_of_rows())
    result["extension"] = {"status": {"label": statuses.labels()}, "thbstats": own}
    return result


def _entries(keys: NDArray[Any], values: NDArray[Any], rows: NDArray[np.bool_]) -> dict[str, Any]:
    return dict(zip(keys[rows].tolist(), values[rows].tolist(), strict=True))


def _counts(keys: NDArray[Any], numbers: Numbers) -> dict[str, Any]:
    """Return the bounds and the reason of counts that are not exactly known."""
    rows = numbers.reason != Reason.KNOWN.severity
    reasons = [str(reason) for reason in Reason]
    result = zip(
        keys[rows].tolist(),
        numbers.lower[rows].tolist(),
        numbers.upper[rows].tolist(),
        numbers.reason[rows].tolist(),
        strict=True,
    )
    return {
        key: [lower, None if upper == np.inf else int(upper), reasons[reason]]
        for key, lower, upper, reason in result
    }


def _findings(columns: Columns, keys: NDArray[Any]) -> dict[str, Any]:
    """Return the codes of the findings of cells, if there are any."""
    having = columns.has_finding()
    codes = np.array([finding_codes(result) for result in columns.findings], dtype=object)
    return {"findings": _entries(keys, codes[columns.finding], having)} if having.any() else {}


@frozen(kw_only=True, eq=False)
class _Statuses:
    """Statuses for other programs, and the flags of the counts."""

    point: NDArray[np.bool_]
    codes: NDArray[np.intp]
    statuses: NDArray[Any]
    flags: NDArray[Any]

    @classmethod
    def of(cls, numbers: Numbers) -> "_Statuses":
        point = (numbers.lower == numbers.upper) & (
            numbers.reason != Reason.NOT_APPLICABLE.severity
        )
        # 0 for a point; otherwise the position of the reason plus one.
        signs = np.where(point, 0, numbers.reason.astype(np.int64) + 1)
        pairs = numbers.flags.astype(np.int64) * (len(Reason) + 1) + signs
        distinct, indices = np.unique(pairs, return_inverse=True)
        flags, statuses = [], []
        for mask, sign in zip(*divmod(distinct, len(Reason) + 1), strict=True):
            letters = flag_set(int(mask))
            flags.append("".join(sorted(letters)))
            statuses.append(_status(letters, int(sign)))
        return cls(
            point=point,
            codes=indices,
            statuses=np.array(statuses, dtype=object),
            flags=np.array(flags, dtype=object),
        )

    def statuses_of_rows(self) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Return the status of each row, and whether it has one."""
        return self.statuses[self.codes], (self.statuses != "")[self.codes]

    def flags_of_rows(self) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Return the flags of each row, and whether they differ from the status."""
        pairs = zip(self.statuses, self.flags, strict=True)
        other = np.array([s.removeprefix(":") != f for s, f in pairs], dtype=np.bool_)
        return self.flags[self.codes], other[self.codes]

    def labels(self) -> dict[str, str]:
        """Return the label of each status."""
        result = {}
        for status in sorted(set(self.statuses.tolist()) - {""}):
            labels = [FLAG_LABELS.get(letter, letter) for letter in status.removeprefix(":")]
            result[status] = "; ".join(["not known exactly"] * status.startswith(":") + labels)
        return result


def _status(letters: frozenset[str], sign: int) -> str:
    if not sign:
        return "".join(sorted(letters))
    return ":" + "".join(sorted({*letters, *_SIGNS.get(list(Reason)[sign - 1], "")}))


def _sorted(dimension: Dimension, column: Coded[str]) -> tuple[NDArray[Any], list[str]]:
    """Return the codes of a column, and its sorted categories."""
    codes = sorted(column.categories, key=dimension.sort_key)
    return column.recode(codes).codes, codes


def _raveled(axes: Sequence[tuple[NDArray[Any], list[str]]], size: int) -> NDArray[Any]:
    """Return the cell number of each row; the last dimension varies fastest."""
    cells = prod(len(codes) for _, codes in axes)
    dtype = np.int64 if cells < 2**63 else object
    numbers: NDArray[Any] = np.zeros(size, dtype=dtype)
    for indices, codes in axes:
        numbers = numbers * len(codes) + indices.astype(np.int64).astype(dtype)
    return numbers


def _described(dimension: Dimension, codes: Sequence[str]) -> dict[str, Any]:
    return {
        "label": dimension.name.replace("_", " ").capitalize(),
        "category": {
            "index": {code: index for index, code in enumerate(codes)},
            "label": {code: _label(dimension, code) for code in codes},
        },
    }


def _label(dimension: Dimension, code: str) -> str:
    if dimension.content == "area":
        return Area.parse(code).label
    if dimension.vocabulary is None:
        return code
    if dimension.content == "citizenship" and code not in list(CitizenshipGroup):
        return country_name(code)
    return dimension.vocabulary(code).label


def _origins(columns: Columns, keys: NDArray[Any]) -> dict[str, Any]:
    """Return the origins, numbered by first occurrence."""
    distinct, first = np.unique(columns.origin, return_index=True)
    codes = distinct[np.argsort(first)].tolist()
    used = list(dict.fromkeys(columns.origins[code] for code in codes))
    if used in ([], [Origin()]):
        return {}
    position = {origin: index for index, origin in enumerate(used)}
    table = np.array([position.get(o, 0) for o in columns.origins], dtype=np.int64)
    all_rows = np.ones(len(keys), dtype=np.bool_)
    by_key = _entries(keys, table[columns.origin], all_rows)
    return {**origins_data(used), "origin": 0 if len(used) == 1 else by_key}


def unsupported_features(result: Mapping[str, Any]) -> list[UnsupportedFeature]:
    """Return the features of a table that other programs do not read."""
    own = result["extension"]["thbstats"]
    features = []
    if own["counts"]:
        features.append(
            UnsupportedFeature(
                code="NO_ENDS",
                is_lost=False,
                rows=len(own["counts"]),
                message="other programs read a status instead of the bounds and the reason of "
                "counts that are not exactly known",
                examples=[f"cell {key}: {item}" for key, item in list(own["counts"].items())[:5]],
            )
        )
    if "origins" in own:
        features.append(
            UnsupportedFeature(
                code="NO_ORIGIN",
                is_lost=False,
                rows=len(result["value"].keys() | result["status"].keys()),
                message="other programs do not read sources and reporting countries",
            )
        )
    return features
