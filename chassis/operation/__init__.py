"""How a service does, for those who run it: read beside its consumer, relay and workers, so that it is told also when
one of them is dead, hangs or was stopped."""
