"""Profiles of hypothesis: fixed examples by default, random ones with ``thorough``.

``HYPOTHESIS_PROFILE`` names the profile. No other variable of the environment, ``CI`` included,
changes what is run.
"""

import gc
import os
import signal

from hypothesis import HealthCheck, Phase, settings

from tests.auditing.sentences import worded
from tests.examples import USUAL
from tests.tracing import pytest_runtest_protocol

__all__ = ["pytest_collection_finish", "pytest_runtest_protocol", "worded"]

# Thousands of tests exist until the end. The search for garbage among them takes a tenth of a run.
gc.disable()


def pytest_collection_finish() -> None:
    """Exempt the collected tests from the search for garbage."""
    gc.enable()
    gc.freeze()


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A job in the background of a shell ignores Ctrl-C, and so do the processes that it starts.
    # The tests of Ctrl-C would wait forever.
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Every setting is written out, because hypothesis takes other defaults where `CI` is set.
settings.register_profile(
    "fixed",
    max_examples=USUAL,
    derandomize=True,
    database=None,
    print_blob=True,
    deadline=None,  # a deadline measures the machine, not the law under test
    suppress_health_check=[HealthCheck.too_slow],  # so does this check
)
# The examples that stand in a test, and none that hypothesis draws. Gates of coverage rest on them.
settings.register_profile("explicit", settings.get_profile("fixed"), phases=[Phase.explicit])
settings.register_profile(
    "thorough",
    max_examples=5_000,
    derandomize=False,
    print_blob=True,
    deadline=None,
    suppress_health_check=[],
)

profile = os.environ.get("HYPOTHESIS_PROFILE", "fixed")
settings.load_profile(profile)

if settings().derandomize:
    # Hypothesis also draws constants of the modules that happen to be loaded. The examples would
    # then depend on the tests that ran before, and on the worker that ran them.
    try:
        from hypothesis.internal.conjecture import providers
    except ImportError:  # an older hypothesis, which does not do this
        pass
    else:
        providers._get_local_constants = lambda: providers._local_constants
