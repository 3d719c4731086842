# %% [markdown]
# # What can the second progress report bear?
#
# The figures of COM(2018) 777 by the public interface alone, with their denominators and warnings.
# `thbstats report com-2018-777` prints the whole report.

# %%
import thbstats as thb

report = thb.publications.com_2018_777()
victims, justice = report.data.victims, report.data.justice
assert victims is not None
assert justice is not None

# %% [markdown]
# ## Convictions to prosecutions
#
# A ratio of two flows of one period. It is not a rate, because the cases are not followed.

# %%
thb.conviction_to_prosecution(justice)

# %% [markdown]
# ## Sexual exploitation
#
# The same count on two bases: all registered victims, and those whose form of exploitation is
# recorded.

# %%
every = thb.share(victims, exploitation="sexual", base="all")
print(f"{every.formatted} of all registered victims are victims of sexual exploitation")
printed = report.share("ii-1-sexual-share")
print(f"{printed.printed} is a share of {printed.denominator} victims with a recorded form")

# %% [markdown]
# ## With and without the United Kingdom

# %%
with_uk = report.breakdown(by="exploitation", base="known", area="EU28")
without = report.breakdown(by="exploitation", base="known", area="EU28 without UK")
for one, other in zip(with_uk, without, strict=True):
    compared = thb.compare(one, other)
    print(f"{one.label}: {one.printed} and {other.printed}, {compared.formatted}")
    print(f"  {compared.verdict.label}: {', '.join(compared.warnings.at_least('caution').codes)}")

# %% [markdown]
# ## Use of services
#
# More persons prosecuted than suspected: a reason to ask the publisher.

# %%
services = thb.justice.funnel(justice, offence="use_of_services")
for warning in services.warnings.of("STAGE_ORDER"):
    print(warning)

# %% [markdown]
# ## What a reader should know

# %%
for found in thb.audit(report).issues:
    doubt = found.remark or (found.wording.reason if found.wording else found.message)
    print(f"{found.claim.id}: {doubt}")
