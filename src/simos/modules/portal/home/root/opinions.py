"""The page on which one says whether a page was useful. A link leads to it: pages that all share hold no form."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from simos.kernel.clock import now
from simos.modules.portal.home.actions.opinions import give_opinion
from simos.modules.portal.home.forms import NO, YES, OpinionForm
from simos.modules.portal.home.queries.opinions import told_of
from simos.modules.portal.home.rules import OPINION
from simos.platform.scopes.acting import current
from simos.platform.scopes.models import City
from simos.web.forms.answering import form_page
from simos.web.limits import FORMS, keep_within
from simos.web.pages import Page, render
from simos.web.routes import PageRoute

OF, USEFUL, DONE = "of", "useful", "done"


@never_cache
def opinion(request: HttpRequest, city: City) -> HttpResponseBase:
    """Asks about the page `of`; once it is sent, says thank you and leads back there."""
    told = told_of(city, request.GET.get(OF, ""), get_language() or "sl")
    page = Page(title=_("Your opinion of a page"), city=city)
    if DONE in request.GET:
        answer = render(request, "home/thanks.html", page, {"told": told})
    elif request.method == "POST" and (form := OpinionForm(request.POST)).is_valid():
        keep_within(FORMS, request)
        said = form.cleaned_data
        by, useful = current().actor, said[USEFUL] == YES
        give_opinion(city.scope, told, is_useful=useful, remark=said["remark"], by=by, at=now())
        there = reverse("city-opinion", kwargs={"city": city.code})
        return redirect(f"{there}?{urlencode({OF: told.address, DONE: ''})}")
    else:
        chosen = request.GET.get(USEFUL)
        empty = OpinionForm(initial={USEFUL: chosen} if chosen in (YES, NO) else None)
        asked = form if request.method == "POST" else empty
        answer = form_page(request, page, asked, {"told": told}, button=_("Send"), template="home/opinion.html")
    answer["X-SiMOS-Keep"] = "no"
    answer["X-Robots-Tag"] = "noindex"
    return answer


ROUTE = PageRoute(view=opinion, name="city-opinion", address=OPINION)
