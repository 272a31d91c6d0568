"""Lapin tilannehuone: the frame. Everything a view shows is in pages/, everything it is built from in ui/."""

from ui import frame

frame.run()
