"""What the administrator's console works with; `app.state.back_office`, made when the application starts."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from fastapi import Request

from assistant.access import Access
from assistant.audit import Deed
from assistant.building import Builder, Job
from assistant.desk import KOREAN_TIME
from assistant.inspecting import Inspector
from assistant.lists import Lists
from assistant.quality import Questions
from assistant.records import Records
from assistant.retention import Retention
from assistant.staff_tables import Database
from assistant.switch import Switch
from assistant.uploads import Uploads
from index_build.catalogue_files import BuildError
from index_build.gate import _ask as answered
from index_build.release import rollback
from knowledge.config import DOCUMENTS
from knowledge.library import Library, ReleaseError

_LOG = logging.getLogger("assistant.back_office")


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
        self.builder = Builder(home, [*self.shipped, uploads], self._ended)

    def roll_back(self, by: str) -> str:
        """Serve what was published before, at once; its id. Raises ReleaseError where there is none."""
        release_id = rollback(self.home, by)
        self.library.refresh()
        self.settle()
        return release_id

    def settle(self) -> None:
        """Close the groups of questions whose test question is answered rightly now, and open again the others."""
        now = self.access.clock()
        try:
            tests = self.lists.questions()
        except BuildError as error:  # groups stay as they are; the next build names the same line
            _LOG.warning("The test questions cannot be read: %s", error)
            return

        def is_right(test_id: str) -> bool:
            test = tests.get(test_id)
            return test is not None and answered(self.library, test, now.astimezone(KOREAN_TIME).date()).right

        self.questions.settle(is_right, now)

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


def why(error: ReleaseError) -> str:
    """A refusal of the release's life without the advice for the command line."""
    return str(error).partition(" Run: ")[0].partition(" See: ")[0]
