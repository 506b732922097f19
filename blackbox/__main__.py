"""`python -m blackbox`."""

import os
import sys

if sys.path and sys.path[0] in ("", os.getcwd()):
    del sys.path[0]  # or a file that lies in a folder of submissions would be imported in place of a library

from blackbox.cli.main import run

if __name__ == "__main__":
    run()
