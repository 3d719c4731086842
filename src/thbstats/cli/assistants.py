"""The command mcp."""

import argparse

from thbstats.agents import serve


def mcp(args: argparse.Namespace) -> None:
    """Serve a folder until the client ends."""
    serve(args.folder, time_limit=args.time_limit)
