"""A whole page as a part of another one."""

import re

__all__ = ["embedded"]

_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
_BODY = re.compile(r"<main>(.*)</main>", re.DOTALL)
_CONTENTS = re.compile(r"<nav .*?</nav>\n?", re.DOTALL)
_ANCHOR = re.compile(r'<section id="section-\d+">')


def embedded(document: str) -> str:
    """Return a document of `thbstats.display.to_html` as a fragment for a notebook.

    Parameters
    ----------
    document : str
        HTML as `to_html` returns it for a page.

    Returns
    -------
    str
        Its style and its body, without what a page has once: contents, anchors and landmarks.

    Examples
    --------
    >>> from thbstats.display import Page, to_html
    >>> "<main>" in embedded(to_html(Page(title="A page")))
    False
    """
    style, body = _STYLE.search(document), _BODY.search(document)
    if style is None or body is None:
        return document
    text = _ANCHOR.sub("<section>", _CONTENTS.sub("", body[1]))
    article = f'<article style="max-width: 60rem">{text}</article>'
    return f'{style[0]}\n<div class="thb">\n{article}\n</div>'
