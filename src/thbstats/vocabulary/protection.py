"""Assistance and protection of victims."""

from thbstats.vocabulary._word import Word, word

__all__ = ["MeasureOutcome", "ProtectionMeasure"]


class ProtectionMeasure(Word):
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

    ASSISTANCE = word(
        "assistance", "Assistance", also=("support", "assistance and support", "assisted")
    )
    REFERRAL = word("referral", "Referral", also=("referrals", "referred"))
    REFLECTION_PERIOD = word(
        "reflection_period",
        "Reflection period",
        also=("reflection periods", "recovery and reflection period", "reflection"),
    )
    RESIDENCE_PERMIT = word(
        "residence_permit",
        "Residence permit",
        also=("residence permits", "first residence permits", "permit", "permits"),
    )
    INTERNATIONAL_PROTECTION = word(
        "international_protection",
        "International protection",
        also=("asylum", "asylum or subsidiary protection", "international protection status"),
    )
    COMPENSATION = word("compensation", "Compensation", also=("compensated",))


class MeasureOutcome(Word):
    """What became of a request for a measure.

    ``sought`` counts requests or offers, ``granted`` and ``refused`` the decisions on them. A
    request of one period may be decided in the next.
    """

    SOUGHT = word("sought", "Sought", also=("requested", "applied", "applications", "requests"))
    GRANTED = word("granted", "Granted", also=("given", "issued", "received", "awarded"))
    REFUSED = word("refused", "Refused", also=("rejected", "denied"))
    NOT_STATED = word("not_stated", "Not stated", also=("not specified", "unknown"))
