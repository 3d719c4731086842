# %% [markdown]
# # Did convictions rise, or did more states report?
#
# Persons convicted in some states, 2020 and 2021, as UNODC published them on 14 April 2025. Two
# of them sent figures for one of the years only.

# %%
import thbstats as thb

few, nothing = thb.Count.fewer_than(5), thb.Count.not_reported()
figures: dict[str, tuple[int | thb.Count, int | thb.Count]] = {
    "AT": (7, 13),
    "BG": (46, 21),
    "EL": (20, 181),
    "ES": (40, nothing),
    "FR": (nothing, 1_094),
    "HU": (24, 57),
    "RO": (116, 178),
    "SE": (8, few),
}
convicted = thb.CountTable.from_rows(
    [
        (state, year, count)
        for state, counts in figures.items()
        for year, count in zip((2020, 2021), counts, strict=True)
    ],
    columns=["area", "period", "value"],
    kind="justice",
    stage="convicted",
    unit="persons",
    source="UNODC GLOTIP, 14 April 2025",
)
grew = thb.growth(convicted, old=2020, new=2021)
grew

# %% [markdown]
# As published the count grows by whatever a state adds that was not there before. Like for like
# is over the states that gave both years:

# %%
states = sorted(grew.like_for_like.reporters or ())
print("as published:  ", grew.as_published.shown)
print("like for like: ", grew.like_for_like.shown, "over", ", ".join(states))

# %% [markdown]
# Whose change is it? The figure without each state in turn:

# %%
same = convicted.where(area=states)
thb.leave_one_out(
    same, lambda table: thb.growth(table, old=2020, new=2021).like_for_like, over="area"
)
