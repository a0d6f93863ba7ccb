"""What the queue does for the public site by the clock. Each may run twice."""

from io import StringIO

from django.core.management import call_command

from . import broken_paths, services
from .directory import (
    answering,
    claiming,
    demand,
    duplicates,
    feed_status,
    feeds,
    freshness,
    links,
    listings,
    runs,
    suggesting,
)


def publish_scheduled() -> None:
    """Put on and take off what editors gave a moment for."""
    call_command("publish_scheduled", stdout=StringIO())


def tidy_search() -> None:
    """Rows that are missing, and words that no service has any more."""
    listings.catch_up()
    listings.learn_words_anew()


def check_feed() -> None:
    """Our own check of the public feed, before the national one."""
    feed_status.check_feed()


def import_feeds() -> None:
    """Begin the imports whose turn it is, and go on with one, so far as the time goes."""
    feeds.import_due()


def find_duplicates() -> None:
    """Ask about services that stand in the directory twice."""
    duplicates.find()


def forget_imports() -> None:
    """What imports did long ago."""
    runs.forget()


def keep_fresh() -> None:
    """Ask the providers of what nobody has checked for long; hide what nobody answers for."""
    freshness.ask()
    freshness.send()
    freshness.hide()
    listings.grow_old()


def check_links() -> None:
    """Whether the web pages that services name still open, some at a time."""
    links.check_some()


def check_paths() -> None:
    """What has been hidden, taken off or deleted may have been where an answer led."""
    broken_paths.check()


def tell_suggestions() -> None:
    """Tell providers that readers say something of theirs is wrong."""
    answering.tell()


def forget_suggestions() -> None:
    """What readers said, and who claimed a provider, is kept for so many days."""
    suggesting.forget()
    claiming.forget()


def forget_demand() -> None:
    """What people looked for is counted for 13 months."""
    demand.forget()


def sync_editors() -> None:
    """Roles begin and end by date, which no signal tells."""
    services.sync_editors()
