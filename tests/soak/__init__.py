"""Long runs, too long for every day: `make soak`."""
