import time
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.text import slugify

from cms.directory import feeds, noting, runs
from cms.models import Run, Source

SECONDS = 3.0  # between two lines of progress
PRINTED = 20


class Command(BaseCommand):
    help = "Read a feed of Open Referral UK (3.0 or 1.0) to its end. One that was stopped goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "feed",
            metavar="SOURCE",
            help="The code of a source, or the address of a feed, of which a source is made.",
        )
        parser.add_argument("--name", default="", help="Whose directory a new source is.")
        parser.add_argument("--dry-run", action="store_true", help="Say what it would do.")

    def handle(self, *, feed: str, name: str, dry_run: bool, **options: Any) -> None:
        source = self._source(feed, name)
        run = runs.begin(source, is_dry=dry_run)
        if run.is_dry != dry_run:
            raise CommandError("Another import of it is running: wait, or look at its page.")
        if run.page:
            self.stderr.write(f"It goes on after page {run.page}, where it was stopped.")
        try:
            self._to_its_end(run)
        except KeyboardInterrupt:
            raise CommandError("Stopped. The same command goes on where it was.") from None
        self._tell(run)
        if run.state != Run.State.COMPLETE:
            raise CommandError(run.why)

    def _source(self, feed: str, name: str) -> Source:
        """Raises CommandError when there is none of that code, or the address is none."""
        if "://" not in feed:
            source = Source.objects.exclude(url="").filter(code=feed).first()
            if source is None:
                raise CommandError(f"There is no source “{feed}” with the address of a feed.")
            return source
        if not feed.startswith(("https://", "http://")):
            raise CommandError("The address does not begin with https://.")
        if source := Source.objects.filter(url=feed).first():
            return source
        name = name or urlsplit(feed).netloc
        source = Source(name=name[:200], code=slugify(name)[:60] or "feed", url=feed)
        try:
            source.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        source.save()
        self.stderr.write(
            f"{source} is a source now: read every {source.every_days} days, its services as "
            "drafts. The editor has more about it."
        )
        return source

    def _to_its_end(self, run: Run) -> None:
        while run.state == Run.State.RUNNING:
            before = run.touched_at
            runs.go_on(run, feeds.crawl, seconds=SECONDS)
            run.refresh_from_db()
            pages = f" of {run.pages}" if run.pages else ""
            self.stderr.write(f"Page {run.page}{pages}: {run.seen:,} services")
            if run.touched_at == before:
                time.sleep(SECONDS)  # another process is at it

    def _tell(self, run: Run) -> None:
        would = " (a dry run: nothing was written)" if run.is_dry else ""
        self.stdout.write(
            f"{run.seen:,} services{would}: {run.added:,} added, {run.changed:,} changed, "
            f"{run.unchanged:,} unchanged, {run.rejected:,} rejected."
        )
        self.stdout.write(f"The feed was asked {run.requests:,} times.")
        for change in run.changes:
            self.stdout.write(noting.line(change))
        if run.changed > len(run.changes):
            self.stdout.write("… further changes are not named.")
        for problem in run.problems[:PRINTED]:
            self.stderr.write(f"{problem['record']}: {problem['words']}")
        if len(run.problems) > PRINTED:
            self.stderr.write("… further problems are on its page in the editor.")
        if run.held:
            self.stderr.write(f"{run.held:,} values were kept as they were edited here.")
        for why, count in run.left_out.items():
            self.stderr.write(f"{count:,} values left out: {why}.")
