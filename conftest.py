"""Run the Python in the pages: README.md and docs, every block fenced as ``python``.

A block that starts with ``>>>`` must also print what the page says it prints. Cells that a page
marks as ``{code-cell}`` are run when the manual is built, and docstrings by pytest's own doctest.
"""

from doctest import ELLIPSIS, NORMALIZE_WHITESPACE

from hypothesis import HealthCheck, settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

pytest_collect_file = Sybil(
    parsers=[
        PythonCodeBlockParser(doctest_optionflags=ELLIPSIS | NORMALIZE_WHITESPACE),
        SkipParser(),
    ],
    patterns=["*.md"],
).pytest()

# For examples in docstrings; tests/conftest.py loads the profile of tests. Both settings measure
# the machine and not the example.
settings.register_profile(
    "docstrings",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("docstrings")

# Tools of the manual, which import what only its build and its browser need.
collect_ignore_glob = ["docs/*.py", "docs/_build/*", "docs/_ext/*.py"]
