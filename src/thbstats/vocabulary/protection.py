"""Assistance and protection of victims."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["MeasureOutcome", "ProtectionMeasure"]


class ProtectionMeasure(Code):
    """Measure of assistance or protection for a victim.

    ``assistance`` is support such as shelter, care, counselling and legal aid; ``referral`` the
    transfer to support services. A ``reflection_period`` lets a third-country national
    recover and decide whether to cooperate; a ``residence_permit`` may follow.
    ``international_protection`` is asylum or subsidiary protection, ``compensation`` money for
    the harm done.

    References
    ----------
    Directive 2011/36/EU, Articles 11 to 17. Directive 2004/81/EC, Articles 6 and 8.
    """

    ASSISTANCE = entry(
        "assistance", "Assistance", synonyms=("support", "assistance and support", "assisted")
    )
    REFERRAL = entry("referral", "Referral", synonyms=("referrals", "referred"))
    REFLECTION_PERIOD = entry(
        "reflection_period",
        "Reflection period",
        synonyms=("reflection periods", "recovery and reflection period", "reflection"),
    )
    RESIDENCE_PERMIT = entry(
        "residence_permit",
        "Residence permit",
        synonyms=("residence permits", "first residence permits", "permit", "permits"),
    )
    INTERNATIONAL_PROTECTION = entry(
        "international_protection",
        "International protection",
        synonyms=("asylum", "asylum or subsidiary protection", "international protection status"),
    )
    COMPENSATION = entry("compensation", "Compensation", synonyms=("compensated",))


class MeasureOutcome(Code):
    """Outcome of a request for a protection measure.

    ``sought`` is requests or offers, ``granted`` and ``refused`` the decisions. The decision can
    fall in a later period than the request.
    """

    SOUGHT = entry(
        "sought", "Sought", synonyms=("requested", "applied", "applications", "requests")
    )
    GRANTED = entry("granted", "Granted", synonyms=("given", "issued", "received", "awarded"))
    REFUSED = entry("refused", "Refused", synonyms=("rejected", "denied"))
    NOT_STATED = entry("not_stated", "Not stated", synonyms=("not specified", "unknown"))
