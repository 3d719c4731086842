"""Python warnings, for those who want them: called by users, never by a computation."""

import warnings
from collections.abc import Iterable

from thbstats.results import ComparabilityWarning, Comparison, Result, Results

__all__ = ["ThbstatsWarning", "emit"]


class ThbstatsWarning(UserWarning):
    """The category under which `emit` raises comparability warnings."""


def emit(
    source: Result | Results | Comparison | Iterable[ComparabilityWarning], *, stacklevel: int = 2
) -> None:
    """Pass comparability warnings on to Python's own ``warnings`` module.

    Parameters
    ----------
    source : Result, Results, Comparison or iterable of ComparabilityWarning
        What carries the warnings, or the warnings themselves, filtered as you like.
    stacklevel : int
        As in ``warnings.warn``; 2 names the caller.

    Examples
    --------
    >>> import warnings
    >>> import thbstats as thb
    >>> ratio = thb.conviction_to_prosecution(thb.publications.com_2018_777().data.justice)
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     thb.emit(ratio.warnings.of("COHORT"))
    >>> caught[0].category.__name__
    'ThbstatsWarning'
    """
    carried = source.warnings if isinstance(source, Result | Results | Comparison) else source
    for warning in carried:
        warnings.warn(str(warning), ThbstatsWarning, stacklevel=stacklevel)
