"""Everybody posts to every page, and is let in or refused as the access table says; refused, they change nothing."""

import pytest

from tests.access.everything import TABLE
from tests.access.probe import walk
from tests.access.stage import EVERYBODY
from tests.thorough import mostly


@pytest.mark.slow  # one person's walk is hundreds of requests
@pytest.mark.parametrize("who", mostly(EVERYBODY, plain="cora max stranger"))
def test_by_post_the_table_holds_for(stage, who):
    violations = walk(stage, who, TABLE, method="POST")

    assert not violations, "\n".join(violations)
