"""What is stale and why, and who does the work."""
