"""A meeting as a calendar file (RFC 5545), for one side: each reads with whom it meets."""

from icalendar import Calendar, Event

from apps.engagements.models import Meeting


def invitation(meeting: Meeting, *, with_whom: str, address: str) -> bytes:
    """One event in UTC; a changed or cancelled meeting keeps its UID and counts up. `address` is the case's page."""
    event = Event()
    event.add("uid", f"{meeting.public_id}@matchsvc")
    event.add("dtstamp", meeting.updated_at)
    event.add("last-modified", meeting.updated_at)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("sequence", meeting.sequence)
    event.add("status", "CANCELLED" if meeting.cancelled_at else "CONFIRMED")
    event.add("summary", f"{meeting.title}（{with_whom}）")
    event.add("location", meeting.place)
    if meeting.agenda:
        event.add("description", meeting.agenda)
    event.add("url", address)
    calendar = Calendar()
    calendar.add("prodid", "-//matchsvc//meetings//ZH")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
