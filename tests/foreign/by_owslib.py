"""Reads a city's features with OWSLib, unchanged; says as JSON what came. Run by another Python than ours."""

import json
import sys

from owslib.ogcapi.features import Features

if __name__ == "__main__":
    features = Features(sys.argv[1])
    (name,) = features.feature_collections()
    print(
        json.dumps(
            {
                "conforms": features.conformance()["conformsTo"],
                "openapi": features.api()["openapi"],
                "collection": features.collection(name)["id"],
                "properties": sorted(features.collection_queryables(name)["properties"]),
                "all": features.collection_items(name)["numberMatched"],
                "page": len(features.collection_items(name, limit=2, offset=2)["features"]),
                "near": [
                    each["id"] for each in features.collection_items(name, bbox=[15.2, 46.1, 15.3, 46.2])["features"]
                ],
                "one": features.collection_item(name, "urn:ngsi-ld:Bench:1")["geometry"],
            }
        )
    )
