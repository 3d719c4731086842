"""Find every figure and quantity word of a printed report, and account for each of them.

A report is a markdown text that lies outside the project. Its numbered headings give the sections
("II", "II.1"), and each section has paragraphs and bullets counted from 1. Notes at the foot of a
page are lifted out of the paragraph that they interrupt and become sections of their own
("note 7"). A paragraph that a page break cut in two is joined again where its second half begins
with a small letter.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

_NUMBER_WORDS = """
one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty
seventy eighty ninety hundred hundreds thousand thousands million millions billion
first second third fourth fifth sixth seventh eighth ninth tenth half halves thirds quarter quarters
fifths tenths none zero nil nobody single both double doubled triple once twice dozen dozens decade
decades percent percentage
"""

_QUANTITY_WORDS = """
all every each majority majorities minority most mostly many much several some few fewer numerous
number numbers only predominant predominantly primarily mainly largely top widespread frequent
frequently proportion proportions disproportionate remainder average
over above below around almost nearly approximately roughly least
high highly higher highest low lower lowest large larger largest small smaller smallest substantial
substantially significant significantly limited insufficient sufficient excessive maximum minimum
lesser
always often usually generally commonly rarely constantly
more less same similar similarly equal equally varying vary varies
remain remains remained continue continues continued change changes changed changing
rise rises rising rose fall falls falling fell spike sharp sharply heightened tend tends tendency
"""

WORDS = frozenset(f"{_NUMBER_WORDS} {_QUANTITY_WORDS}".split())
"""Words that are a number or its part or multiple, and words that say without a number how many
of a whole, how near to a number, how much, how often, more or as much, and which way it goes."""

QUANTITY_STEMS = ("increas", "decreas", "declin", "grow", "improv", "reduc", "doubl", "halv")
"""Beginnings of words that say which way it goes, whatever their ending.

