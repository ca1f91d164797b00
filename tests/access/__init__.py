"""Who gets what at every address of the product: pages, the office, the API, the hub."""
