"""The processes of one installation on one machine: broker, web, worker. `manage.py demo` and the browser tests use it.

It is no supervisor for production (systemd or containers do that): a child that dies ends the whole.
"""
