"""The pandas accessor ``frame.thb``.

``import thbstats.pandas`` registers it. Each method calls one function of the library with the
frame.
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
    """Functions of the library for a frame, as ``frame.thb``.

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

    def table(self, *, kind: str, **options: Any) -> CountTable:
        """Return the rows, which are counts, as a table: `CountTable.from_frame`.

        Parameters
        ----------
        kind : str
            The kind of table.
        **options
            As for `CountTable.from_frame`.
        """
        return CountTable.from_frame(self.frame, kind=kind, **options)

    def cases(self, **declared: Any) -> CaseStore:
        """Return the rows as a store of cases, as with `CaseStore.of`.

        Parameters
        ----------
        **declared
            As for `CaseStore.of`.
        """
        return CaseStore.of(self.frame, **declared)

    def count(self, by: str | Iterable[str] = (), **declared: Any) -> CountTable:
        """Return the number of cases by category: `count_cases`.

        Parameters
        ----------
        by : str or iterable of str
            The dimensions of the table.
        **declared
            As for `count_cases`.
        """
        return count_cases(self.frame, by, **declared)

    def audit(self, **options: Any) -> TableAudit:
        """Check published percentages against the counts next to them: `thbstats.audit`.

        Parameters
        ----------
        **options
            As for `thbstats.audit`.
        """
        return audit(self.frame, **options)
