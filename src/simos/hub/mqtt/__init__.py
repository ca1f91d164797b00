"""MQTT into the hub: an embedded broker for those who have none, and a bridge towards any other."""

from simos.hub.mqtt.bridge import Bridge, bridged
from simos.hub.mqtt.broker import Broker, BrokerNotStarted, embedded_broker

__all__ = ["Bridge", "Broker", "BrokerNotStarted", "bridged", "embedded_broker"]
