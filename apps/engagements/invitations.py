"""A meeting as a calendar file (RFC 5545), for one side: each reads with whom it meets."""

from email.utils import parseaddr

from django.conf import settings
from django.utils.timezone import get_default_timezone, localtime
from icalendar import Calendar, Event, vCalAddress

from apps.engagements.models import Meeting


def invitation(meeting: Meeting, *, with_whom: str, address: str) -> bytes:
    """One event in the city's time; a changed or cancelled meeting keeps its UID and counts up.

    It is published (RFC 5546, 3.2.1), so that no calendar answers to somebody; what was cancelled leaves the calendar
    (3.2.5). The platform is the organiser: nobody's address stands in a file. `address` is the case's page.
    """
    zone = get_default_timezone()
    event = Event()
    event.add("uid", f"{meeting.public_id}@matchsvc")
    event.add("dtstamp", meeting.updated_at)
    event.add("last-modified", meeting.updated_at)
    event.add("dtstart", localtime(meeting.starts_at, zone))
    event.add("dtend", localtime(meeting.ends_at, zone))
    event.add("organizer", vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"))
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
    calendar.add("method", "CANCEL" if meeting.cancelled_at else "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
