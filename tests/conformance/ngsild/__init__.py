"""NGSI-LD over HTTP (ETSI GS CIM 009): each operation with its answers, on both databases."""
