"""Opening the pages of proposals as a person."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.matching.models import Proposal
from apps.needs.models import Need

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def list_url(need: Need) -> str:
    return reverse("matching:need_proposals", args=[need.public_id])


def url_of(name: str, proposal: Proposal) -> str:
    return reverse(f"matching:{name}", args=[proposal.public_id])


def text_of(client: Client, url: str, **headers: str) -> str:
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    return response.content.decode()
