# %% [markdown]
# # Did convictions rise, or did more countries report?
#
# Persons convicted in eight countries in 2020 and 2021 (UNODC, file of 14 April 2025). Two of the
# countries reported one year only.

# %%
import thbstats as thb

few, missing = thb.Count.fewer_than(5), thb.Count.not_reported()
figures: dict[str, tuple[int | thb.Count, int | thb.Count]] = {
    "AT": (7, 13),
    "BG": (46, 21),
    "EL": (20, 181),
    "ES": (40, missing),
    "FR": (missing, 1_094),
    "HU": (24, 57),
    "RO": (116, 178),
    "SE": (8, few),
}
convicted = thb.CountTable.from_rows(
    [
        (country, year, count)
        for country, counts in figures.items()
        for year, count in zip((2020, 2021), counts, strict=True)
    ],
    columns=["area", "period", "value"],
    kind="justice",
    stage="convicted",
    unit="persons",
    source="UNODC GLOTIP, 14 April 2025",
)
change = thb.change(convicted, old=2020, new=2021)
change

# %% [markdown]
# As published, the change includes countries that reported one year only. Like for like, it covers
# the countries that reported both years:

# %%
published, like_for_like = change["as published"], change["like for like"]
countries = sorted(like_for_like.reporters or ())
print("as published:  ", published.formatted)
print("like for like: ", like_for_like.formatted, "over", ", ".join(countries))

# %% [markdown]
# The change without each country shows which country decides it:

# %%
for country in countries:
    others = convicted.without(area=country)
    without = thb.change(others, old=2020, new=2021, countries="same")
    print(f"without {country}: {without.formatted}")
