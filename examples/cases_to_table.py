# %% [markdown]
# # How do I count cases and calculate a share?
#
# Synthetic cases are counted with every total and divided by a denominator. The same code counts
# frames of polars, relations of DuckDB and tables of Spark.

# %%
import thbstats as thb
from thbstats.testing import case_declarations, case_frame

cases = case_frame(5_000, seed=2016)
cases.head()

# %% [markdown]
# Declare the columns. The library does not guess:

# %%
meaning = case_declarations()
table = thb.count_cases(cases, by=["area", "period", "sex", "exploitation"], **meaning)
table

# %%
thb.breakdown(table.sum(by=["sex", "exploitation"]), of="exploitation", base="known", sex="total")

# %% [markdown]
# The forms overlap: a victim of two forms counts under both. These shares sum to more than 100%,
# and the warning MULTIPLE_RESPONSE contains the figures.
