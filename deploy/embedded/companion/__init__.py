"""What surrounds the services in a demonstration: a home page, a clock that can be moved forward, and
a post office that delivers to nobody. Never part of an installation."""
