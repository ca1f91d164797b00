"""The hub over HTTP: NGSI-LD (ETSI GS CIM 009), the live stream, and its own administration."""
