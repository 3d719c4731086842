"""The command publications."""

import argparse
import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from thbstats.cli.output import deliver, format_of
from thbstats.display import Column, DisplayTable


def publications(args: argparse.Namespace) -> None:
    """List the publications, without the slow import of the objects that check them."""
    listed = sorted(map(_entry, _files()), key=lambda item: (item["published"] or "", item["id"]))
    names = ("id", "title", "document", "claims")
    table = DisplayTable(
        caption="Publications",
        columns=["publication", "title", "document", Column("claims", "right")],
        rows=[[str(item[name]) for name in names] for item in listed],
    )
    form = format_of(args, ("text", "json"))
    deliver(args, form, table, data=lambda: {"publications": listed})


def _files() -> list[Traversable]:
    folder = files("thbstats") / "publications"
    return [file for file in folder.iterdir() if file.name.endswith(".toml")]


def _entry(path: Traversable) -> dict[str, Any]:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    report = content["report"]
    return {
        "id": report["id"].lower().replace("_", "-"),
        "title": report["title"],
        "document": report.get("document", ""),
        "publisher": report.get("publisher", ""),
        "published": str(report["published"]) if "published" in report else None,
        "url": report.get("url", ""),
        "claims": len(content["claim"]),
    }
