"""Cached properties: no lock, one value per object, and no hang of a forked process."""

import os
import subprocess
import sys
from collections.abc import Callable
from threading import Barrier, Event, Thread

import pytest

from thbstats._properties import cached_property


class Sum:
    """An object whose sum is computed by a function of the test."""

    def __init__(self, compute: Callable[[], object]) -> None:
        self.compute = compute

    @cached_property
    def value(self) -> object:
        """The sum."""
        return self.compute()


def test_a_property_is_computed_once() -> None:
    results = iter([12, 13])
    item = Sum(lambda: next(results))
    assert [item.value, item.value, vars(item)["value"]] == [12, 12, 12]
    assert Sum.value.__doc__ == "The sum."


def test_an_object_does_not_wait_for_the_property_of_another_object() -> None:
    started, end, done = Event(), Event(), Event()

    def slow() -> int:
        started.set()
        end.wait(30)
        return 1

    first = Thread(target=lambda: Sum(slow).value)
    second = Thread(target=lambda: (Sum(lambda: 2).value, done.set()))
    first.start()
    assert started.wait(30)
    second.start()
    was_free = done.wait(5)
    end.set()
    for thread in (first, second):
        thread.join(30)
    assert was_free


def test_threads_that_compute_a_property_twice_get_one_value() -> None:
    both, values = Barrier(2), []

    def compute() -> object:
        both.wait(30)
        return object()

    item = Sum(compute)
    threads = [Thread(target=lambda: values.append(item.value)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(values) == 2
    assert values[0] is values[1]


FORKED = """
import os, sys, threading
from thbstats.bounds.system import System
started, end = threading.Event(), threading.Event()
original = System._encoder.func
def slow(self):
    if threading.current_thread() is not threading.main_thread():
        started.set()
        end.wait(60)
    return original(self)
System._encoder.func = slow
system = lambda: System(("a",), ())
thread = threading.Thread(target=lambda: system()._encoder)
thread.start()
started.wait(30)
child = os.fork()
if child == 0:
    os._exit(7 if system()._encoder is not None else 1)
status = os.waitpid(child, 0)[1]
end.set()
thread.join()
sys.exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_process_that_is_forked_under_threads_computes_its_properties() -> None:
    command = [sys.executable, "-W", "ignore", "-c", FORKED]
    assert subprocess.run(command, check=False, timeout=60).returncode == 7
