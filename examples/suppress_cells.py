# %% [markdown]
# # Which cells must I suppress before I publish this table?
#
# A synthetic table of victims by sex and form of exploitation. Primary suppression of the small
# counts is not enough, because a reader can subtract them from the totals.

# %%
import thbstats as thb

rows = [
    ("female", "sexual", 61),
    ("female", "labour", 14),
    ("female", "other", 3),
    ("male", "sexual", 4),
    ("male", "labour", 38),
    ("male", "other", 9),
]
forms, sexes = ("sexual", "labour", "other"), ("female", "male")
totals = [
    *((sex, "total", sum(n for who, _, n in rows if who == sex)) for sex in sexes),
    *(("total", form, sum(n for _, what, n in rows if what == form)) for form in forms),
    ("total", "total", sum(n for _, _, n in rows)),
]
table = thb.CountTable.from_rows(
    [*rows, *totals],
    columns=["sex", "exploitation", "value"],
    kind="victims",
    area="MT",
    period=2020,
    status="identified",
    source="Synthetic figures",
)
safe = thb.disclosure.suppress(table, fewer_than=5)
safe

# %% [markdown]
# Audit the table to publish. The bounds are those of an attacker who adds and subtracts:

# %%
thb.disclosure.disclosure_audit(safe.table)
