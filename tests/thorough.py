"""How much a run asks. A plain one asks the access table a sample and walks the state machines a
little; a thorough one (WAYMARK_THOROUGH=1, which `make check` sets) asks all and walks on."""

import os

THOROUGH = os.environ.get("WAYMARK_THOROUGH") == "1"


def examples(*, plain: int, thorough: int) -> int:
    return thorough if THOROUGH else plain
