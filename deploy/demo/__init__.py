"""The story of the demonstration, played against a running system by its public doors only."""
