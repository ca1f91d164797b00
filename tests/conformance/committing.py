"""A program that writes to a store for ever and says what is committed. Its test kills it. Arguments: the address."""

import sys

from simos.hub.store.opening import open_store
from tests.conformance.things import write_number


def main(url: str) -> None:
    store = open_store(url)
    number = store.reader.head().seq
    while True:
        number += 1
        with store.transaction() as transaction:
            write_number(transaction, number)
        print(number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
