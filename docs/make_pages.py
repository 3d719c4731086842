"""Write the generated tables of the manual: ``python docs/make_pages.py``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

from generated import write_pages

if __name__ == "__main__":
    for page in write_pages():
        print(page)
