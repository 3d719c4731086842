"""Assumptions of an attacker, and disclosure risks."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from attrs import field, frozen

from thbstats.errors import did_you_mean, require, require_name
from thbstats.tables import CountTable
from thbstats.values import is_integer


def require_integer(least: int, hint: str, **argument: object) -> None:
    """Raise `InvalidValue` unless an argument is an integer of at least a value."""
    [(name, value)] = argument.items()
    requirement = f"`{name}` must be an integer of {least} or more"
    require(is_integer(value, least=least), requirement, hint, **argument)


def _names(names: Iterable[str] | str) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(dict.fromkeys(names))


@frozen(kw_only=True)
class Assumptions:
    """Relations between the categories of each dimension and their total.

    Parameters
    ----------
    along : tuple of str
        The dimensions whose categories are compared with their total.
    exhaustive : tuple of str
        The dimensions whose published categories add up to the total. In all others a person
        can belong to a category that is not published.
    overlapping : tuple of str
        The dimensions in which one person can be counted in several categories.
    unpublished_unknown : bool
        Whether persons of unknown category can exist if no unknown category is published.

    Raises
    ------
    UnknownName
        If a dimension does not exist.
    InvalidValue
        If a dimension has no total or is not in `along`.
    """

    along: tuple[str, ...] = field(converter=_names)
    exhaustive: tuple[str, ...] = field(converter=_names)
    overlapping: tuple[str, ...] = field(converter=_names, default=())
    unpublished_unknown: bool = False

    @classmethod
    def of(
        cls,
        table: CountTable,
        *,
        along: Iterable[str] | str | None = None,
        exhaustive: Iterable[str] | str | None = None,
        overlapping: Iterable[str] | str | None = None,
        unpublished_unknown: bool = False,
    ) -> "Assumptions":
        """Return the assumptions for a table; by default the strongest ones.

        By default the dimensions of `CountTable.multiple_response` overlap and are not exhaustive.
        """
        schema = table.columns.schema
        additive = [d.name for d in schema.dimensions if d.total is not None or d.name == "area"]
        chosen = additive if along is None else _names(along)
        for name in chosen:
            if name not in schema.names:
                problem = f"`along` must name dimensions of {schema.kind}"
                require_name(name, additive, problem, field="along")
            requirement = "`along` must name dimensions whose categories add up to a total"
            require(name in additive, requirement, f"Use {', '.join(additive)}", along=name)
        multiple = [name for name in table.multiple_response if name in chosen]
        # A case can have no category of a multiple response.
        single = [name for name in chosen if name not in multiple]
        made = cls(
            along=chosen,
            exhaustive=single if exhaustive is None else exhaustive,
            overlapping=multiple if overlapping is None else overlapping,
            unpublished_unknown=unpublished_unknown,
        )
        for argument in ("exhaustive", "overlapping"):
            for name in getattr(made, argument):
                requirement = f"`{argument}` must name dimensions of `along`"
                hint = did_you_mean(name, chosen)
                require(name in chosen, requirement, hint, **{argument: name})
        return made

    def texts(self, present: Iterable[str]) -> Iterator[str]:
        """Yield one sentence per assumption on the dimensions of a table."""
        for name in (name for name in present if name in self.along):
            if name in self.overlapping:
                yield f"one person can be counted in several categories of {name}"
            if name not in self.exhaustive:
                yield f"persons can belong to categories of {name} that are not published"
            elif name == "area":
                yield "the countries of an area add up to the area if all of them are published"
            elif self.unpublished_unknown:
                yield (
                    f"the published categories of {name} add up to the total, except for persons "
                    f"of unknown {name} if that category is not published"
                )
            else:
                yield f"the published categories of {name} add up to the total"


class DisclosureRisk(StrEnum):
    """Disclosure risk of a suppressed cell."""

    EXACT = "exact"
    NARROWED = "narrowed"
    UNCHANGED = "unchanged"
    CONTRADICTED = "contradicted"

    @property
    def label(self) -> str:
        """The risk as a phrase."""
        return _LABELS[self]


_LABELS = {
    DisclosureRisk.EXACT: "can be recalculated exactly",
    DisclosureRisk.NARROWED: "narrower than published",
    DisclosureRisk.UNCHANGED: "as published",
    DisclosureRisk.CONTRADICTED: "not assessable, as the related cells contradict each other",
}
