"""The number of examples of laws whose examples take long."""

from hypothesis import settings

__all__ = ["examples"]

_MOST_FIXED = 100
"""A profile with more examples than this is a search, and keeps its own number."""


def examples(n: int) -> settings:
    """Return settings with n examples, or with those of the profile if it is a search."""
    profile = settings().max_examples
    return settings(max_examples=profile if profile > _MOST_FIXED else n)
