"""Sentences of audits: one file that is read in review.

The tables of the tests have the verdicts, cells and numbers of each case. The sentences of all
cases are in ``sentences.txt``. After a change of wording, write the file again and read its
difference::

    python -m tests.auditing.sentences
"""

import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

__all__ = ["check_sentences"]

FILE = Path(__file__).with_suffix(".txt")
TESTS = {
    "test_numbers": [
        "test_a_number_has_a_verdict_and_its_arithmetic",
        "test_percentages_of_one_denominator_sum_to_100",
    ],
    "test_orders": ["test_an_order_has_a_verdict_and_its_numbers"],
    "test_consistency": ["test_a_claim_is_compared_with_all_others_together"],
    "test_table_percentages": [
        "test_a_share_has_the_verdict_that_its_counts_allow",
        "test_a_change_has_the_verdict_that_its_levels_allow",
    ],
    "test_table_groups": ["test_parts_make_their_total_or_not"],
}
"""The tests whose sentences are in the file, in its order."""

_written: dict[str, str] | None = None
"""The sections of a new file; ``None`` if the sentences are compared with the file."""


def check_sentences(table: str, sentences: Mapping[str, str]) -> None:
    """Compare the sentences of the cases of a table with those of the file."""
    section = "".join(f"{case}\n    {text}\n" for case, text in sentences.items())
    if _written is not None:
        _written[table] = section
        return
    content = FILE.read_text(encoding="utf-8")
    sections = dict(part.split("\n\n", 1) for part in content.split("\n\n\n")[1:])
    lines, expected = section.splitlines(), sections[table].splitlines()
    changed = [line for line in lines if line not in expected]
    assert lines == expected, f"Changed in {table}, see {__name__}:\n" + "\n".join(changed)


def _write() -> None:
    """Run the tests of the tables, and write the file."""
    module = import_module("tests.auditing.sentences")  # not __main__
    module._written = {}
    for name, tests in TESTS.items():
        for test in tests:
            getattr(import_module(f"tests.auditing.{name}"), test)()
    parts = [f"{table}\n\n{section.strip()}" for table, section in module._written.items()]
    header = "Sentences of audits. Write this file with python -m tests.auditing.sentences."
    FILE.write_text("\n\n\n".join([header, *parts]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(_write())
