"""Languages of texts: messages, their catalogues, and texts that can be translated."""

from thbstats.languages.language import (
    LANGUAGES,
    CountryName,
    Day,
    Label,
    Language,
    Listed,
    Message,
    Phrase,
    Plural,
    capitalised,
    joined,
    language_or_english,
    lowered,
    nested,
    paragraph,
    with_replaced,
)

__all__ = [
    "LANGUAGES",
    "CountryName",
    "Day",
    "Label",
    "Language",
    "Listed",
    "Message",
    "Phrase",
    "Plural",
    "capitalised",
    "joined",
    "language_or_english",
    "lowered",
    "nested",
    "paragraph",
    "with_replaced",
]
