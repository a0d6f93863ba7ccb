"""Everybody opens every page, and gets what the access table says and no word more (security §2, §8)."""

import pytest

from tests.access.everything import TABLE
from tests.access.probe import walk
from tests.access.stage import EVERYBODY
from tests.thorough import mostly


@pytest.mark.slow  # one person's walk is hundreds of requests
@pytest.mark.parametrize("who", mostly(EVERYBODY, plain="alex sam stranger"))
def test_by_get_the_table_holds_for(stage, who):
    violations = walk(stage, who, TABLE)

    assert not violations, "\n".join(violations)
