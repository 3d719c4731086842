"""Make docs/_static/report.png, the first screen of a report, with a headless Chromium.

``python docs/make_picture.py`` makes the picture of the README. A test reports a picture that is
not current: the file contains a digest of the text that it shows.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import thbstats as thb

PICTURE = Path(__file__).parent / "_static" / "report.png"
SIZE = "860,1108"
LINES = 40  # of the text report, about as many as the picture shows
KEY = b"tEXtReport\0"


def digest() -> str:
    """Return a digest of the text that the picture shows."""
    lines = thb.report(thb.publications.com_2018_777()).to_text(width=80).splitlines()[:LINES]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def digest_in(picture: bytes) -> str:
    """Return the digest that a picture contains, or an empty text."""
    start = picture.find(KEY) + len(KEY)
    return picture[start : start + 64].decode("ascii") if start >= len(KEY) else ""


def with_digest(picture: bytes, text: str) -> bytes:
    """Return a PNG file with a digest as a text chunk before its end."""
    chunk = KEY + text.encode("ascii")
    length, checksum = len(chunk) - 4, zlib.crc32(chunk)
    end = len(picture) - 12  # the last chunk, IEND, has 12 bytes
    whole = length.to_bytes(4, "big") + chunk + checksum.to_bytes(4, "big")
    return picture[:end] + whole + picture[end:]


def main() -> None:
    """Write the report, and save the part in a window of `SIZE`."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("Chromium is not installed. Install it to make the picture.")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "report.html")
        thb.report(thb.publications.com_2018_777()).save(page)
        command = [
            *(browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            f"--user-data-dir={folder}/profile",
            f"--window-size={SIZE}",
            f"--screenshot={PICTURE}",
            page.as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True)
    PICTURE.write_bytes(with_digest(PICTURE.read_bytes(), digest()))


if __name__ == "__main__":
    main()
