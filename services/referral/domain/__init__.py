"""The rules of handling a case. Pure: no I/O, no clock of its own (the moment is a parameter), no
framework.
"""
