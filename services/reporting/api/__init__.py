"""The HTTP face of reporting: figures, cases, timelines. Nothing can be changed here."""
