"""Labels of cells."""

from collections import Counter

from attrs import frozen

from thbstats.records import Dimension, Schema
from thbstats.tables import CountTable

__all__ = ["CellLabels"]


@frozen(kw_only=True)
class CellLabels:
    """Labels of the cells of a table, without the codes that all cells share.

    Parameters
    ----------
    constant : frozenset of str
        Attributes with one value in all rows.
    ambiguous : frozenset of str
        Codes of several dimensions; their labels include the dimension.
    """

    constant: frozenset[str]
    ambiguous: frozenset[str]

    @classmethod
    def of(cls, table: CountTable) -> "CellLabels":
        """Return the labels for a table."""
        dimensions = table.columns.schema.dimensions
        categorical = [d for d in dimensions if d.content not in ("area", "period")]
        used = Counter(code for d in categorical for code in set(table.categories(d.name)))
        return cls(
            constant=frozenset(
                d.name for d in categorical if d.total is None and len(table.categories(d.name)) < 2
            ),
            ambiguous=frozenset(code for code, n in used.items() if n > 1),
        )

    def category_label(self, dimension: Dimension, code: str) -> str:
        """Return the label of a category."""
        label = code.replace("_", " ")
        return f"{dimension.name} {label}" if code in self.ambiguous else label

    def label(self, schema: Schema, key: tuple[str, ...]) -> str:
        """Return the label of a cell: area, period and categories."""
        pairs = list(zip(schema.dimensions, key, strict=True))
        context = [code for d, code in pairs if d.content in ("area", "period")]
        labels = [
            self.category_label(d, code)
            for d, code in pairs
            if d.content not in ("area", "period")
            and code not in (d.total, d.default)
            and d.name not in self.constant
        ]
        return f"{' '.join(context)}: {', '.join(labels) or 'total'}"
