"""The embedded stack: everything the system needs on one machine, as child processes of one supervisor.

Nothing here knows what the system is about. It starts Apache Kafka, MongoDB-protocol servers and Zipkin from
wheels and jars, the services beside them, and stops them in order.
"""
