"""Files of cases: persons with their answers, and a table of their counts."""

from thbstats.exchange.cases.record import Cases

__all__ = ["Cases"]
