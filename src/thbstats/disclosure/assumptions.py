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
    dimensions : tuple of str
        The dimensions whose categories are compared with their total.
    complete_dimensions : tuple of str
        The dimensions whose published categories add up to the total. In all others a person
        can belong to a category that is not published.
    overlapping : tuple of str
        The dimensions in which one person can be counted in several categories.
    unknown_is_unpublished : bool
        Whether persons of unknown category can exist if no unknown category is published.

    Raises
    ------
    UnknownName
        If a dimension does not exist.
    InvalidValue
        If a dimension has no total or is not in `dimensions`.
    """

    dimensions: tuple[str, ...] = field(converter=_names)
    complete_dimensions: tuple[str, ...] = field(converter=_names)
    overlapping: tuple[str, ...] = field(converter=_names, default=())
    unknown_is_unpublished: bool = False

    @classmethod
    def of(
        cls,
        table: CountTable,
        *,
        dimensions: Iterable[str] | str | None = None,
        complete_dimensions: Iterable[str] | str | None = None,
        overlapping: Iterable[str] | str | None = None,
        unknown_is_unpublished: bool = False,
    ) -> "Assumptions":
        """Return the assumptions for a table; by default the strongest ones.

        By default the dimensions of `CountTable.multiple_response` overlap and are not exhaustive.
        """
        schema = table.columns.schema
        additive = [d.name for d in schema.dimensions if d.total is not None or d.name == "area"]
        chosen = additive if dimensions is None else _names(dimensions)
        for name in chosen:
            if name not in schema.names:
                problem = f"`dimensions` must name dimensions of {schema.kind}"
                require_name(name, additive, problem, field="dimensions")
            requirement = "`dimensions` must name dimensions whose categories add up to a total"
            require(name in additive, requirement, f"Use {', '.join(additive)}", dimensions=name)
        multiple = [name for name in table.multiple_response if name in chosen]
        # A case can have no category of a multiple response.
        single = [name for name in chosen if name not in multiple]
        made = cls(
            dimensions=chosen,
            complete_dimensions=single if complete_dimensions is None else complete_dimensions,
            overlapping=multiple if overlapping is None else overlapping,
            unknown_is_unpublished=unknown_is_unpublished,
        )
        for argument in ("complete_dimensions", "overlapping"):
            for name in getattr(made, argument):
                requirement = f"`{argument}` must name dimensions of `dimensions`"
                hint = did_you_mean(name, chosen)
                require(name in chosen, requirement, hint, **{argument: name})
        return made

    def texts(self, present: Iterable[str]) -> Iterator[str]:
        """Yield one sentence per assumption on the dimensions of a table."""
        for name in (name for name in present if name in self.dimensions):
            if name in self.overlapping:
                yield f"one person can be counted in several categories of {name}"
            if name not in self.complete_dimensions:
                yield f"persons can belong to categories of {name} that are not published"
            elif name == "area":
                yield "the countries of an area add up to the area if all of them are published"
            elif self.unknown_is_unpublished:
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
