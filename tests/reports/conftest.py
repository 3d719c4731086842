"""The content of the report on the reference publication."""

import pytest

from thbstats.publications import com_2018_777
from thbstats.reports import Content, content_of


@pytest.fixture(scope="session")
def content() -> Content:
    return content_of(com_2018_777())
