"""Files: safe on disk before they count, only for whom their owner allows, and gone when their time is over."""

import hashlib
import os
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from simos.kernel.acting import FEDERATION, Actor, Scope
from simos.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from simos.platform.audit.models import AuditRecord
from simos.platform.audit.queries import verify
from simos.platform.audit.transactions import OutsideTransaction
from simos.platform.files import disk
from simos.platform.files.actions import attach, clear_unused, remove_expired, remove_file, remove_files_of
from simos.platform.files.jobs import jobs
from simos.platform.files.kinds import CSV, PDF, PNG
from simos.platform.files.models import Content, StoredFile
from simos.platform.files.queries import files_of, owner_of, readable
from simos.platform.files.receiving import receive
from simos.platform.files.serving import download_of
from simos.platform.files.values import Owner, Purpose
from simos.testing.acting import SYSTEM, make_account, officer

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CELJE, KOPER = Scope.city("celje"), Scope.city("koper")
PROOF = Purpose(name="proof", kinds=(PDF, PNG), most_bytes=1000, keep=timedelta(days=30))
NOTICE = Purpose(name="notice", kinds=(PDF, CSV), most_bytes=5_000_000, open=True)
PERMIT = Owner("mobility_parking.permit", "7")
CONTENT = b"%PDF-1.7 proof"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path):
    with override_settings(FILES_ROOT=tmp_path / "files"):
        yield tmp_path / "files"


def come(content: bytes = CONTENT, *, name="Potrdilo.pdf", purpose=PROOF, at=AT):
    return receive((content[n : n + 5] for n in range(0, len(content), 5)), name=name, purpose=purpose, at=at)


def store(
    content: bytes = CONTENT, *, scope=CELJE, owner=PERMIT, purpose=PROOF, by=SYSTEM, at=AT, **more
) -> StoredFile:
    received = come(content, purpose=purpose, at=at)
    with transaction.atomic():
        return attach(scope, received, owner=owner, by=by, at=at, **more)


def on_disk() -> list[str]:
    return sorted(path.name for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file())


def anybody(actor: Actor, owner: Owner) -> bool:
    return True


def read(file: StoredFile, *, scope=CELJE, may_read=anybody, by=SYSTEM, at=AT, purpose="deciding on the permit"):
    return readable(scope, file.pk, may_read=may_read, by=by, at=at, purpose=purpose)


@pytest.mark.django_db
def test_a_file_is_kept_by_its_content_and_belongs_to_its_owner(folder):
    by = officer(CELJE)
    file = store(by=by)
    path = folder / SHA256[:2] / SHA256[2:4] / SHA256
    assert path.read_bytes() == CONTENT
    assert path.stat().st_mode & 0o077 == 0
    assert (file.name, file.media_type, file.purpose) == ("Potrdilo.pdf", "application/pdf", "proof")
    assert file.keep_until == AT + timedelta(days=30)
    assert Content.objects.get().scanned_at is None
    assert list(files_of(CELJE, PERMIT)) == [file]
    assert not files_of(KOPER, PERMIT).exists()
    said = AuditRecord.objects.get(action="store-file")
    assert (said.object_id, said.actor["account"]) == (str(file.pk), by.account)
    assert "Potrdilo" not in said.data
    assert verify() == []


@pytest.mark.django_db
def test_the_same_content_lies_on_disk_once():
    first, second = store(), store(scope=KOPER, owner=Owner("other", "1"))
    assert first.content_id == second.content_id
    assert on_disk() == [SHA256]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "x.pdf", "empty"),
        (b"%PDF-" + b"x" * 996, "x.pdf", "at most 1 kB"),
        (b"MZ\x90\0", "x.pdf", r"\.pdf, \.png"),
        (b"a;b\n", "x.csv", "it is CSV"),
        (b"<svg/>", "x.svg", "it is text"),
    ],
)
def test_what_does_not_fit_its_purpose_is_refused_and_leaves_nothing(content, name, said):
    with pytest.raises(Invalid, match=said):
        come(content, name=name)
    assert on_disk() == []


def test_exactly_as_big_as_allowed_is_taken():
    assert come(b"%PDF-" + b"x" * 995).size == 1000


