"""Synthetic cases and assertions for tests.

`thbstats.testing.strategies` contains strategies for hypothesis. Import it by its own name; it
needs the extra ``testing``.
"""

from thbstats.testing.case_frames import case_declarations, case_frame
from thbstats.testing.equality import assert_equal, assert_tables_equal

__all__ = ["assert_equal", "assert_tables_equal", "case_declarations", "case_frame"]
