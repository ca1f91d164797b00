"""Addresses of accounts: our own pages, then allauth's. Mounted at `account/` in each language."""

from allauth import urls as allauth_urls
from django.urls import include, path

from simos.web.accounts import counter, pages

urlpatterns = [
    path("", pages.home, name="account_home"),
    path("person/", pages.person, name="account_person"),
    path("acting/", pages.acting, name="account_acting"),
    path("mandates/", pages.mandates, name="account_mandates"),
    path("mandates/<uuid:mandate>/end/", pages.end_mandate, name="account_end_mandate"),
    path("counter/<slug:city>/", counter.counter, name="account_counter"),
    path("counter/<slug:city>/enter/", counter.enter, name="account_counter_enter"),
    path("counter/<slug:city>/begin/", counter.begin, name="account_counter_begin"),
    path("counter/<slug:city>/end/", counter.end, name="account_counter_end"),
    path("counter/<slug:city>/confirm/", counter.confirm, name="account_counter_confirm"),
    path("counter/<slug:city>/record/", counter.record, name="account_counter_record"),
    path("", include(allauth_urls)),
]
