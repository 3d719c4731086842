"""Whether the elements of an HTML fragment nest."""

from html.parser import HTMLParser

VOID = {"br", "meta", "rect"}


class _Nesting(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.rows = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.rows += tag == "tr"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def rows_of(html: str) -> int:
    """Return how many rows of tables there are in a fragment whose elements nest."""
    reader = _Nesting()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader.rows
