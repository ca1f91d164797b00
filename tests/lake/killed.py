"""A program that records and moves for ever, and says what is recorded. Its test kills it.

Arguments: address, folder, first number.
"""

import sys
from pathlib import Path

from simos.hub.store.shelves import DAY
from tests.lake.moved import store_with_lake
from tests.lake.test_moving import FIRST, apply

DAYS = 3
PLACES = [(f"urn:x:{number}", "urn:a", "") for number in range(3)]


def main(url: str, folder: str, first: str) -> None:
    number = int(first)
    with store_with_lake(url, Path(folder)) as (store, mover):
        while True:
            at = FIRST + number % DAYS * DAY + number
            apply(store, "", ("record", [(place, at, number, True) for place in PLACES]), at)
            number += 1
            print(number, flush=True)
            if number % 10 == 0:
                mover.move(FIRST + DAYS * DAY)


if __name__ == "__main__":
    main(*sys.argv[1:])
