"""The commands of the command line, one module each; kiosk.cli loads one when it is called."""
