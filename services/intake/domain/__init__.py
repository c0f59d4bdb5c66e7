"""The rules of the village's window. Pure: no I/O, no clock of its own (the moment is a parameter), no
framework.
"""
