"""A program that loads a file into a store, slowly enough to be killed. Its test kills it. Arguments: address, file."""

import sys
import time
from pathlib import Path

from simos.hub.ingest import bulk
from simos.hub.ingest.bulk import Answer, StoreSink, load_file
from simos.hub.ingest.loading import Part
from simos.hub.ingest.mapping import read_mapping
from simos.hub.store.opening import open_store
from tests.hub.test_ingest_bulk import KEY, MAPPING, TENANT


class Slow(StoreSink):
    def put(self, part: Part) -> Answer:
        time.sleep(0.05)
        answer = super().put(part)
        print(part.until, flush=True)
        return answer


if __name__ == "__main__":
    bulk.OBSERVATIONS = 1000
    load_file(Path(sys.argv[2]), read_mapping(MAPPING, "map.yaml"), TENANT, Slow(open_store(sys.argv[1])), key=KEY)
