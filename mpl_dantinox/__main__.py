"""``python -m mpl_dantinox`` is the command ``mpl-dantinox``."""

import sys

from mpl_dantinox.command.main import main

if __name__ == "__main__":
    sys.exit(main())
