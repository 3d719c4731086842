"""What a publication prints, held against itself and against data."""

from thbstats.auditing.words import COMMON_FRACTIONS, Fit, WordVerdict, judge_words

__all__ = ["COMMON_FRACTIONS", "Fit", "WordVerdict", "judge_words"]
