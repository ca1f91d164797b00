"""The city's things for maps: OGC API - Features, Part 1 (OGC 17-069r4), answered by the hub's own queries."""