def test_a_scanner_that_is_silent_leaves_nothing_on_disk():
    here = settings.SIMOS.model_copy(update={"clamd": "127.0.0.1:1"})
    with override_settings(SIMOS=here), pytest.raises(Unavailable):
        come()
    assert on_disk() == []


def test_an_upload_that_breaks_off_leaves_nothing_on_disk():
    def broken():
        yield CONTENT
        raise ConnectionError("gone")

    with pytest.raises(Unavailable):
        receive(broken(), name="x.pdf", purpose=PROOF, at=AT)
    assert on_disk() == []


def test_all_is_on_the_disk_itself_before_it_is_acknowledged(monkeypatch, folder):
    """The content, its name, and each new folder are synced, the content before it has its name."""
    synced = []
    real = os.fsync

    def fsync(number: int) -> None:
        synced.append(Path(f"/proc/self/fd/{number}").readlink().relative_to(folder.parent).as_posix())
        real(number)

    monkeypatch.setattr(os, "fsync", fsync)
    come()
    one, two = f"files/{SHA256[:2]}", f"files/{SHA256[:2]}/{SHA256[2:4]}"
    assert synced[0:2] == [".", "files"]
    assert synced[2].startswith("files/incoming/")
    assert synced[3:] == ["files", one, two]


@pytest.mark.django_db
def test_what_the_scanner_saw_clean_is_marked_so():
    received = come()
    with transaction.atomic():
        attach(CELJE, received, owner=PERMIT, by=SYSTEM, at=AT)
        attach(CELJE, type(received)(**_fields(received) | {"scanned_at": AT}), owner=PERMIT, by=SYSTEM, at=AT)
    assert Content.objects.get().scanned_at == AT


def _fields(received) -> dict:
    return {name: getattr(received, name) for name in type(received).__dataclass_fields__}


@pytest.mark.django_db
def test_a_file_is_attached_in_an_actions_transaction_and_undone_with_it():
    received = come()
    with pytest.raises(OutsideTransaction):
        attach(CELJE, received, owner=PERMIT, by=SYSTEM, at=AT)

    @transaction.atomic
    def failing_action():
        attach(CELJE, received, owner=PERMIT, by=SYSTEM, at=AT)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing_action()
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_only_whom_its_owner_allows_reads_it_and_that_is_written_down():
    holder, other = officer(CELJE), officer(CELJE)
    file = store(by=holder)
    asked = []

    def may_read(actor: Actor, owner: Owner) -> bool:
        asked.append((actor, owner))
        return actor == holder

    assert read(file, may_read=may_read, by=holder) == file
    with pytest.raises(NotFound):
        read(file, may_read=may_read, by=other)
    assert asked == [(holder, PERMIT), (other, PERMIT)]
    (said,) = AuditRecord.objects.filter(action="read-file")
    assert (said.actor["account"], said.purpose) == (holder.account, "deciding on the permit")


@pytest.mark.django_db
def test_what_is_elsewhere_or_past_or_nowhere_is_not_found():
    file = store()
    for call in (
        lambda: read(file, scope=KOPER),
        lambda: read(file, scope=FEDERATION),
        lambda: read(file, at=AT + timedelta(days=30)),
        lambda: readable(CELJE, uuid4(), may_read=anybody, by=SYSTEM, at=AT, purpose="x"),
    ):
        with pytest.raises(NotFound):
            call()
    with pytest.raises(ValueError, match="purpose"):
        read(file, purpose=" ")


@pytest.mark.django_db
def test_reading_an_open_file_is_not_written_down():
    file = store(purpose=NOTICE)
    assert readable(CELJE, file.pk, may_read=anybody, by=Actor.nobody(), at=AT) == file
    assert not AuditRecord.objects.filter(action="read-file").exists()
    assert file.keep_until is None
    with pytest.raises(NotFound):
        read(file, may_read=lambda actor, owner: False)


@pytest.mark.django_db
@pytest.mark.parametrize(("purpose", "cache"), [(PROOF, "private, no-store"), (NOTICE, "public, max-age=300")])
def test_a_browser_saves_it_and_never_runs_it(purpose, cache):
    file = store(purpose=purpose)
    StoredFile.objects.update(name="Račun št. 5.pdf")
    file.refresh_from_db()
    with closing(download_of(file)) as response:
        assert b"".join(response.streaming_content) == CONTENT
        assert response["Content-Disposition"] == "attachment; filename*=utf-8''Ra%C4%8Dun%20%C5%A1t.%205.pdf"
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Length"] == str(len(CONTENT))
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]
        assert response["Cache-Control"] == cache


