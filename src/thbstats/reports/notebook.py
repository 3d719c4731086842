"""Reports in notebooks."""

import re

__all__ = ["embedded"]

_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
_BODY = re.compile(r"<main>(.*)</main>", re.DOTALL)
_CONTENTS = re.compile(r"<nav .*?</nav>\n?", re.DOTALL)
_ANCHOR = re.compile(r'<section id="section-\d+">')
_HEADING = re.compile(r"<(/?)h([123])>")
_LOWER = """\
<style>
.thb article { max-width: 60rem; }
.thb article h3 { font-size: 1.25rem; font-weight: 600; margin: 2rem 0 0.5rem; }
</style>
"""


def embedded(document: str) -> str:
    """Return a document of `thbstats.display.to_html` as a fragment for a notebook.

    Parameters
    ----------
    document : str
        HTML as `to_html` returns it for a page.

    Returns
    -------
    str
        Its style and its body, without what a page has once: a first heading, contents, anchors
        and landmarks.

    Examples
    --------
    >>> from thbstats.display import Page, to_html
    >>> "<main>" in embedded(to_html(Page(title="A page")))
    False
    """
    style, body = _STYLE.findall(document)[0], _BODY.findall(document)[0]
    text = _ANCHOR.sub("<section>", _CONTENTS.sub("", body))
    lower = _HEADING.sub(lambda match: f"<{match[1]}h{int(match[2]) + 1}>", text)
    return f'{style}\n{_LOWER}<div class="thb">\n<article>{lower}</article>\n</div>'
