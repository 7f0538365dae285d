"""A whole meeting with simulated members, played through the real programs.

``room`` starts the server and the devices as processes and drives them by their own commands;
``play`` is the meeting, step by step, as the people in it would do it; ``voters`` are the simulated
members with the tickets in their hands; ``account`` says afterwards what happened. Nothing here
counts, decides or verifies: that is done by the same code as in a real meeting.
"""
