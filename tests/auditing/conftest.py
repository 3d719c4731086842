"""The audit of the reference report, made once."""

import pytest

from tests.auditing.verdicts import audit_of_report
from thbstats.auditing import Audit


@pytest.fixture(scope="session")
def reference() -> Audit:
    """The audit of COM(2018) 777."""
    return audit_of_report()
