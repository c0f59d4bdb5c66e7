"""Rebuilding: all cases and figures made anew from the topics, beside the live ones, compared and switched at once."""
