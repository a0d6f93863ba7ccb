"""Every column of every model of ours says what it is about."""

from casework import privacy
from referrals.models import YoungPerson


def test_every_column_is_classified():
    assert privacy.faults() == []


def test_an_unclassified_column_is_noticed(monkeypatch):
    """The control: take one column's words away, and add one that is no column."""
    fields = {**YoungPerson.Privacy.fields, "shoe_size": "none"}
    del fields["phone"]
    monkeypatch.setattr(YoungPerson.Privacy, "fields", fields)

    assert privacy.faults() == [
        "referrals.YoungPerson.phone is not classified.",
        "referrals.YoungPerson.shoe_size is no column.",
    ]


def test_a_malformed_classification_is_noticed(monkeypatch):
    monkeypatch.setattr(
        YoungPerson.Privacy, "fields", {**YoungPerson.Privacy.fields, "phone": "personal give"}
    )

    assert len(privacy.faults()) == 1
