"""The basemap that the operator has built: where it is, and how browsers read parts of it. Makes no tiles.

It lies in the home folder and is served with byte ranges (RFC 9110, 14): a map reads only the tiles that it shows.
"""

import re
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import NoReverseMatch, reverse

MEDIA_TYPE = "application/vnd.pmtiles"
MOST_BYTES = 4_000_000
"""A longer range is answered in part, as the standard allows."""
_RANGE = re.compile(r"bytes=(\d{1,18})-(\d{0,18})")


def basemap_file() -> Path:
    return Path(settings.MAP_FILE)


def basemap_address() -> str:
    """Where a map finds the basemap, changing with it; '' where there is none."""
    try:
        made = basemap_file().stat().st_mtime_ns
        return f"{reverse('basemap')}?v={made:x}"
    except (OSError, NoReverseMatch):
        return ""


def basemap(request: HttpRequest) -> HttpResponseBase:
    """The file, or the range of it that is asked for (206); 416 past its end; 404 where none was built."""
    path = basemap_file()
    if not path.is_file():
        raise Http404
    size, made = path.stat().st_size, path.stat().st_mtime_ns
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    response: HttpResponseBase
    if asked is None:
        response = FileResponse(path.open("rb"), content_type=MEDIA_TYPE)
    else:
        first = int(asked[1])
        last = min(int(asked[2] or size - 1), size - 1, first + MOST_BYTES - 1)
        if first >= size or last < first:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        with path.open("rb") as file:
            file.seek(first)
            body = file.read(last - first + 1)
        response = HttpResponse(body, MEDIA_TYPE, status=206)
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{made:x}-{size:x}"'
    response["Cache-Control"] = "public, max-age=86400"
    return response
