"""The sample's router. What is written becomes a record of the audit log, so that tests see what was kept."""

from typing import Annotated

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from simos.kernel.clock import now
from simos.kernel.errors import Conflict
from simos.platform.audit.log import record
from simos.platform.scopes.acting import current
from simos.web.api.paging import Paging, page_of

router = Router()
LETTERS = list("abcdefghij")


class Note(Schema):
    text: str = Field(min_length=1)


@router.get("/who", response=dict[str, str])
def who(request: HttpRequest) -> dict[str, str]:
    acting = current()
    return {"scope": str(acting.scope), **acting.actor.as_dict()}


@router.get("/letters", response=list[str])
def letters(request: HttpRequest, response: HttpResponse, paging: Annotated[Paging, Query()]) -> list[str]:
    return list(page_of(LETTERS, paging, request, response))


@router.post("/notes", response={201: Note})
def write(request: HttpRequest, note: Note) -> Status:
    acting = current()
    with transaction.atomic():
        record("note", obj=("note", note.text), by=acting.actor, scope=acting.scope, at=now())
        if note.text == "twice":
            raise Conflict("there is one already")
    return Status(201, note)
