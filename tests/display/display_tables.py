"""Display tables and pages for tests."""

from fractions import Fraction

from hypothesis import strategies as st

from thbstats.display import Cell, Column, DisplayTable, Group, Page, PageSection, Row, Tone

FORMS = DisplayTable(
    caption="Registered victims by form",
    columns=["Form", Column("Registered", "right"), Column("Share of all", "right"), "Verdict"],
    rows=[
        Group("EU28"),
        ["sexual", "9,759", Cell("47.5% to 63.4%", bar=(Fraction(9759, 20532), 0.634)), ""],
        ["other", Cell("[c]", title="hidden by the source"), "18%", Cell("wrong", tone="bad")],
        Group(),
        Row(["all", "20,532", "100.0%", Cell("confirmed", tone="good")], total=True),
    ],
    notes=["[c] suppressed by the source."],
)
YEARS = DisplayTable(
    caption="Registered victims",
    columns=["Country", *(Column(str(year), "right") for year in range(2008, 2018))],
    rows=[[country, *["1,234"] * 10] for country in ("AT", "BE")],
)

ATTACKS = [
    "<script>alert(1)</script>",
    "</style><b>",
    '" onmouseover="a',
    "&lt;b&gt;",
    "![a](b) [c](d)",
    "**a** ~~b~~ `c` __d__",
    "a | b \\| c",
    "\x1b[31mred",
]
LETTERS = "ab09 <>&\"'|\\`*_[]~$#+=-.)!%:漢é\u0301\x1b\n\u202e"

prose = st.text(LETTERS, max_size=30) | st.sampled_from(ATTACKS) | st.text(max_size=10)
cells = st.builds(
    Cell, prose, tone=st.sampled_from(Tone), title=prose, bar=st.none() | st.just((0.25, 1))
)


@st.composite
def drawn_tables(draw: st.DrawFn) -> DisplayTable:
    columns = draw(
        st.lists(
            st.builds(Column, prose, st.sampled_from(["left", "right"])), min_size=1, max_size=9
        )
    )
    line = st.lists(cells, min_size=len(columns), max_size=len(columns))
    row = st.builds(Row, line, total=st.booleans()) | st.builds(Group, prose)
    rows = draw(st.lists(row, max_size=5))
    return DisplayTable(
        caption=draw(prose), columns=columns, rows=rows, notes=draw(st.lists(prose, max_size=2))
    )


drawn_pages = st.builds(
    Page,
    title=prose,
    lead=prose,
    kicker=prose,
    footer=prose,
    lang=prose,
    sections=st.lists(
        st.builds(
            PageSection,
            heading=prose,
            prose=st.lists(prose, max_size=2),
            tables=st.lists(drawn_tables(), max_size=2),
        ),
        max_size=4,
    ),
)
