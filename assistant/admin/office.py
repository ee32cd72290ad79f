"""What the administrator's console works with; `app.state.back_office`, made when the application starts."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from fastapi import Request

from assistant.access import Access
from assistant.admin.building import Builder, Busy, Job
from assistant.admin.inspecting import Inspector
from assistant.admin.lists import Lists
from assistant.admin.questions import Questions
from assistant.admin.retention import Retention
from assistant.admin.switch import Switch
from assistant.admin.uploads import Uploads
from assistant.audit import Deed
from assistant.desk import KOREAN_TIME
from assistant.records import Records
from assistant.staff_tables import Database
from index_build.catalogue_files import BuildError
from index_build.gate import Answered, ask
from index_build.release import rollback
from knowledge.config import DOCUMENTS
from knowledge.home import current_id
from knowledge.library import Library

_LOG = logging.getLogger("assistant.admin.office")


class Moved(RuntimeError):
    """Another release is served by now than the one that somebody's page was about."""


class BackOffice:
    """Uploads, builds and releases of one home, the records of conversations, and the staff's own tables."""

    def __init__(
        self,
        home: Path,
        uploads: Path,
        library: Library,
        records: Records,
        database: Database,
        access: Access,
        shipped: Sequence[Path] = (DOCUMENTS,),
    ) -> None:
        """`home` holds the releases, `uploads` what editors upload; `shipped` are the folders that builds read before those."""
        self.home, self.shipped = home, tuple(shipped)
        self.library, self.records, self.database, self.access = library, records, database, access
        self.uploads = Uploads(uploads, database)
        self.inspector = Inspector(home)
        self.lists = Lists(self.uploads, self.shipped)
        self.questions = Questions(records, database, lambda text: library.release.places(text))
        self.switch = Switch(database)
        self.retention = Retention(database, records)
        self._switching = Lock()
        self._settled = ""  # the release by which the groups of questions were last closed or opened
        self.builder = Builder(home, [*self.shipped, uploads], self._ended)

    def roll_back(self, served: str, by: str) -> str:
        """Serve what was published before `served`, at once; its id.

        Raises Moved where something else is served, Busy while something is being published, ReleaseError where
        nothing was published before.
        """
        with self._switching:
            if self.builder.publishes:
                raise Busy("A publication is under way.")
            if current_id(self.home) != served:
                raise Moved(f"{served} is not served any more.")
            release_id = rollback(self.home, by)
        self.library.refresh()
        self.settle()
        return release_id

    def settle(self) -> None:
        """Close the groups of questions whose test question is answered rightly now, and open again the others."""
        try:
            tests = self.lists.questions()
        except BuildError as error:  # groups stay as they are; the next build names the same line
            _LOG.warning("The test questions cannot be read: %s", error)
            return
        self._settled = self.library.release.id
        self.questions.settle(
            lambda test_id: test_id in tests and self.asked(tests[test_id]).right, self.access.clock()
        )

    def settle_if_new(self) -> None:
        """The same, where another release is served since: it may have been published from the command line."""
        if self.library.release.id != self._settled:
            self.settle()

    def asked(self, test: Mapping[str, Any]) -> Answered:
        """How what is served answers a test question today."""
        return ask(self.library, dict(test), self.access.clock().astimezone(KOREAN_TIME).date())

    def close(self) -> None:
        """Stop what runs."""
        self.builder.close()
        self.inspector.close()

    def _ended(self, job: Job) -> None:
        """Serve what was published before anybody is told that it was, and write the deed down."""
        published = job.kind == "publish" and job.ok
        if published:
            self.library.refresh()
        after = {"release": job.release} | ({"forced": job.reason} if job.reason else {})
        deed = Deed(f"release.{job.kind}", job.release, after=after, result="done" if job.ok else "refused")
        self.access.audit.add(job.actor, deed, self.access.clock())
        if published:
            self.settle()
        if not job.ok:
            _LOG.warning("%s of %s failed: %s", job.kind, job.release or "a release", job.message)


def the_office(request: Request) -> BackOffice:
    """The application's back office."""
    office: BackOffice = request.app.state.back_office
    return office
