"""Publications and tables side by side."""

from thbstats.comparison_pages.side_comparison import (
    ComparedPair,
    ComparedSource,
    LikeForLike,
    SideComparison,
    compare_publications,
)

__all__ = [
    "ComparedPair",
    "ComparedSource",
    "LikeForLike",
    "SideComparison",
    "compare_publications",
]
