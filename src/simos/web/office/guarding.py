"""A desk's view is handed its office; a view that finds none did not come through the door."""

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from simos.kernel.errors import NotFound
from simos.web.office.declared import DeskView


def desk_view(view: DeskView) -> DeskView:
    """`view(request, office, **parameters)` as Django calls it. NotFound where no door has let the request in."""

    @wraps(view)
    def entered(request: HttpRequest, **parameters: Any) -> HttpResponseBase:
        office = getattr(request, "office", None)
        if office is None:
            raise NotFound("the office is entered through its door")
        return view(request, office, **parameters)

    return entered
