"""Handing out a file so that a browser saves it and never runs it. Decides nothing about who may."""

from django.http import FileResponse

from simos.kernel.errors import Unavailable
from simos.platform.files import disk
from simos.platform.files.models import StoredFile

_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def download_of(file: StoredFile) -> FileResponse:
    """The response that sends `file`, which `readable` has given, as an attachment of its checked type.

    Unavailable where its content is not on disk: the operator has to put a backup back.
    """
    try:
        opened = disk.path_of(file.content_id).open("rb")
    except OSError as error:
        raise Unavailable(f"the content of file {file.pk} cannot be read ({error.strerror})") from error
    response = FileResponse(opened, as_attachment=True, filename=file.name, content_type=file.media_type)
    for header, value in _SAFE.items():
        response[header] = value
    response["Cache-Control"] = "public, max-age=300" if file.is_open else "private, no-store"
    return response
