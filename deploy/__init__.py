"""How the system is started: embedded on one machine, or from container images."""
