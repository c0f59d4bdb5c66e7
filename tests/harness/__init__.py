"""Running services inside a test, against the run's real Kafka and database."""