@pytest.mark.django_db
def test_a_content_that_the_disk_has_lost_is_said_and_mended_when_it_comes_again():
    file = store()
    disk.path_of(SHA256).unlink()
    with pytest.raises(Unavailable):
        download_of(file)
    store()
    download_of(file).close()


@pytest.mark.django_db
def test_files_of_an_owner_go_with_it_and_are_audited():
    kept = store(owner=Owner("other", "1"))
    gone = store()
    store(b"%PDF-other")
    remove_file(CELJE, gone.pk, why="sent by mistake", by=SYSTEM, at=AT)
    assert remove_files_of(CELJE, PERMIT, why="the person was erased", by=SYSTEM, at=AT) == 1
    assert list(StoredFile.objects.all()) == [kept]
    said = AuditRecord.objects.filter(action="remove-file").order_by("seq").values_list("object_id", "purpose")
    assert [why for _, why in said] == ["sent by mistake", "the person was erased"]
    assert said[0][0] == str(gone.pk)
    for scope, file in ((CELJE, gone), (KOPER, kept)):
        with pytest.raises(NotFound):
            remove_file(scope, file.pk, why="x", by=SYSTEM, at=AT)


@pytest.mark.django_db
def test_what_belongs_to_nothing_goes_after_an_hour_and_not_before():
    file = store()
    come(b"%PDF-never attached")
    remove_file(CELJE, file.pk, why="x", by=SYSTEM, at=AT)
    other = store(b"%PDF-other")
    assert clear_unused(at=AT + HOUR) == 0
    assert len(on_disk()) == 3
    assert clear_unused(at=AT + HOUR + timedelta(seconds=1)) == 2
    assert on_disk() == [other.content_id]
    assert list(Content.objects.values_list("sha256", flat=True)) == [other.content_id]


@pytest.mark.django_db
def test_what_came_again_is_not_cleared_from_under_its_action():
    file = store()
    remove_file(CELJE, file.pk, why="x", by=SYSTEM, at=AT)
    received = come(at=AT + HOUR)
    assert clear_unused(at=AT + HOUR + timedelta(minutes=59)) == 0
    with transaction.atomic():
        attach(CELJE, received, owner=PERMIT, by=SYSTEM, at=AT + HOUR)
    assert clear_unused(at=AT + timedelta(days=1)) == 0


@pytest.mark.django_db
def test_an_action_that_comes_too_late_is_told_to_send_it_again():
    received = come()
    assert clear_unused(at=AT + 2 * HOUR) == 1
    with pytest.raises(Conflict, match="send it again"), transaction.atomic():
        attach(CELJE, received, owner=PERMIT, by=SYSTEM, at=AT + 2 * HOUR)
    assert not Content.objects.exists()


@pytest.mark.django_db
def test_the_job_removes_what_is_past_and_what_a_dead_process_left(folder):
    store()
    lasting = store(b"%PDF-lasting", keep_until=AT + timedelta(days=100))
    left = folder / "incoming" / "half"
    left.write_bytes(b"%PD")
    os.utime(left, (AT.timestamp(), AT.timestamp()))
    (job,) = jobs
    job.handler(FEDERATION, by=SYSTEM, at=AT + timedelta(days=30))
    assert list(StoredFile.objects.all()) == [lasting]
    assert on_disk() == [lasting.content_id]
    assert AuditRecord.objects.get(action="remove-file").scope == "city:celje"
    assert job.outside


@pytest.mark.django_db
def test_many_that_are_past_are_all_removed():
    received = come()
    with transaction.atomic():
        for number in range(250):
            attach(CELJE, received, owner=Owner("x", str(number)), by=SYSTEM, at=AT)
    assert remove_expired(by=SYSTEM, at=AT + timedelta(days=30)) == 250
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_any_saved_row_owns_files():
    account = make_account()
    assert owner_of(account) == Owner("platform_people.account", str(account.pk))


def test_a_purpose_takes_something():
    for wrong in ({"kinds": ()}, {"most_bytes": 0}):
        with pytest.raises(ValueError, match="some kind"):
            Purpose(**{"name": "x", "kinds": (PDF,), "most_bytes": 1} | wrong)
