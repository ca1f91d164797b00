"""What plays the panels: each is told what to show over MQTT or by asking, shows it and says so, as a real one."""

from simos.modules.mobility.guidance.simulators.playing import Wishes, play, run
from simos.modules.mobility.guidance.values import REPORT
from simos.platform.things.simulation import Simulator

__all__ = ["Wishes", "play", "simulators"]

simulators = (Simulator(name="direction and information panels", types=(REPORT,), run=run),)
