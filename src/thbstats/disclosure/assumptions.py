"""What somebody takes for granted who adds and subtracts the cells of a table."""

from collections.abc import Iterable, Iterator

from attrs import field, frozen

from thbstats.errors import InvalidValue, UnknownName, did_you_mean
from thbstats.records import Schema

__all__ = ["Assumptions"]


def _names(names: Iterable[str] | str) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(dict.fromkeys(names))


@frozen(kw_only=True)
class Assumptions:
    """How the categories of each dimension make the whole of which they are parts.

    Parameters
    ----------
    along : tuple of str
        The dimensions whose categories are held against their whole.
    exhaustive : tuple of str
        Those in which the printed categories make the whole; in the others somebody can be of a
        category that is not printed.
    overlapping : tuple of str
        Those in which one person can be counted in several categories.
    unprinted_unknown : bool
        Whether somebody can be of unknown category where no unknown is printed.

    Raises
    ------
    UnknownName
        If there is no such dimension.
    InvalidValue
        If a dimension has no whole, or is not among those along which is added.
    """

    along: tuple[str, ...] = field(converter=_names)
    exhaustive: tuple[str, ...] = field(converter=_names)
    overlapping: tuple[str, ...] = field(converter=_names, default=())
    unprinted_unknown: bool = False

    @classmethod
    def of(
        cls,
        schema: Schema,
        *,
        along: Iterable[str] | str | None = None,
        exhaustive: Iterable[str] | str | None = None,
        overlapping: Iterable[str] | str = (),
        unprinted_unknown: bool = False,
    ) -> "Assumptions":
        """Return the assumptions for a kind of table: the strongest, where nothing is said."""
        able = tuple(d.name for d in schema.dimensions if d.total is not None or d.name == "area")
        chosen = able if along is None else _names(along)
        for name in chosen:
            if name not in schema.names:
                raise UnknownName(
                    f"{schema.kind} have no such dimension",
                    field="along",
                    value=name,
                    hint=did_you_mean(name, able),
                )
            if name not in able:
                raise InvalidValue(
                    "its categories are no parts of a whole",
                    field="along",
                    value=name,
                    hint=f"Add along {', '.join(able)}",
                )
        made = cls(
            along=chosen,
            exhaustive=chosen if exhaustive is None else exhaustive,
            overlapping=overlapping,
            unprinted_unknown=unprinted_unknown,
        )
        for field_name in ("exhaustive", "overlapping"):
            for name in getattr(made, field_name):
                if name not in chosen:
                    raise InvalidValue(
                        "nothing is added along this dimension",
                        field=field_name,
                        value=name,
                        hint=did_you_mean(name, chosen),
                    )
        return made

    def texts(self, present: Iterable[str]) -> Iterator[str]:
        """Yield what is assumed of the dimensions that a table has, a sentence each."""
        for name in (name for name in present if name in self.along):
            if name in self.overlapping:
                yield f"one person can be counted in several categories of {name}"
            if name not in self.exhaustive:
                yield f"somebody can be of a category of {name} that is not printed"
            elif name == "area":
                yield "all countries of an area make the area, where each is printed"
            elif self.unprinted_unknown:
                yield (
                    f"the printed categories of {name} make the whole, but somebody can be of "
                    f"unknown {name} where that is not printed"
                )
            else:
                yield f"the printed categories of {name} make the whole"
