"""Everything people talk to: the service, its records, its engine."""
