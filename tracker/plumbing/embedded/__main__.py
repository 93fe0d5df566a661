"""`python -m tracker.plumbing.embedded INSTANCE`: stop the server there and erase its data; what `make clean` runs."""

import sys
from pathlib import Path

from . import erase

erase(Path(sys.argv[1]))
