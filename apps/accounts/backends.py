"""Who is signed in, with whom they act for: every page asks both."""

from django.contrib.auth.backends import ModelBackend

from apps.accounts.models import User


class AccountBackend(ModelBackend):
    """Django's own, but that the person is read together with the membership and its organisation."""

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("membership__organisation").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
