"""Audits of random publications with planted errors, against an integer program of their own.

    python -m tests.auditing.campaign [PUBLICATIONS] [SEED]

A true table by period, sex and form of exploitation is published as counts, shares of three kinds
of denominators, and changes. In two of three publications one figure is then changed. Every figure
is also a row of an integer program, which is written here from the table and not from the claims.
"""

import sys
from collections import Counter
from itertools import combinations, product
from random import Random
from typing import Any

import numpy as np
from attrs import frozen
from scipy.optimize import Bounds, LinearConstraint, milp

from thbstats import audit
from thbstats.claims import Claim, Publication

__all__ = ["Case", "case", "judge"]

PERIODS, SEXES = ("2021", "2022"), ("female", "male", "other", "unknown")
FORMS = ("sexual", "labour", "other", "unknown")
CELLS = list(product(PERIODS, SEXES, FORMS))
Cell = tuple[str, str, str]
Row = tuple[np.ndarray, float, float]


@frozen
class Case:
    """A publication, the rows of each figure, and the figure that was changed."""

    publication: Publication
    rows: dict[str, list[Row]]
    wrong: str


def _cells(period: str, sex: str, form: str, known: str = "") -> np.ndarray:
    def fits(cell: tuple[str, str, str]) -> bool:
        return (
            (period in ("both", cell[0]))
            and sex in ("", cell[1])
            and form in ("", cell[2])
            and not (known == "sex" and cell[1] == "unknown")
            and not (known == "exploitation" and cell[2] == "unknown")
        )

    return np.array([fits(cell) for cell in CELLS], dtype=float)


def _claim(name: str, kind: str, printed: str, cell: Cell, **more: Any) -> Claim:
    period, sex, form = cell
    codes = {"sex": sex, "exploitation": form}
    return Claim(
        id=name,
        section="1",
        paragraph="1",
        kind=kind,
        printed=printed,
        subject="victims",
        status="registered",
        area="EU27_2020",
        period="2021-2022" if period == "both" else period,
        category={dimension: code for dimension, code in codes.items() if code},
        wording="as published",
        **more,
    )


def _rounded(part: int, whole: int) -> int:
    """Return a percentage that is rounded half up."""
    return (200 * part + whole) // (2 * whole)


Figure = tuple[Claim, list[Row]]


def _count(name: str, cell: Cell, truth: np.ndarray, off: int) -> Figure | None:
    part = _cells(*cell)
    printed = int(part @ truth) + off
    if printed < 0:
        return None
    return _claim(name, "count", str(printed), cell), [(part, printed, printed)]


def _change(name: str, cell: Cell, truth: np.ndarray, off: int) -> Figure | None:
    """Return a change, whose halves are rounded up or down."""
    new, old = (_cells(year, *cell[1:]) for year in ("2022", "2021"))
    if not old @ truth:
        return None
    printed = _rounded(int(new @ truth), int(old @ truth)) - 100 + off
    if printed < -100:
        return None
    low, high = 200 + 2 * printed - 1, 200 + 2 * printed + 1
    rows = [
        (200 * new - low * old, 0, np.inf),
        (200 * new - high * old, -np.inf, 0),
        (old, 1, np.inf),
    ]
    claim = _claim(name, "change", f"{printed:+d}%", ("2022", *cell[1:]), since="2021")
    return claim, rows


def _share(name: str, cell: Cell, truth: np.ndarray, off: int, base: str) -> Figure | None:
    """Return a share of all, of those of known category, or of a base that is not stated."""
    period, sex, form = cell
    dimension = "sex" if sex else "exploitation"
    of_form = form if sex else ""
    known = dimension if base == "known" else ""
    whole = _cells(period, "", of_form, known)
    is_odd = not (sex or form) or (known and "unknown" in (sex or form))
    if is_odd or not whole @ truth or (base == "not_stated" and sex and form):
        return None
    part = _cells(*cell)
    printed = _rounded(int(part @ truth), int(whole @ truth)) + off
    if not 0 <= printed <= 100:
        return None
    of = {"exploitation": of_form} if of_form else {}
    claim = _claim(name, "share", f"{printed}%", cell, base=base, base_dimension=dimension, of=of)
    low, high = 2 * printed - 1, 2 * printed + 1
    rows: list[Row] = [(200 * part - high * whole, -np.inf, -1), (whole, 1, np.inf)]
    if base != "not_stated":
        rows.append((200 * part - low * whole, 0, np.inf))
    elif printed:  # of any part of all persons
        rows.append((part, 1, np.inf))
    return claim, rows


