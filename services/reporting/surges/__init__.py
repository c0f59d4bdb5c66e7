"""Surges: many like cases in an area within the hour. Faust's windows say which hours a case falls into; how many did
is kept in the database, in the transaction that hears the case (ADR: Windows of surges are kept in the database).
"""
