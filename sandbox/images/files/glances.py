# Debian's Glances is version 3; its API differs from version 4 by the number in the path, for the
# parts that are asked for here.
import os
import shlex
import sys

from glances.outputs.glances_bottle import GlancesBottle

GlancesBottle.API_VERSION = "4"
sys.argv = ["glances", *shlex.split(os.environ.get("GLANCES_OPT", "")), *sys.argv[1:]]

import glances  # noqa: E402

glances.main()
