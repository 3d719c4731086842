"""Assistance and protection of victims."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["MeasureOutcome", "ProtectionMeasure"]


class ProtectionMeasure(Code):
    """What is done for a victim.

    ``assistance`` is support such as shelter, care, counselling and legal aid; ``referral`` the
    handing on to those who give it. A ``reflection_period`` lets a third-country national
    recover and decide whether to cooperate; a ``residence_permit`` may follow.
    ``international_protection`` is asylum or subsidiary protection, ``compensation`` money for
    the harm done.

    References
    ----------
    Directive 2011/36/EU, Articles 11 to 17. Directive 2004/81/EC, Articles 6 and 8.
    """

    ASSISTANCE = entry(
        "assistance", "Assistance", also=("support", "assistance and support", "assisted")
    )
    REFERRAL = entry("referral", "Referral", also=("referrals", "referred"))
    REFLECTION_PERIOD = entry(
        "reflection_period",
        "Reflection period",
        also=("reflection periods", "recovery and reflection period", "reflection"),
    )
    RESIDENCE_PERMIT = entry(
        "residence_permit",
        "Residence permit",
        also=("residence permits", "first residence permits", "permit", "permits"),
    )
    INTERNATIONAL_PROTECTION = entry(
        "international_protection",
        "International protection",
        also=("asylum", "asylum or subsidiary protection", "international protection status"),
    )
    COMPENSATION = entry("compensation", "Compensation", also=("compensated",))


class MeasureOutcome(Code):
    """What became of a request for a measure.

    ``sought`` counts requests or offers, ``granted`` and ``refused`` the decisions on them. A
    request of one period may be decided in the next.
    """

    SOUGHT = entry("sought", "Sought", also=("requested", "applied", "applications", "requests"))
    GRANTED = entry("granted", "Granted", also=("given", "issued", "received", "awarded"))
    REFUSED = entry("refused", "Refused", also=("rejected", "denied"))
    NOT_STATED = entry("not_stated", "Not stated", also=("not specified", "unknown"))
