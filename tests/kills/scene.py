"""Who works while everything dies: the tests' world, and referrals that can be moved to and fro."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import Error, close_old_connections, connection
from django.test import Client

from accounts.models import User
from accounts.services import second_factor
from casework.models import Message
from casework.workflow import move
from tests.world import World, build
from waymark.demo import making

from .clients import Browser, Mover, Starter
from .counting import Tally


@dataclass
class Scene:
    acts: list[Callable[[], None]]


def make(port: int, tally: Tally, movers: int) -> Scene:
    build()
    world = World()
    alex = Browser(port, session_of(world.alex))
    typed: dict[str, object] = {
        "programme": world.programme.pk,
        "organisation": world.school.pk,
    }
    acts: list[Callable[[], None]] = [Starter(alex, tally, typed).act]
    for number in range(movers):
        by = world.cora if number % 2 else world.cleo
        acts.append(_mover(Browser(port, session_of(by)), by, tally, world).act)
    connection.close()
    return Scene(acts)


def _mover(browser: Browser, by: User, tally: Tally, world: World) -> Mover:
    """A referral on the waiting list, and somebody who offers it places that fall through."""
    sent = making.refer(by=world.alex, programme=world.programme)
    triage = move(sent, "start_triage", by=by)
    case = move(triage, "wait", by=by, **making.TRIAGED)
    tally.began[case.pk] = case.version
    return Mover(browser, tally, case.pk, case.reference, "waiting", case.version)


def session_of(user: User) -> str:
    """The key of a session as after signing in, second factor shown where roles need one."""
    client = Client()
    client.force_login(user, backend="accounts.backends.StandingBackend")
    session = client.session
    if user.needs_second_factor:
        device = second_factor.authenticator(user) or second_factor.give(user=user)
        session["otp_device_id"] = device.persistent_id
    session.save()
    return str(session.session_key)


def unsent() -> int:
    """Letters that are due; one more than none while the database does not answer."""
    try:
        close_old_connections()
        return Message.objects.filter(state=Message.State.DUE).count()
    except Error:
        connection.close()
        return 1
