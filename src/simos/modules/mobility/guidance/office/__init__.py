"""The officers' side of guidance: the register of panels, and the desk from which they are watched and written on."""

from simos.modules.mobility.guidance.office.desk import desk
from simos.modules.mobility.guidance.office.register import register

office = (desk, register)
