"""Publications and tables side by side."""

from thbstats.comparison_pages.compared_sides import ComparedPair, ComparedSource, LikeForLike
from thbstats.comparison_pages.side_comparison import SideComparison, compare_publications

__all__ = [
    "ComparedPair",
    "ComparedSource",
    "LikeForLike",
    "SideComparison",
    "compare_publications",
]
