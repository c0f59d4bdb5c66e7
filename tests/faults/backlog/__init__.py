"""Many events waiting: drained whole, each once, in a memory that does not grow with them."""
