"""Python warnings for comparability warnings."""

import warnings
from collections.abc import Iterable

from thbstats.panel import ComparabilityWarning, Panel, Result
from thbstats.rules.comparison import Comparison

__all__ = ["ThbstatsWarning", "warn"]


class ThbstatsWarning(UserWarning):
    """The category of the Python warnings that `warn` issues."""


def warn(
    source: Panel | Result | Comparison | Iterable[ComparabilityWarning], *, stacklevel: int = 2
) -> None:
    """Issue comparability warnings through Python's ``warnings`` module.

    No computation calls this function.

    Parameters
    ----------
    source : Panel, Result, Comparison or iterable of ComparabilityWarning
        An object with warnings, or the warnings themselves.
    stacklevel : int
        As in ``warnings.warn``; 2 names the caller.

    Examples
    --------
    >>> import warnings
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> share = report.breakdown(by="exploitation", base="recorded")["sexual"]
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     thb.rules.warn(share.warnings.of("UNKNOWN"))
    >>> caught[0].category.__name__
    'ThbstatsWarning'
    """
    found = source.warnings if isinstance(source, Panel | Result | Comparison) else source
    for warning in found:
        warnings.warn(str(warning), ThbstatsWarning, stacklevel=stacklevel)
