"""`suite`: the test suite without browser, as `make test` runs it, in seconds.

Timed is the usual run. A first one after a change of migrations makes the schema as well, which is
kept: one file of tests does that before.
"""

import os
import subprocess
import sys
import time

from waymark.bootstrap import ROOT

from . import rows
from .setting import Setting

GOAL, FLOOR = 60, 120  # seconds on two cores
WARM_UP = "tests/casework/test_outbox.py"


def run(setting: Setting) -> list[rows.Row]:
    _pytest(WARM_UP)
    began = time.perf_counter()
    ended = _pytest()
    took = time.perf_counter() - began
    said = (ended.stdout.strip().splitlines() or ["no output"])[-1]
    row = rows.Row(
        name="suite",
        value=took,
        unit="s",
        ratio=took,
        goal=GOAL,
        floor=FLOOR,
        better="lower",
        rounds=1,
        is_void=ended.returncode != 0,  # a suite that fails has no time
        remark=said,
    )
    return [row]


def _pytest(*of: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"]
    command += ["-m", "not browser", *of]
    # Ours would take the place of the settings of the tests, and their quick PostgreSQL.
    ours = ("DJANGO_SETTINGS_MODULE", "WAYMARK_DB_NAME")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
