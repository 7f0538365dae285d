"""``python -m kiosk``: the same as ``piaojue``."""

from kiosk.cli import main

main()
