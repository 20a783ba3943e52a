"""The command `onrecord`; what must be set before its parts are imported."""

import os

# The matrices here are small: on a busy machine, threads of the linear algebra wait for each other ten times as long
# as they compute. Whoever sets the number keeps it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
