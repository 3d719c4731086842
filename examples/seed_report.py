"""What the second progress report can bear, by the public API alone.

Run it with ``python examples/seed_report.py``; ``thbstats report com-2018-777`` says more.
"""

import thbstats as thb

report = thb.publications.com_2018_777()
victims, justice = report.data.victims, report.data.justice

print("Convictions to prosecutions")
print(f"  {thb.conviction_to_prosecution(justice).shown}, a ratio of two flows of one period")

print("Sexual exploitation")
every = thb.share(victims, exploitation="sexual", base="all")
print(f"  {every.shown} of all registered victims were recorded as sexually exploited")
printed = report.share("ii-1-sexual-share")
print(f"  {printed.printed} is of those with a recorded form: {printed.denominator} of them")

print("Forms of exploitation, with and without the UK")
with_uk = report.breakdown(by="exploitation", base="recorded", area="EU28")
without = report.breakdown(by="exploitation", base="recorded", area="EU28 without UK")
for one, other in zip(with_uk, without, strict=True):
    compared = thb.compare(one, other)
    print(f"  {one.label}: {one.printed} against {other.printed}, {compared.shown}")
    print(f"    {compared.verdict.label}: {', '.join(compared.warnings.at_least('caution').codes)}")

print("Use of services")
services = thb.funnel(justice, offence="use_of_services")
for warning in services.warnings.of("ORDER"):
    print(f"  {warning}")

print("Findings")
for found in thb.audit(report).findings:
    doubt = found.remark or (found.words.reason if found.words else found.message)
    print(f"  {found.claim.id}: {doubt}")
