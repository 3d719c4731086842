# %% [markdown]
# # Which denominator does a percentage have?
#
# A report has 56%, 9,759 victims of sexual exploitation and 20,532 registered victims. The division
# gives 47.5%. Which denominator explains the percentage, and what are the bounds for all victims?

# %%
import pandas as pd

import thbstats as thb

printed = pd.DataFrame(
    {
        "id": ["sexual"],
        "printed": ["56%"],
        "numerator": ["9 759"],
        "denominator": ["20 532"],
    }
)
thb.audit(printed)["sexual"].message

# %% [markdown]
# So 17,273 to 17,583 of the 20,532 victims have a known form. The others are victims of unknown
# form.

# %%
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
of_known = thb.share(victims, exploitation="sexual", base="known")
print(of_all.formatted, "of all victims;", of_known.formatted, "of victims of known form")
print(of_all.kind.format_value(of_all.bounds_with_unknown), "including unknown")

# %% [markdown]
# The two shares have different denominators, so they are not comparable.

# %%
thb.compare(of_all, of_known).verdict.label
