"""The city's observations for sensor clients: OGC SensorThings API 1.1, read only. Reads by the hub's own queries."""
