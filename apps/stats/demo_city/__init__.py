"""A small invented city for demonstrations, written in seeds/demo_city: who is there, what they need, offer and did.

It lives in this app because it writes rows of all the others, and this app is above them.
"""
