"""Does with ngsildclient, unchanged, what its users do; says as JSON what came. Run by another Python than ours."""

import json
import sys
from datetime import UTC, datetime

from ngsildclient import Client, Entity
from ngsildclient.api.constants import AggrMethod
from ngsildclient.api.exceptions import NgsiResourceNotFoundError
from ngsildclient.api.helper.subscription import SubscriptionBuilder
from ngsildclient.api.helper.temporal import TemporalQuery


def station(number: int) -> Entity:
    it = Entity("AirQualityObserved", f"Celje:{number}")
    it.obs(datetime(2026, 11, 1, 8, tzinfo=UTC))
    it.prop("PM10", 10 * number, unitcode="GQ", observedat=datetime(2026, 11, 1, 8, tzinfo=UTC))
    it.loc(46.23 + number / 100, 15.26)
    it.rel("refDevice", f"Device:{number}")
    return it


def without_context(entity: Entity) -> dict[str, object]:
    return {name: inner for name, inner in entity.to_dict().items() if name != "@context"}


def everything(client: Client) -> dict[str, object]:
    told: dict[str, object] = {}
    one = station(1)
    told["created"] = client.create(one)
    told["there"] = client.exists(one)
    told["as sent"] = without_context(client.get(one.id)) == without_context(one)
    many = [station(number) for number in range(2, 152)]
    told["batch"] = client.upsert(many).n_ok
    told["again"] = client.upsert(many, update=True).n_ok
    told["updated"] = client.update(many[:3]).n_ok
    told["count"] = client.count("AirQualityObserved")
    told["all"] = len(client.query("AirQualityObserved"))
    told["some"] = sorted(each.id for each in client.query("AirQualityObserved", q="PM10>=1500"))
    told["by body"] = len(
        client.alt.query({"type": "Query", "entities": [{"type": "AirQualityObserved"}], "q": "PM10<20"})
    )
    told["types"] = client.types.list()
    builder = (
        SubscriptionBuilder("http://127.0.0.1:9/").description("pm").select_type("AirQualityObserved").watch(["PM10"])
    )
    wanted = builder.build()
    told["subscription"] = client.subscriptions.exists(client.subscriptions.create(wanted))
    told["listed"] = [each["description"] for each in client.subscriptions.list("pm")]
    told["ended"] = client.subscriptions.delete("pm")
    later = station(1)
    later.prop("PM10", 99, unitcode="GQ", observedat=datetime(2026, 11, 1, 9, tzinfo=UTC))
    client.update([later])
    history = client.temporal.get(one.id, attrs=["PM10"])
    told["history"] = history["PM10"]["values"]
    span = TemporalQuery().between("2026-11-01T08:30:00Z", "2026-11-01T09:30:00Z")
    told["span"] = [
        each["PM10"]["values"] for each in client.temporal.query(type="AirQualityObserved", attrs=["PM10"], tq=span)
    ]
    day = client.temporal.aggregate(type="AirQualityObserved", attrs=["PM10"], methods=[AggrMethod.MAXIMUM], tq=span)
    told["greatest"] = [each["PM10"]["max"][0][0] for each in day.result]
    client.contexts.add({"@context": {"lamp": "https://example.org/lamp"}})
    told["contexts"] = len(client.contexts.list())
    client.delete_where("AirQualityObserved", q="PM10>1000")
    client.delete(many[0])
    client.drop("AirQualityObserved")
    told["upserted"] = client.upsert(one)
    client.drop("AirQualityObserved")
    told["left"] = client.count("AirQualityObserved")
    try:
        client.get(one.id)
    except NgsiResourceNotFoundError:
        told["gone"] = True
    return told


if __name__ == "__main__":
    port, tenant = int(sys.argv[1]), sys.argv[2]
    with Client("127.0.0.1", port, tenant=tenant, verbose=False) as found:
        print(json.dumps(everything(found)))
