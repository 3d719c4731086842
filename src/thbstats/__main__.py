"""Run the command line with ``python -m thbstats``."""

import sys

from thbstats.cli import main

if __name__ == "__main__":
    sys.exit(main())
