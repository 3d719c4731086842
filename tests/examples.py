"""How many examples a law gets whose examples are heavy."""

from hypothesis import settings

__all__ = ["examples"]

_USUAL = 100
"""What hypothesis takes where nobody says otherwise."""


def examples(n: int) -> settings:
    """Return settings of so many examples; a profile that asks for more has its own way."""
    asked = settings().max_examples
    return settings(max_examples=asked if asked > _USUAL else n)
