"""Case files: persons with their answers."""

from thbstats.exchange.cases.record import Cases

__all__ = ["Cases"]
