"""The number of examples of a law."""

from hypothesis import settings

__all__ = ["USUAL", "examples"]

USUAL = 40
"""Examples of each law in a usual run."""


def examples(n: int) -> settings:
    """Return settings with n examples for a usual run.

    A profile with fewer examples draws at most its own number, one with more ignores n.
    """
    profile = settings().max_examples
    if profile == USUAL:
        return settings(max_examples=n)
    return settings(max_examples=profile if profile > USUAL else min(n, profile))
