"""A language of texts."""

from collections.abc import Sequence

from thbstats.panel import Message
from thbstats.panel.names import joined


class Language:
    """English."""

    code = "en"

    @staticmethod
    def of(code: str) -> "Language":
        """Return the language of a code."""
        return Language()

    def text(self, message: str, /, **values: object) -> str:
        """Return a text."""
        return Message(message, **values) if values else message

    def plural(self, singular: str, plural: str, number: int, /, **values: object) -> str:
        """Return the text of a number."""
        return self.text(singular if number == 1 else plural, **values)

    def listed(self, texts: Sequence[str], last: str = " and ") -> str:
        """Return texts as one list."""
        return joined(texts, last)
