"""`python -m mapseg_xl` is the command line."""

import sys

from mapseg_xl.cli import main

sys.exit(main())
