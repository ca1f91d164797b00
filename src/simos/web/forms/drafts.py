"""What has been answered so far of a form in several steps, kept in the session as it was written. No cleaned values.

Nothing is kept of people who only look: a session begins with the first answer. A draft is forgotten after a day.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, QueryDict

from simos.kernel.clock import now
from simos.kernel.ids import new_id
from simos.platform.files.kinds import KINDS
from simos.platform.files.values import Purpose, Received

KEPT_FOR = timedelta(hours=24)
_DRAFTS = "drafts"


@dataclass(slots=True)
class Draft:
    """A person's answers to one form: by step, what was sent, and the files that came with it.

    `key` is the same for each attempt to send this draft, and never for another.
    """

    key: str = field(default_factory=new_id)
    steps: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    files: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def data_of(self, step: str) -> QueryDict | None:
        """What was sent for the step; None if it was not answered."""
        if step not in self.steps:
            return None
        data = QueryDict(mutable=True)
        for name, values in self.steps[step].items():
            data.setlist(name, values)
        return data

    def file_of(self, step: str, name: str, purpose: Purpose) -> Received | None:
        """The file that came with the step in that field."""
        told = self.files.get(step, {}).get(name)
        if told is None:
            return None
        kind = next(each for each in KINDS if each.media_type == told["media_type"])
        scanned_at = datetime.fromisoformat(told["scanned_at"]) if told["scanned_at"] else None
        return Received(
            sha256=told["sha256"],
            size=told["size"],
            name=told["name"],
            kind=kind,
            purpose=purpose,
            scanned_at=scanned_at,
        )

    def answer(self, step: str, data: QueryDict, files: Mapping[str, Received]) -> None:
        """The step has been answered with that; an earlier answer of it is gone."""
        self.steps[step] = {name: data.getlist(name) for name in data if name != "csrfmiddlewaretoken"}
        told = {name: _told(each) for name, each in files.items()}
        if told:
            self.files[step] = told
        else:
            self.files.pop(step, None)


def _told(file: Received) -> dict[str, Any]:
    return {
        "sha256": file.sha256,
        "size": file.size,
        "name": file.name,
        "media_type": file.kind.media_type,
        "scanned_at": file.scanned_at.isoformat() if file.scanned_at else "",
    }


def draft_of(request: HttpRequest, name: str) -> Draft:
    """The draft of that name in the session; an empty one if there is none, or only an old one."""
    kept = request.session.get(_DRAFTS, {}).get(name) if request.session.session_key else None
    if kept is None or datetime.fromisoformat(kept["at"]) < now() - KEPT_FOR:
        return Draft()
    return Draft(kept["key"], kept["steps"], kept["files"])


def keep_draft(request: HttpRequest, name: str, draft: Draft) -> None:
    """The session holds the draft from now on, and none that is over a day old."""
    oldest = now() - KEPT_FOR
    fresh = {
        other: each
        for other, each in request.session.get(_DRAFTS, {}).items()
        if datetime.fromisoformat(each["at"]) >= oldest
    }
    request.session[_DRAFTS] = fresh | {name: {**asdict(draft), "at": now().isoformat()}}


def forget_draft(request: HttpRequest, name: str) -> None:
    """The session holds no draft of that name."""
    drafts = request.session.get(_DRAFTS, {})
    if drafts.pop(name, None) is not None:
        request.session[_DRAFTS] = drafts
