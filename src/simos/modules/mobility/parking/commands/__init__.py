"""Parking on the command line, each verb in a file of its own."""

from simos.modules.mobility.parking.commands.afterwards import judge
from simos.modules.mobility.parking.commands.devices import devices
from simos.modules.mobility.parking.commands.judged import backtest
from simos.modules.mobility.parking.commands.recorded import import_file, replay

cli = {
    "parking judge": judge,
    "parking backtest": backtest,
    "parking devices": devices,
    "parking import": import_file,
    "replay parking": replay,
}
