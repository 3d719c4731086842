# %% [markdown]
# # How many victims of labour exploitation did the United Kingdom have?
#
# COM(2018) 777 does not publish this number. It contains percentages with and without that country,
# and one count. Together they give narrow bounds.

# %%
import thbstats as thb

report = thb.publications.com_2018_777()
bounds = thb.infer(report, area="UK", exploitation="labour")
bounds

# %% [markdown]
# For each bound there is a table in which every published figure holds. You can check it by hand:

# %%
bounds.lower_table

# %%
bounds.upper_table

# %% [markdown]
# A linear combination of the constraints certifies the upper bound. Counts are integers, so the
# count is at most this number, rounded down:

# %%
proof = bounds.exact_bounds.upper_proof
assert proof is not None
float(proof.limit)
