"""Recovery codes: the way in on the day the phone is lost."""

from datetime import timedelta

from accounts.clock import at, now
from accounts.services import second_factor
from tests.accounts.doors import together
from tests.accounts.test_second_factor import enrolled, half_password


def test_a_recovery_code_lets_in_once_and_leads_to_the_new_phone(world, mailoutbox):
    client = half_password(world.cora)
    _, codes = enrolled(client)
    lost = half_password(world.cora)

    used = lost.post("/verify/recovery-code/", {"code": codes[0].lower().replace("-", " ")})
    again = half_password(world.cora).post("/verify/recovery-code/", {"code": codes[0]})

    assert used.headers["Location"] == "/account/phone/"
    assert lost.get("/account/").status_code == 200
    assert again.status_code == 200 and "has been used" in again.text
    assert second_factor.codes_left(world.cora) == 9


def test_new_recovery_codes_kill_the_old_ones(world):
    client = half_password(world.cora)
    _, old = enrolled(client)

    shown = client.post("/account/recovery-codes/")

    assert shown.status_code == 200
    assert second_factor.recover(user=world.cora, code=old[0]) is None
    assert client.get("/account/").status_code == 200


def test_a_right_recovery_code_right_after_a_wrong_one_is_told_to_wait(world):
    second_factor.give(user=world.cora)
    codes = second_factor.renew_codes(user=world.cora)
    client = half_password(world.cora)
    client.post("/verify/recovery-code/", {"code": "CDFG-2346-HJKM-79QR"})

    soon = client.post("/verify/recovery-code/", {"code": codes[0]})

    assert "Wait a little" in soon.text and "not one of your recovery codes" not in soon.text
    with at(now() + timedelta(seconds=5)):
        later = client.post("/verify/recovery-code/", {"code": codes[0].lower()})
    assert later.headers["Location"] == "/account/phone/"


def test_recovery_codes_are_guessed_slowly(world):
    second_factor.give(user=world.cora)
    codes = second_factor.renew_codes(user=world.cora)
    with at(now()):
        assert second_factor.recover(user=world.cora, code="CDFG-2346-HJKM-79QR") is None
        assert second_factor.recover(user=world.cora, code=codes[0]) is None
    with at(now() + timedelta(seconds=5)):
        assert second_factor.recover(user=world.cora, code=codes[0])


def test_a_recovery_code_that_is_sent_many_times_at_once_works_once(committing):
    user = committing.cora
    code = second_factor.renew_codes(user=user)[0]

    results = together(lambda: second_factor.recover(user=user, code=code))

    assert len([sheet for sheet in results if sheet]) == 1
