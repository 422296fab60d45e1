"""Request limits. They smooth load; guessing of passwords is stopped by django-axes, in the database."""

import logging
from typing import TYPE_CHECKING

from redis.exceptions import RedisError
from rest_framework import throttling
from rest_framework.request import Request

if TYPE_CHECKING:  # REST framework loads this module while it makes APIView
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)


class _OpenWhenCacheIsDown(throttling.SimpleRateThrottle):
    """A limit must not turn an outage of the cache into an outage of the site."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        try:
            return super().allow_request(request, view)
        except RedisError:
            logger.warning("The cache does not answer: request limits are off.")
            return True


class UserThrottle(_OpenWhenCacheIsDown, throttling.UserRateThrottle):
    pass


class AnonThrottle(_OpenWhenCacheIsDown, throttling.AnonRateThrottle):
    pass


class SignInThrottle(_OpenWhenCacheIsDown, throttling.AnonRateThrottle):
    scope = "sign_in"
