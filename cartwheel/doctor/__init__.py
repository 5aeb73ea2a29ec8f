"""What is wrong with a set-up, on this machine and on both sides, and what to do about it."""
