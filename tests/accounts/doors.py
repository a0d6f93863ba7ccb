"""How the tests knock: one person, one password, one phone."""

from concurrent.futures import ThreadPoolExecutor
from smtplib import SMTPRecipientsRefused
from threading import Barrier

from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connections
from django.test import Client

from accounts.models import Authenticator, User
from accounts.services import second_factor
from tests.world import PASSWORD

HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"


def knock(email, password=PASSWORD, *, client=None, address=HOME, **data):
    """Post the sign-in form; gives the response, with its client as `response.client`."""
    typed = {"username": email, "password": password, **data}
    return (client or Client()).post("/sign-in/", typed, REMOTE_ADDR=address)


def phone_of(user: User) -> Authenticator:
    return second_factor.authenticator(user) or second_factor.give(user=user)


def come_in(user: User) -> Client:
    """Through the real doors: password, then code."""
    phone = phone_of(user)
    client = knock(user.email).client
    response = client.post("/verify/", {"code": phone.current_code()})
    assert response.status_code == 302
    return client


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password was hashed, which is what takes time at sign-in."""

    calls = 0

    def encode(self, password, salt):
        type(self).calls += 1
        return super().encode(password, salt)


class NoMail:
    """A mail server that takes nothing, and quotes the address when it says so."""

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages):
        refused = {address: (550, b"no") for message in messages for address in message.to}
        raise SMTPRecipientsRefused(refused)


def together(work, count=4):
    """The results of several threads that do the same at once."""
    gate = Barrier(count)

    def run(_):
        gate.wait()
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
