"""Telling people what concerns them: in the site, by e-mail, and in their organisation's group (WeCom, DingTalk).

For an app above this one, telling people takes two steps (docs/notifications.md has a worked example):

1. Its `notices.py` registers the kinds of message it has (`kinds.register`), each with a title and a line as lazy
   gettext templates. The module is imported at start, as `admin.py` is.
2. Its service calls `notify(...)` inside the transaction of the change. What is written then is found and sent by the
   workers: nothing is lost with a broker, and nothing is sent where the transaction ends in an error.

`notify` takes an event key: of one event nobody is told twice. Texts are made at sending, in the recipient's language,
from the kind and its parameters; so parameters are names and numbers, never sentences.
"""
