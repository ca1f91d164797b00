"""Files at the root that are no pages: for installing the portal, for search engines, for who finds a fault."""

import json
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from simos.kernel.clock import now
from simos.kernel.errors import NotFound
from simos.modules.portal.home.queries.sitemap import addresses_in
from simos.modules.portal.home.root.icons import SIZES, colour_of, icon_of
from simos.platform.scopes.models import City
from simos.web.pages import FEDERATION_LANGUAGES
from simos.web.routes import city_page

A_DAY = "public, max-age=86400"
CLOSED = ("/office/", "/account/", "/api/", "/documents/")
"""What search engines leave alone."""


def manifest(request: HttpRequest, city: City) -> HttpResponse:
    """How the city's portal stands on a phone (W3C Web Application Manifest)."""
    language = get_language() or settings.LANGUAGE_CODE
    name = city.name.in_(language)
    colour = "#{:02x}{:02x}{:02x}".format(*colour_of(city.code))
    home = reverse("city-home", args=[city.code])
    body = {
        "id": home,
        "name": f"{name} – SiMOS",
        "short_name": name,
        "description": _("%(city)s: services, live data, news and guides.") % {"city": name},
        "lang": language,
        "start_url": home,
        "scope": "/",
        "display": "minimal-ui",
        "theme_color": colour,
        "background_color": colour,
        "icons": [
            {
                "src": reverse("city-icon", args=[city.code, size]),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size in SIZES
            for purpose in ("any", "maskable")
        ],
    }
    answer = HttpResponse(json.dumps(body, ensure_ascii=False), "application/manifest+json")
    answer["Cache-Control"] = A_DAY
    return answer


def icon(request: HttpRequest, city: City, size: int) -> HttpResponse:
    """The city's icon. NotFound in a size that the manifest does not name."""
    if size not in SIZES:
        raise NotFound("there is no icon of this size")
    answer = HttpResponse(icon_of(city.code, city.name_sl[:1].upper(), size), "image/png")
    answer["Cache-Control"] = A_DAY
    return answer


@cache
def _worker() -> str:
    """The service worker with the name of its store: another one with each release of what it keeps."""
    files = {name: Path(str(finders.find(name))) for name in ("home/worker.js", "home/home.css", "web/web.css")}
    version = sha256(b"".join(file.read_bytes() for file in files.values())).hexdigest()[:10]
    return files["home/worker.js"].read_text(encoding="utf-8").replace("VERSION", version)


def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the root so that it may serve all pages."""
    answer = HttpResponse(_worker(), "text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


def robots(request: HttpRequest) -> HttpResponse:
    """What search engines leave alone, and where the pages are listed (RFC 9309)."""
    prefixes = ["" if each == settings.LANGUAGE_CODE else f"/{each}" for each in FEDERATION_LANGUAGES]
    lines = ["User-agent: *", *(f"Disallow: {each}" for each in CLOSED)]
    lines += [f"Sitemap: {request.build_absolute_uri(f'{prefix}/sitemap.xml')}" for prefix in prefixes]
    return HttpResponse("\n".join(lines) + "\n", "text/plain; charset=utf-8")


def sitemap(request: HttpRequest) -> HttpResponse:
    """All public pages in one language (sitemaps.org 0.9)."""
    language = get_language() or settings.LANGUAGE_CODE
    found = "".join(f"<url><loc>{request.build_absolute_uri(each)}</loc></url>" for each in addresses_in(language))
    body = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{found}'
    return HttpResponse(f"{body}</urlset>", "application/xml")


def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116). NotFound where the operator has named nobody."""
    if not settings.SIMOS.security_contact:
        raise NotFound("the operator has named nobody")
    expires = (now() + timedelta(days=180)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {settings.SIMOS.security_contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: sl, en",
    )
    return HttpResponse("\n".join(lines) + "\n", "text/plain; charset=utf-8")


FILES = (
    path("robots.txt", robots, name="robots"),
    path("sw.js", worker, name="service-worker"),
    path(".well-known/security.txt", security, name="security"),
    path("<slug:city>/icon-<int:size>.png", city_page(icon), name="city-icon"),
)
LOCALIZED = (
    path("sitemap.xml", sitemap, name="sitemap"),
    path("<slug:city>/app.webmanifest", city_page(manifest), name="city-app"),
)
