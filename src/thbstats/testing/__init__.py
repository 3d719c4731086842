"""For those who test code of their own: made-up cases and assertions that show differences.

`thbstats.testing.strategies` draws values, records, tables and cases for hypothesis, and is loaded
by its own name, since it needs the extra ``testing``.
"""

from thbstats.testing.case_frames import case_frame, declared
from thbstats.testing.equality import assert_equal, assert_tables_equal

__all__ = ["assert_equal", "assert_tables_equal", "case_frame", "declared"]
