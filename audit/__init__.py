"""The audit: an independent checker that states the laws of the house and whether they hold.

It reads topics, databases and a list of what clients were told, and shares no code with the services beyond the
contracts: a rule that both would take from one place could be wrong in both. It writes nothing anywhere.
"""
