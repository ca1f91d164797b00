"""Messages to people: the inbox, and the ways by which they are told of it. Knows no pages and no module's matters."""
