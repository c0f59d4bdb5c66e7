"""Rules of telling citizens: which facts, as which message, and when it is too late for one. Pure: no I/O, no clock."""
