"""The services of Puskesos, each owning its tier's data; they never import one another."""
