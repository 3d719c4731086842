"""What the cells of a table are called."""

from collections import Counter

from attrs import frozen

from thbstats.records import Dimension, Schema
from thbstats.tables import CountTable

__all__ = ["Naming"]


@frozen(kw_only=True)
class Naming:
    """How the cells of a table are called, without what all of them have in common.

    Parameters
    ----------
    same : frozenset of str
        Attributes that are the same in all rows.
    shared : frozenset of str
        Codes of several dimensions, which are called by their dimension too.
    """

    same: frozenset[str]
    shared: frozenset[str]

    @classmethod
    def of(cls, table: CountTable) -> "Naming":
        """Return the names for a table."""
        dimensions = table.columns.schema.dimensions
        apart = [d for d in dimensions if d.content not in ("area", "period")]
        used = Counter(code for d in apart for code in set(table.categories(d.name)))
        return cls(
            same=frozenset(
                d.name for d in apart if d.total is None and len(table.categories(d.name)) < 2
            ),
            shared=frozenset(code for code, n in used.items() if n > 1),
        )

    def word(self, dimension: Dimension, code: str) -> str:
        """Return the name of a category."""
        word = code.replace("_", " ")
        return f"{dimension.name} {word}" if code in self.shared else word

    def label(self, schema: Schema, key: tuple[str, ...]) -> str:
        """Return the name of a cell."""
        pairs = list(zip(schema.dimensions, key, strict=True))
        place = [code for d, code in pairs if d.content in ("area", "period")]
        words = [
            self.word(d, code)
            for d, code in pairs
            if d.content not in ("area", "period")
            and code not in (d.total, d.default)
            and d.name not in self.same
        ]
        return f"{' '.join(place)}: {', '.join(words) or 'total'}"
