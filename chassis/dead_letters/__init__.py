"""Dead letters: kept beside the service that could not handle them, listed, replayed or discarded by a person."""
