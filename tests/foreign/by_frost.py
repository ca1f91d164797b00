"""Reads a city's observations with frost-sta-client, unchanged; says as JSON what came. Run by another Python."""

import json
import sys

import frost_sta_client as fsc

if __name__ == "__main__":
    service = fsc.SensorThingsService(sys.argv[1])
    things = service.things().query().top(1).list()
    thing = service.things().find("urn:ngsi-ld:Meter:2")
    streams = thing.get_datastreams().query().expand("ObservedProperty").list()
    stream = next(iter(streams))
    observations = (
        stream.get_observations().query().filter("result gt 2").orderby("phenomenonTime", "desc").top(2).list()
    )
    print(
        json.dumps(
            {
                "things": [each.id for each in things],
                "thing": thing.name,
                "property": stream.observed_property.name,
                "unit": stream.unit_of_measurement.symbol,
                "results": [each.result for each in observations],
                "location": [each.location["coordinates"] for each in thing.get_locations().query().list()],
            }
        )
    )
