"""Paired timing of several ways to do one thing, and their memory."""

import ctypes
import gc
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from attrs import field, frozen

__all__ = ["Times", "Way", "measured"]


@frozen(kw_only=True)
class Way:
    """A way to count: the call that is timed, and what makes its answer comparable."""

    name: str
    call: Callable[[], Any]
    answer: Callable[[Any], np.ndarray]
    most: int = 99  # repeats


@frozen(kw_only=True)
class Times:
    """Seconds of every repeat by way, and the MiB that its first call added at most."""

    seconds: dict[str, list[float]] = field(factory=dict)
    added: dict[str, float] = field(factory=dict)

    def add(self, name: str, seconds: float) -> None:
        self.seconds.setdefault(name, []).append(seconds)

    def of(self, name: str) -> float:
        return median(self.seconds[name])

    def ratio(self, slow: str, fast: str) -> float:
        """Return the median ratio of two times measured in turn."""
        pairs = zip(self.seconds[slow], self.seconds[fast], strict=False)
        return median(one / other for one, other in pairs)

    def fastest(self, names: Sequence[str]) -> str:
        return min(names, key=self.of)


def measured(ways: Sequence[Way], repeats: int) -> Times:
    """Time every way in turn, after all have given the same counts."""
    times = Times()
    expected: np.ndarray | None = None
    for way in ways:
        before = _resident(forget=True)
        found = way.call()
        if before is not None and (most := _resident(most=True)) is not None:
            times.added[way.name] = most - before
        answer = way.answer(found)
        if expected is None:
            expected = answer
        elif not np.array_equal(answer, expected):
            sys.exit(f"{way.name} and {ways[0].name} give different counts")
    for number in range(repeats):
        for way in ways:
            if number < way.most:
                gc.collect()
                start = perf_counter()
                way.call()
                times.add(way.name, perf_counter() - start)
    return times


def _resident(*, most: bool = False, forget: bool = False) -> float | None:
    """Return the MiB that are resident, or were at most since that was forgotten; on Linux."""
    if sys.platform != "linux":
        return None
    if forget:
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
        try:
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        except OSError:
            return None
    wanted = "VmHWM:" if most else "VmRSS:"
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(wanted)) / 1024
