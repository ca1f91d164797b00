"""What the hub counts of itself, in Prometheus' form. Counts things, never people."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.process_collector import ProcessCollector


class Metrics:
    """The hub's counters, in a registry of their own, so that two hubs in one process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "simos_hub_requests_total", "Requests answered", ["method", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "simos_hub_request_seconds",
            "Time to answer a request, streams left out",
            registry=self.registry,
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0),
        )
        self.mqtt = Counter(
            "simos_hub_mqtt_messages_total", "MQTT messages taken in", ["outcome"], registry=self.registry
        )
        self.feeds = Counter(
            "simos_hub_feed_records_total",
            "Records that came by feeds; failed: times that a feed did",
            ["feed", "outcome"],
            registry=self.registry,
        )
        self.feed_ok = Gauge(
            "simos_hub_feed_last_ok_seconds",
            "When a feed last went well",
            ["feed"],
            registry=self.registry,
        )
        self.silent = Gauge("simos_hub_devices_silent", "Devices that have fallen silent", registry=self.registry)
        self.streams = Gauge("simos_hub_live_streams", "Open live streams", registry=self.registry)
        self.waiting = Gauge("simos_hub_writes_waiting", "Writes that wait for their commit", registry=self.registry)
        self.committed = Gauge("simos_hub_writes_committed", "Writes answered since start", registry=self.registry)
