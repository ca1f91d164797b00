"""What plays a city's parking devices: a living day, the same for the same seed, told as real devices tell it."""

from simos.modules.mobility.parking.simulators.playing import run
from simos.modules.mobility.parking.values import TYPE
from simos.modules.mobility.parking.values.sources import GATE_TYPE, SPOT_TYPE
from simos.platform.things.simulation import Simulator

simulators = (Simulator(name="parking counters, gates and sensors", types=(TYPE, GATE_TYPE, SPOT_TYPE), run=run),)
