"""A PxWeb v1 service on loopback: the seed's figures in the shapes of the real service, and its troubles."""

from tests.emulator.figures import Figures, seed_figures
from tests.emulator.server import Call, Emulator, Fault

__all__ = ["Call", "Emulator", "Fault", "Figures", "seed_figures"]
