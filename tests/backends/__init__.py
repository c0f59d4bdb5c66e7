"""What integration tests stand on: servers named by the environment, containers, or the embedded stack.

Chosen once a run, in this order, by `choose_backend`. Whatever was chosen is handed to tests (and to
the worker processes of pytest-xdist) as addresses in the environment; isolation is by topic
prefix and database name.
"""
