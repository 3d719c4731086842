# %% [markdown]
# # How many victims of labour exploitation did the United Kingdom have?
#
# COM(2018) 777 does not say. It prints percentages with and without that country, and one count;
# together they leave little room.

# %%
import thbstats as thb

report = thb.publications.com_2018_777()
found = thb.infer(report, area="UK", exploitation="labour")
found

# %% [markdown]
# Each end is a table of counts in which every printed figure is true. Whoever doubts it can check
# with a pocket calculator:

# %%
found.lower_table

# %%
found.upper_table

# %% [markdown]
# That there are no more is proved by adding up what the claims say, each a number of times. The
# sum says that the count is at most this, and counts are whole:

# %%
proof = found.found.upper_proof
assert proof is not None
float(proof.limit)
