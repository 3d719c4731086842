"""Cost of suppression patterns, compared with tau-argus.

The package `pytauargus` contains the engine and an open solver. It is not a dependency:
``pip install pytauargus`` before ``pytest tests/disclosure/test_tau_argus.py``.
"""

from pathlib import Path

import numpy as np
import pytest

from tests.disclosure.tables import FORMS, SEXES, Truth, table_of, with_margins
from thbstats.disclosure import suppress

pytauargus = pytest.importorskip("pytauargus")


def _cost(inside: Truth, folder: Path) -> int:
    """Return the sum of the secondary counts that tau-argus chooses (optimal suppression)."""
    persons = [
        {"sex": sex, "form": form, "persons": 1.0}
        for (sex, form), number in inside.items()
        for _ in range(number)
    ]
    result = pytauargus.protect(
        persons,
        ["sex", "form"],
        response="persons",
        safety_rules="FREQ(5,1)",
        suppress="OPT(1)",
        decimals=0,
        workdir=str(folder),
    )
    return int(sum(row["persons"] for row in result.tables[0].rows if row["status"] == "M"))


@pytest.mark.parametrize("seed", range(8))
def test_cost_of_a_pattern_is_near_the_optimum_of_tau_argus(seed: int, tmp_path: Path) -> None:
    """Every attacker's interval has one more person on either side.

    Primary counts are 2 or 3, and all others 6 or more, so that no bound of 0 restricts a move by
    one person.
    """
    generator = np.random.default_rng(seed)
    inside = {(sex, form): int(generator.integers(6, 40)) for sex in SEXES for form in FORMS}
    for index in generator.choice(len(inside), size=1 + seed % 3, replace=False):
        inside[list(inside)[index]] = int(generator.integers(2, 4))
    table = table_of(with_margins(inside))
    result = suppress(table, fewer_than=5, protection_level=1, protect_contributors=False)
    assert result.is_safe
    assert result.cost <= 1.3 * _cost(inside, tmp_path)
