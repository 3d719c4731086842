# %% [markdown]
# # 56 % of whom?
#
# A report prints 56 % beside 9 759 victims and 20 532 victims, and the division gives 47.5 %.
# Which base makes the percentage true, and what do both say of everybody?

# %%
import pandas as pd

import thbstats as thb

printed = pd.DataFrame(
    {
        "id": ["sexual"],
        "printed": ["56 %"],
        "numerator": ["9 759"],
        "denominator": ["20 532"],
    }
)
thb.audit(printed)["sexual"].message

# %% [markdown]
# So 17,273 to 17,583 of the 20,532 have a recorded form. The form of the others is unknown:
# they are counted, and their form is not recorded.

# %%
recorded = thb.Count.between(17_273, 17_583)
unknown = thb.Count.between(20_532 - 17_583, 20_532 - 17_273)
victims = thb.CountTable.from_rows(
    [("total", 20_532), ("sexual", 9_759), ("unknown", unknown)],
    columns=["exploitation", "value"],
    kind="victims",
    area="EU28",
    period="2015-2016",
    status="registered",
    source="COM(2018) 777, sections II and II.1",
)
of_all = thb.share(victims, exploitation="sexual", base="all")
of_all

# %%
of_recorded = thb.share(victims, exploitation="sexual", base="known")
print(of_all.formatted, "of all;", of_recorded.formatted, "of those with a recorded form")
print(of_all.kind.format_value(of_all.bounds_with_unknown), "with unknown forms allocated in every way")

# %% [markdown]
# The two shares have different denominators, so they are not comparable.

# %%
thb.compare(of_all, of_recorded).verdict.label
