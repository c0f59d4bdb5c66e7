"""What every service stands on; knows nothing of welfare."""
