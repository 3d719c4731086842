"""The audit of the reference report, made once."""

import pytest

import thbstats as thb
from thbstats.auditing import Audit


@pytest.fixture(scope="session")
def reference() -> Audit:
    """The audit of COM(2018) 777."""
    return thb.audit(thb.publications.com_2018_777())
