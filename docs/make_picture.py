"""Make docs/_static/report.png, the start of the real report, with a headless Chromium.

Run it when the report changes: ``python docs/make_picture.py``. The manual needs no browser: it
shows the picture that this made.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from thbstats.cli import main as thbstats

PICTURE = Path(__file__).parent / "_static" / "report.png"
SIZE = "860,1108"


def main() -> None:
    """Write the report, and photograph what a window of `SIZE` shows of it."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("no Chromium found; install one to make the picture")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "report.html")
        thbstats(["report", "com-2018-777", "--output", str(page)])
        command = [
            *(browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            f"--user-data-dir={folder}/profile",
            f"--window-size={SIZE}",
            f"--screenshot={PICTURE}",
            page.as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main()
