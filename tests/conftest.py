"""How thoroughly hypothesis looks: HYPOTHESIS_PROFILE says "dev", "ci" or "thorough"."""

import os

from hypothesis import settings

# A deadline measures the machine, not the law under test.
settings.register_profile("dev", deadline=None)
# The same examples at every run, so that a change is never blamed for what it did not do; half as
# many, so that all of it takes minutes.
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True, max_examples=50)
settings.register_profile("thorough", deadline=None, max_examples=5_000)

settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))
