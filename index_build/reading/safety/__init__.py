"""What stands between a file of others and its reader: recognition, checks, and a limited child process."""
