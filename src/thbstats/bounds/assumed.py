"""What had to be assumed to read claims as a system, in words."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from thbstats.bounds.grid import SPLITS
from thbstats.bounds.numbers import has_number, says_base, wording_of

if TYPE_CHECKING:
    from thbstats.bounds.reading import Reading

__all__ = ["assumed"]


def assumed(reading: "Reading") -> Iterator[str]:
    """Yield what a reading assumes, a sentence each without a full stop."""
    for name in reading.grid.parts:
        if name in SPLITS:
            how = "can overlap" if name in reading.overlapping else "are exclusive"
            yield f"the categories of {name} {how}"
    if reading.is_nowhere:
        yield "numbers without an area are all of the same one"
    if len(reading.grid.parts["area"]) > 1:
        labels = ", ".join(part.label for part in reading.grid.parts["area"])
        yield f"an area is the sum of its parts: {labels}"
    if any(claim.rounded for claim in reading.entered):
        halves = "; a half may have gone either way" if reading.closed else ""
        yield f"percentages are rounded {reading.rounding.replace('_', ' ')}{halves}"
    for claim in reading.entered:
        if not has_number(claim) and (found := wording_of(claim)) is not None:
            yield f"{claim.words!r} is read as a number: {found.meaning} ({claim.id})"
    read = [c for c in reading.entered if c.percent is not None and not says_base(c)]
    for base in ("all", "recorded"):
        if ids := [claim.id for claim in read if reading.base_of(claim) == base]:
            yield f"read on the base {base!r}, which is not printed there: {', '.join(ids)}"
    if any(not claim.ordered for claim in reading.rankings):
        yield "what is listed first is no fewer than any other single category, in any order"
    if ids := [claim.id for claim in reading.rankings if claim.ordered]:
        yield f"listed with the largest first: {', '.join(ids)}"
