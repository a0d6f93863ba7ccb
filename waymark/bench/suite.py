"""`suite`: the test suite without browser, as `make test` runs it, in seconds."""

import subprocess
import sys
import time

from waymark.bootstrap import ROOT

from . import rows
from .setting import Setting

GOAL, FLOOR = 60, 120  # seconds on two cores


def run(setting: Setting) -> list[rows.Row]:
    pytest = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"]
    command = [*pytest, "-m", "not browser"]
    began = time.perf_counter()
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
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
