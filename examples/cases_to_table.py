# %% [markdown]
# # From a row for each person to a share?
#
# Cases that are made up, counted with every total, and divided by a base. The same lines count
# frames of polars, relations of DuckDB and tables of Spark.

# %%
import thbstats as thb
from thbstats.testing import case_declarations, case_frame

cases = case_frame(5_000, seed=2016)
cases.head()

# %% [markdown]
# What the columns mean is declared, and nothing is guessed:

# %%
meaning = case_declarations()
table = thb.count_cases(cases, by=["area", "period", "sex", "exploitation"], **meaning)
table

# %%
thb.breakdown(table.sum(by=["sex", "exploitation"]), by="exploitation", base="known", sex="total")

# %% [markdown]
# The forms overlap: a victim of two forms counts under both. These shares sum to more than 100%,
# and the warning MULTIPLE_RESPONSE gives the figures.
