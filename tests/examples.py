"""The number of examples of a law."""

from hypothesis import settings

__all__ = ["USUAL", "examples"]

USUAL = 40
"""Examples of each law in a usual run."""


def examples(n: int) -> settings:
    """Return settings with n examples for a usual run; a profile with more examples ignores n."""
    profile = settings().max_examples
    return settings(max_examples=n if profile == USUAL else profile)