Left out on purpose: words that judge without measuring ("lack", "gaps", "scarcity", "progress",
"persistent", "wide range"), words of place and time ("under", "about", "up", "level"), and calls
for more of something ("strengthen", "enhance", "intensify").
"""

_NUMBER = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d+)*"
_TOKEN = re.compile(rf"(?P<number>{_NUMBER})|(?P<word>[^\W\d_]+)")
_HEADING = re.compile(r"#{1,6}\s+(?P<hashed>.+)|\*\*(?P<bold>(?:[IVXLC]+|\d+)\.\s.+)\*\*")
_CHAPTER = re.compile(r"([IVXLC]+)\.\s+")
_SECTION = re.compile(r"(\d+)\.\s+")
_NOTE = re.compile(r"<sup>(\d+)</sup>\s+")
_MARK = re.compile(r"<sup>\d+</sup>")
_BULLET = re.compile(r"[-*]\s+(?=\S)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@frozen
class Block:
    """One paragraph, bullet or heading of a report."""

    section: str
    locator: str
    text: str


@frozen
class Span:
    """A piece of one block's text."""

    start: int
    end: int

    def holds(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end

    def cuts(self, other: "Span") -> bool:
        """Whether it overlaps the other without holding all of it."""
        overlaps = self.start < other.end and other.start < self.end
        return overlaps and not self.holds(other)


def plain(markdown: str) -> str:
    """Text without emphasis, links, note marks and typographic quotes, in single spaces."""
    text = _LINK.sub(r"\1", _MARK.sub("", markdown)).replace("**", "").replace("\\", "")
    return " ".join(text.translate({0x2018: "'", 0x2019: "'"}).strip("<>").split())


def read_blocks(markdown: str) -> tuple[Block, ...]:
    """Blocks of a report in order, each with its section and its place in the section."""
    chapter, section = "front", "front"
    result: list[tuple[str, str, str]] = []
    for raw in re.split(r"\n\s*\n", markdown.replace("\r\n", "\n")):
        for kind, text in _pieces(raw.strip()):
            if kind == "heading":
                chapter, section, words = _enter(text, chapter, section)
                result.append((section, kind, words))
            elif note := _NOTE.match(text):
                result.append((f"note {note[1]}", "paragraph", plain(text[note.end() :])))
            elif kind == "paragraph" and text[0].islower():
                _join(result, section, plain(text))
            else:
                result.append((section, kind, plain(text)))
    return tuple(_numbered(result))


def _pieces(raw: str) -> Iterator[tuple[str, str]]:
    """Split what stands between two blank lines into heading, bullets and paragraphs."""
    kind, lines = "paragraph", list[str]()
    for line in raw.split("\n"):
        heading, bullet = _HEADING.fullmatch(line.strip()), _BULLET.match(line)
        if heading:
            yield from _flush(kind, lines)
            yield "heading", heading["hashed"] or heading["bold"]
            kind, lines = "paragraph", []
        elif bullet or _NOTE.match(line):
            yield from _flush(kind, lines)
            kind, lines = ("bullet", [line[bullet.end() :]]) if bullet else ("paragraph", [line])
        else:
            lines.append(line)
    yield from _flush(kind, lines)


def _flush(kind: str, lines: list[str]) -> Iterator[tuple[str, str]]:
    text = "\n".join(lines).strip()
    if text and not re.fullmatch(r"-{3,}", text):
        yield kind, text


def _enter(heading: str, chapter: str, section: str) -> tuple[str, str, str]:
    """Chapter, section and words of a heading; one without a number opens no section."""
    words = plain(heading)
    if match := _CHAPTER.match(words):
        return match[1], match[1], words[match.end() :]
    if match := _SECTION.match(words):
        return chapter, f"{chapter}.{match[1]}", words[match.end() :]
    return chapter, section, words


def _join(pieces: list[tuple[str, str, str]], section: str, text: str) -> None:
    for index in range(len(pieces) - 1, -1, -1):
        if pieces[index][:2] == (section, "paragraph"):
            pieces[index] = (section, "paragraph", f"{pieces[index][2]} {text}")
            return
    pieces.append((section, "paragraph", text))


def _numbered(pieces: Iterable[tuple[str, str, str]]) -> Iterator[Block]:
    counts: dict[tuple[str, str], int] = {}
    for section, kind, text in pieces:
        counts[section, kind] = number = counts.get((section, kind), 0) + 1
        locator = kind if kind == "heading" else f"{kind} {number}"
        yield Block(section, locator, text)


def tokens(text: str) -> tuple[Span, ...]:
    """Every number, number word and quantity word of a text."""
    return tuple(Span(*m.span()) for m in _TOKEN.finditer(text) if m["number"] or _counts(m[0]))


def _counts(word: str) -> bool:
    small = word.lower()
    return small in WORDS or small.startswith(QUANTITY_STEMS)


def places(text: str, phrase: str) -> tuple[Span, ...]:
    """Where a phrase stands as printed: whole words, and no part of a longer number."""
    bare = re.escape(phrase)
    front = r"(?<!\w)" if phrase[:1].isalnum() else ""
    back = r"(?!\w)" if phrase[-1:].isalnum() else ""
    result = [Span(*m.span()) for m in re.finditer(front + bare + back, text)]
    return tuple(span for span in result if not any(span.cuts(token) for token in tokens(text)))


def locate(claim: Mapping[str, str], blocks: Iterable[Block]) -> tuple[int, tuple[Span, ...]]:
    """Block of a claim and the spans of its printed number and of each run of its words.

    Raises LookupError, in words that say what is missing or stands more than once.
    """
    here = [
        (index, b.text)
        for index, b in enumerate(blocks)
        if (b.section, b.locator) == (claim["section"], claim["paragraph"])
    ]
    name = f"{claim['id']}: {claim['paragraph']} of {claim['section']}"
    if len(here) != 1:
        msg = f"{name} stands {len(here)} times in the text"
        raise LookupError(msg)
    index, text = here[0]
    runs = [_only_place(name, text, run) for run in claim["wording"].split(" ... ") if run]
    printed = claim["printed"]
    if printed and not any(places(text[r.start : r.end], printed) for r in runs):
        runs.append(_only_place(name, text, printed))
    return index, tuple(runs)


def _only_place(name: str, text: str, phrase: str) -> Span:
    result = places(text, phrase)
    if len(result) != 1:
        msg = f"{name}: {phrase!r} stands {len(result)} times there, and it must stand once"
        raise LookupError(msg)
    return result[0]


def account(
    markdown: str, claims: Iterable[Mapping[str, str]], exclusions: Iterable[tuple[str, str]]
) -> list[str]:
    """Everything that does not come out even between a text, its claims and its exclusions.

    An exclusion is a section and a phrase with the excluded tokens in square brackets; listing it
    n times covers n places.
    """
    blocks = read_blocks(markdown)
    left = {(index, span) for index, block in enumerate(blocks) for span in tokens(block.text)}
    claimed: set[tuple[int, Span]] = set()
    problems: list[str] = []
    for claim in claims:
        try:
            index, spans = locate(claim, blocks)
        except LookupError as error:
            problems.append(str(error))
        else:
            claimed |= {
                (index, t) for t in tokens(blocks[index].text) if any(s.holds(t) for s in spans)
            }
    left -= claimed
    for section, phrase in exclusions:
        covered = _first_place(phrase, section, blocks, left)
        if not covered:
            problems.append(f"excluded, but not (or no more) to be found in {section}: {phrase}")
        left -= covered
    problems += [_leftover(blocks[index], span) for index, span in sorted(left, key=_reading_order)]
    return problems


def _first_place(
    phrase: str, section: str, blocks: tuple[Block, ...], left: set[tuple[int, Span]]
) -> set[tuple[int, Span]]:
    """Tokens in square brackets at the first place of a phrase where none is taken."""
    marked, offset = list[Span](), 0
    for m in re.finditer(r"\[([^\]]+)\]", phrase):
        marked.append(Span(m.start() - offset, m.end() - offset - 2))
        offset += 2
    for index, block in enumerate(blocks):
        if block.section != section:
            continue
        for position in places(block.text, re.sub(r"[\[\]]", "", phrase)):
            result = {
                (index, Span(position.start + m.start, position.start + m.end)) for m in marked
            }
            if result and result <= left:
                return result
    return set()


def _leftover(block: Block, span: Span) -> str:
    token = block.text[span.start : span.end]
    around = block.text[max(0, span.start - 25) : span.start] + f"[{token}]"
    around += block.text[span.end : span.end + 25]
    return f"in no claim and not excluded: {block.section}, {block.locator}: ...{around}..."


def _reading_order(item: tuple[int, Span]) -> tuple[int, int]:
    return item[0], item[1].start
