"""What the assistant knows and how to find it. Imports nothing of ours."""
