"""Assumptions of an attacker."""

from collections.abc import Iterable, Iterator

from attrs import field, frozen

from thbstats.disclosure._period_parts import period_parts
from thbstats.errors import did_you_mean, require, require_name
from thbstats.tables import CountTable

_ATTRIBUTES = {
    "area": "the countries of an area add up to the area if all of them are published",
    "period": "the counts of several periods add up to the count of the whole period",
    "register": "the counts of the registering bodies add up to the count of all bodies",
    "status": "identified and presumed victims add up to registered victims",
}
"""The attributes of which one code can include others, and the assumption on each."""


def _names(names: Iterable[str] | str) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(dict.fromkeys(names))


@frozen(kw_only=True)
class Assumptions:
    """Relations between the categories of each dimension and their total.

    Parameters
    ----------
    dimensions : tuple of str
        The dimensions whose categories are compared with their total. Next to breakdowns, they
        include areas, periods within longer periods, registering bodies within all bodies, and
        identified and presumed within registered victims.
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
        """Return the assumptions for a table; by default the strongest assumptions.

        By default the dimensions of `CountTable.multiple_response` overlap and are not exhaustive,
        and the periods of joint investigation teams overlap.
        """
        schema = table.columns.schema
        additive = [
            d.name for d in schema.dimensions if d.total is not None or d.name in _ATTRIBUTES
        ]
        chosen = additive if dimensions is None else _names(dimensions)
        for name in chosen:
            if name not in schema.names:
                problem = f"`dimensions` must name dimensions of {schema.kind}"
                require_name(name, additive, problem, field="dimensions")
            requirement = "`dimensions` must name dimensions whose categories add up to a total"
            require(name in additive, requirement, f"Use {', '.join(additive)}", dimensions=name)
        multiple = [name for name in table.multiple_response if name in chosen]
        if schema.kind == "cooperation" and "period" in chosen:
            multiple.append("period")  # an investigation team can work in two years
        # A case can have no category of a multiple response.
        single = [name for name in chosen if name not in table.multiple_response]
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

    @staticmethod
    def related(table: CountTable) -> Iterator[str]:
        """Yield the dimensions for which the table has categories that can add up."""
        for name in table.columns.schema.names:
            codes = set(table.categories(name))
            if name == "period":
                is_related = bool(period_parts(frozenset(codes)))
            else:
                is_related = {"register": "all", "status": "registered"}.get(name) in (None, *codes)
            if len(codes) > 1 and is_related:
                yield name

    def texts(self, present: Iterable[str]) -> Iterator[str]:
        """Yield one sentence per assumption on the dimensions of a table."""
        for name in (name for name in present if name in self.dimensions):
            if name in self.overlapping:
                yield f"one person can be counted in several categories of {name}"
            if name not in self.complete_dimensions and name != "period":
                yield f"persons can belong to categories of {name} that are not published"
            elif name in _ATTRIBUTES:
                if name not in self.overlapping:
                    yield _ATTRIBUTES[name]
            elif self.unknown_is_unpublished:
                yield (
                    f"the published categories of {name} add up to the total, except for persons "
                    f"of unknown {name} if that category is not published"
                )
            else:
                yield f"the published categories of {name} add up to the total"
