# %% [markdown]
# # Which figures of the second progress report can I quote?
#
# The figures of COM(2018) 777 with their denominators and warnings. `thbstats report com-2018-777`
# prints the whole report.

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
# The same count with two denominators: all registered victims, and victims of known form of
# exploitation.

# %%
of_all = thb.share(victims, exploitation="sexual", base="all")
print(f"{of_all.formatted} of all registered victims are victims of sexual exploitation")
printed = report.share("ii-1-sexual-share")
print(f"{printed.printed} is a share of {printed.denominator} victims of known form")

# %% [markdown]
# ## With and without the United Kingdom

# %%
with_uk = report.breakdown(of="exploitation", base="known", area="EU28")
without = report.breakdown(of="exploitation", base="known", area="EU28 without UK")
for first, second in zip(with_uk, without, strict=True):
    compared = thb.compare(first, second)
    print(f"{first.label}: {first.printed} and {second.printed}, {compared.formatted}")
    print(f"  {compared.verdict.label}: {', '.join(compared.warnings.at_least('caution').codes)}")

# %% [markdown]
# ## Use of services
#
# The report has more persons prosecuted than suspected. Ask the publisher for the reason.

# %%
services = thb.justice.funnel(justice, offence="use_of_services")
for warning in services.warnings.select("STAGE_ORDER"):
    print(warning)

# %% [markdown]
# ## Issues in the publication

# %%
for issue in thb.audit(report).issues:
    reason = issue.remark or (issue.wording.reason if issue.wording else issue.message)
    print(f"{issue.claim.id}: {reason}")
