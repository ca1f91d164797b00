"""Where a data set, its files and its interfaces are, as full addresses of one site."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import override

from simos.modules.data.catalogue.module import module
from simos.modules.data.catalogue.values import DataSet, Form

CONSORTIUM = "consortium"


@dataclass(frozen=True, slots=True)
class Site:
    """The site at `host`, such as `https://data.example.si`."""

    host: str

    def api(self, place: str) -> str:
        """The catalogue's own addresses for programs; '' for all cities."""
        return f"{self.host}/api/{module.name}/{place or CONSORTIUM}"

    def catalogue(self, place: str, language: str = "sl") -> str:
        with override(language):
            if not place:
                return self.host + reverse("data_catalogue:consortium")
            return self.host + reverse("data_catalogue:data-sets", kwargs={"city": place})

    def page(self, it: DataSet, language: str = "sl") -> str:
        with override(language):
            return self.host + reverse("data_catalogue:data-set", kwargs={"city": it.place.code, "name": it.name})

    def file(self, it: DataSet, form: Form) -> str:
        return f"{self.api(it.place.code)}/data-sets/{it.name}/{form.file}"

    def entities(self, it: DataSet) -> str:
        return f"{self.host}/ngsi-ld/v1/entities?type={it.type.name}"

    def collection(self, it: DataSet) -> str:
        return f"{self.host}/ogc/{it.place.code}/collections/{it.type.name}"

    def observations(self, it: DataSet) -> str:
        return f"{self.host}/sensorthings/{it.place.code}/v1.1/Things"

    def stream(self, it: DataSet) -> str:
        return f"{self.host}/hub/live?tenant={it.place.code}&type={it.type.name}"
