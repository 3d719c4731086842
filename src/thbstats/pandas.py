"""The accessor ``frame.thb``, for those who like to start from a frame.

It is sugar: every method calls one function of the library with the frame, and nothing else.
``import thbstats.pandas`` registers it with pandas; nothing else in the library does.
"""

from collections.abc import Iterable
from typing import Any

import pandas as pd
from attrs import frozen

from thbstats.auditing import TableAudit, audit
from thbstats.cases import CaseStore, count_cases
from thbstats.tables import CountTable

__all__ = ["FrameAccessor"]


@pd.api.extensions.register_dataframe_accessor("thb")
@frozen(eq=False)
class FrameAccessor:
    """What can be done with a frame, as ``frame.thb``.

    Parameters
    ----------
    frame : DataFrame
        The frame.

    Examples
    --------
    >>> import pandas as pd
    >>> import thbstats.pandas
    >>> cases = pd.DataFrame({"sex": ["female", "male", "female"]})
    >>> cases.thb.count("sex", area="MT", period=2020).count(sex="female")
    Count(2)
    """

    frame: pd.DataFrame

    def table(self, *, kind: str, **said: Any) -> CountTable:
        """Return its rows, which are counts, as a table: `CountTable.from_frame`.

        Parameters
        ----------
        kind : str
            The kind of table.
        **said
            As for `CountTable.from_frame`.
        """
        return CountTable.from_frame(self.frame, kind=kind, **said)

    def cases(self, **declared: Any) -> CaseStore:
        """Return its rows, which are cases, as a store: `CaseStore.of`.

        Parameters
        ----------
        **declared
            As for `CaseStore.of`.
        """
        return CaseStore.of(self.frame, **declared)

    def count(self, by: str | Iterable[str] = (), **declared: Any) -> CountTable:
        """Return how many of its rows, which are cases, are in every category: `count_cases`.

        Parameters
        ----------
        by : str or iterable of str
            The dimensions that stay apart.
        **declared
            As for `count_cases`.
        """
        return count_cases(self.frame, by, **declared)

    def audit(self, **said: Any) -> TableAudit:
        """Hold its printed percentages against the counts beside them: `thbstats.audit`.

        Parameters
        ----------
        **said
            As for `thbstats.audit`.
        """
        return audit(self.frame, **said)
