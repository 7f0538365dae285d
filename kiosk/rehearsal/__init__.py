"""A whole meeting with simulated members, played through the real programs.

``room`` runs a program as a process and drives it by its own commands; ``devices`` are all of them;
``play`` is the meeting, step by step, as the people in it would do it; ``voters`` are the simulated
members with the tickets in their hands; ``account`` says afterwards what happened. Nothing here
counts, decides or verifies: that is done by the same code as in a real meeting.
"""
