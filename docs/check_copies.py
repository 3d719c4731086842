"""Check the Markdown copies of the built manual, and ``llms.txt``, which lists them.

``nox -s docs`` runs this after the build. It prints the problems, and has exit code 1 if there are
any.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag

BUILT = Path(__file__).parent / "_build" / "html"
INDEX = "llms.txt"

# Pages that Sphinx makes for the browser.
WITHOUT_COPY = {"genindex", "py-modindex", "search"}

_CODE = re.compile(r"^( *)(`{3,}).*?^ *\2`*\s*$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!\\)\]\(<?([^)\s>]+)>?(?: \"[^\"]*\")?\)")
_HTML = re.compile(r"<(?:style|script|div|table|svg)\b")


def problems(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each problem with the name of the file."""
    names = sorted(
        path.relative_to(folder).with_suffix("").as_posix()
        for path in folder.rglob("*.html")
        if path.relative_to(folder).parts[0] not in {"_static", "_downloads"}
    )
    pages = [name for name in names if name not in WITHOUT_COPY]
    for name in pages:
        copy = folder / f"{name}.md"
        if not copy.is_file():
            yield f"{name}.html", "has no Markdown copy"
            continue
        text = _CODE.sub("", copy.read_text("utf-8"))
        yield from ((f"{name}.md", problem) for problem in text_problems(text, copy.parent))
    index = folder / INDEX
    if not index.is_file():
        yield INDEX, "is missing"
        return
    listed = Counter(_LINK.findall(index.read_text("utf-8")))
    for name in pages:
        if (times := listed[f"{name}.md"]) != 1:
            yield INDEX, f"lists {name}.md {times} times"
    yield from (
        (INDEX, f"lists no page: {link}") for link in listed if not (folder / link).is_file()
    )


def text_problems(text: str, folder: Path) -> Iterator[str]:
    """Yield the problems of a copy without its code."""
    if not text.startswith("# "):
        yield "does not start with a title"
    if html := _HTML.search(text):
        yield f"contains HTML: {html[0]}"
    for link in dict.fromkeys(_LINK.findall(text)):
        path = unquote(urldefrag(link)[0])
        if path and not re.match(r"[a-z]+:", link) and not (folder / path).is_file():
            yield f"link without a file: {link}"


def main() -> int:
    """Check the copies, and print their problems."""
    parser = argparse.ArgumentParser(description="Check the Markdown copies of the manual.")
    parser.add_argument("--folder", type=Path, default=BUILT, help="folder of the built manual")
    folder = parser.parse_args().folder
    result = list(problems(folder))
    for name, problem in result:
        print(f"{name}: {problem}")
    print(f"{len(list(folder.rglob('*.md')))} copies, {len(result)} problems")
    return 1 if result else 0


if __name__ == "__main__":
    sys.exit(main())