def case(random: Random) -> Case:
    """Return a random publication; few dimensions and periods make contradictions likely."""
    most = random.choice((9, 60, 900))
    truth = np.array([random.randint(0, most) * (random.random() < 0.8) for _ in CELLS])
    sexes = random.choice((("",), ("", *SEXES), ("", *SEXES)))
    forms = random.choice((("", *FORMS), ("", "", *FORMS), ("",) if len(sexes) > 1 else FORMS))
    periods = random.choice((("2021",), ("2021",), PERIODS, (*PERIODS, "both")))
    wanted = random.randint(5, 12)
    position = random.randrange(wanted) if random.random() < 2 / 3 else -1
    claims, rows, wrong = list[Claim](), dict[str, list[Row]](), ""
    for number in range(100):
        name = f"c{number}"
        off = random.choice((-40, -9, -3, -2, -1, 1, 2, 3, 9, 40))
        off *= len(claims) == position
        cell = random.choice(periods), random.choice(sexes), random.choice(forms)
        kind = random.choice(("count", "count", "share", "share", "change"))
        base = random.choice(("all", "known", "not_stated"))
        made = {
            "count": lambda: _count(name, cell, truth, off),  # noqa: B023
            "change": lambda: _change(name, cell, truth, off),  # noqa: B023
            "share": lambda: _share(name, cell, truth, off, base),  # noqa: B023
        }[kind]()
        if made is None or len(claims) == wanted:
            continue
        claims.append(made[0])
        rows[name] = made[1]
        wrong = name if off else wrong
    publication = Publication(id="random", title="A random publication", claims=claims)
    return Case(publication, rows, wrong)


def is_possible(rows: dict[str, list[Row]], names: "set[str] | None" = None) -> bool:
    """Return whether a table of integers has all figures, or those of some names."""
    chosen = [row for name, own in rows.items() if names is None or name in names for row in own]
    if not chosen:
        return True
    left, low, high = map(np.array, zip(*chosen, strict=True))
    result = milp(
        np.zeros(len(CELLS)),
        constraints=LinearConstraint(left, low, high),
        integrality=np.ones(len(CELLS)),
        bounds=Bounds(0, 10**5),
    )
    assert result.status in (0, 2), result.message
    return result.x is not None


def judge(own: Case) -> Counter[str]:
    """Return what is wrong with the audit of a publication, and what it consists of."""
    result, counts = audit(own.publication), Counter[str]()
    doubted = {i.claim.id for i in result if str(i.verdict) == "contradicted"}
    sets = [{claim.id for claim in claims} for claims in result.conflicts]
    possible = is_possible(own.rows)
    counts["publications"] += 1
    counts["claims"] += len(result)
    counts["impossible"] += not possible
    counts["sets"] += len(sets)
    counts["left open"] += bool(result.left_open)
    if possible:
        counts["FAILURE true figures doubted"] += bool(doubted or sets)
        return counts
    counts["FAILURE contradiction missed"] += not sets and not result.left_open
    counts["contradicted planted"] += own.wrong in doubted
    for names in sets:
        counts["FAILURE set is possible"] += is_possible(own.rows, names)
        smaller = combinations(sorted(names), len(names) - 1)
        is_minimal = all(is_possible(own.rows, set(some)) for some in smaller)
        counts["FAILURE set is not minimal"] += not is_minimal and not result.left_open
    for item in result:
        name, verdict = item.claim.id, str(item.verdict)
        if verdict == "contradicted":
            counts["FAILURE doubted outside every set"] += not any(name in s for s in sets)
            counts["doubted true claims"] += name != own.wrong
        linked = [names for names in sets if name in names]
        if verdict == "contradicted" and len(sets) == 1:
            counts["FAILURE contradicted, but not needed"] += not is_possible(
                own.rows, set(own.rows) - {name}
            )
        if linked and verdict != "contradicted":
            counts["FAILURE in a set, but not doubted"] += 1
    return counts


def main(publications: int = 320, seed: int = 2026) -> None:
    random, total = Random(seed), Counter[str]()
    for _ in range(publications):
        own = case(random)
        found = judge(own)
        for name in found:
            if name.startswith("FAILURE") and found[name]:
                print(name, [(c.id, c.kind, c.printed) for c in own.publication.claims])
        total += found
    for name, number in sorted(total.items()):
        print(f"{name}: {number}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
