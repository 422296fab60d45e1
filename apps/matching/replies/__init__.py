"""The reply clock: whose answer is waited for, reminders, and what happens when the time is over."""
