"""Settings. Everything that differs between installations is read from the environment (docs/operations.md)."""

from datetime import time
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from apps.core.processes.broker import socket_path
from matchsvc.broker import broker_settings
from matchsvc.environment import read_choice, read_database, read_int, read_list, read_text
from matchsvc.index_storage import index_storage

BASE_DIR = Path(__file__).resolve().parent.parent
MODE = read_choice("MATCHSVC_MODE", "demo", ("demo", "test", "production"))
IN_PRODUCTION = MODE == "production"
VAR_DIR = Path(read_text("MATCHSVC_VAR", str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)
SEEDS_DIR = BASE_DIR / "seeds"

DEBUG = False
SECRET_KEY = read_text("DJANGO_SECRET_KEY", "" if IN_PRODUCTION else "for-demonstration-and-tests-only")
if not SECRET_KEY:
    raise ImproperlyConfigured("DJANGO_SECRET_KEY must be set in production.")
ALLOWED_HOSTS = read_list("ALLOWED_HOSTS", "" if IN_PRODUCTION else "127.0.0.1,localhost,[::1],testserver")
CSRF_TRUSTED_ORIGINS = read_list("CSRF_TRUSTED_ORIGINS")
SITE_URL = read_text("SITE_URL", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "rest_framework.authtoken",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "axes",
    "apps.core",
    "apps.accounts",
    "apps.taxonomy",
    "apps.notifications",
    "apps.searches",
    "apps.needs",
    "apps.capabilities",
    "apps.matching",
    "apps.imports",
    "apps.engagements",
    "apps.followups",
    "apps.review",
    "apps.stats",
    "apps.administration",
]
NUM_PROXIES = read_int("NUM_PROXIES", 0)
MIDDLEWARE = [
    "apps.core.middleware.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.core.middleware.RequestOriginMiddleware",
    "apps.core.middleware.SignedOutMiddleware",
    "apps.core.middleware.DomainErrorMiddleware",
    "apps.core.middleware.SwitchMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "matchsvc.urls"
WSGI_APPLICATION = "matchsvc.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.csp",
                "apps.accounts.context.membership",
                "apps.administration.context.banners",
                "apps.core.kept_text.typed_before",
            ],
        },
    },
]

DATABASES = {"default": read_database("DATABASE_URL", VAR_DIR / "matchsvc.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The bundled broker listens on a socket below var/; REDIS_URL names a real server instead.
REDIS_URL = read_text("REDIS_URL", f"unix://{socket_path(VAR_DIR)}")
BROKER = broker_settings(REDIS_URL, key_prefix=read_text("REDIS_KEY_PREFIX", "matchsvc:"))
CACHES = {"default": BROKER.cache}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "apps.accounts.backends.AccountBackend"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a test signs in hundreds of times
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
AXES_USERNAME_FORM_FIELD = "username"
AXES_ENABLE_ADMIN = False
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "matchsvc" / "locale"]
TIME_ZONE = read_text("TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static" if IN_PRODUCTION else None  # elsewhere files are served from where they lie
MEDIA_ROOT = Path(read_text("MEDIA_ROOT", str(VAR_DIR / "media")))
WHITENOISE_USE_FINDERS = not IN_PRODUCTION
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"  # a phone takes a quarter of the bytes
        if IN_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
    # The matcher's index: a folder that all hosts share, or s3://bucket/prefix.
    "index": index_storage(read_text("INDEX_STORAGE"), VAR_DIR / "index"),
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_PERMISSIONS = 0o600
UPLOAD_LIMIT_BYTES = 20_000_000

# Without a mail server, letters are written to files: nothing leaves a demonstration.
EMAIL_SERVER = read_text("EMAIL_SERVER")
MAILERS: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": EMAIL_SERVER,
            "port": read_int("EMAIL_SERVER_PORT", 587),
            "username": read_text("EMAIL_SERVER_USER"),
            "password": read_text("EMAIL_SERVER_PASSWORD"),
            "use_tls": True,
            "timeout": 10,
        },
    }
    if EMAIL_SERVER
    else {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": VAR_DIR / "mail"},
    }
}
DEFAULT_FROM_EMAIL = read_text("DEFAULT_FROM_EMAIL", "matchsvc@localhost")

# ---- Browser security -------------------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = False  # htmx sends the token from the page, the cookie stays readable for API clients
if IN_PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# ---- API --------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication",
        "rest_framework.authentication.TokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["apps.core.api.permissions.DenyByDefault"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.core.api.parsers.BoundedJSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_PAGINATION_CLASS": "apps.core.api.pagination.PageNumberPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["apps.core.api.throttling.UserThrottle", "apps.core.api.throttling.AnonThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "1200/min", "anon": "120/min", "sign_in": "20/min"},
    "EXCEPTION_HANDLER": "apps.core.api.exceptions.handle",
    "NUM_PROXIES": 0,  # ClientAddressMiddleware has read the header
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": _("云端研发 API"),
    "DESCRIPTION": _("需求、能力、推荐、对接与成效。所有写操作与网页共用同一套规则与权限。"),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # Several enumerations are called "kind" or "state": without names of their own they would get hashes.
    "ENUM_NAME_OVERRIDES": {
        "OrganisationKindEnum": "apps.accounts.models.OrganisationKind",
        "OrganisationStateEnum": "apps.accounts.models.OrganisationState",
        "CapabilityKindEnum": "apps.capabilities.models.CapabilityKind",
        "EngagementStateEnum": "apps.engagements.models.EngagementState",
        "EndReasonEnum": "apps.engagements.models.EndReason",
        "OutcomeStateEnum": "apps.engagements.models.OutcomeState",
        "StoryStateEnum": "apps.followups.models.StoryState",
        "RatingEnum": "apps.followups.models.RATINGS",
        "SideEnum": "apps.matching.models.Side",
        "CallSideEnum": "apps.engagements.models.CallSide",
        "JoinStateEnum": "apps.accounts.models.JoinState",
        "ImportKindEnum": "apps.imports.models.ImportKind",
        "ReportReasonEnum": "apps.review.models.ReportReason",
        "ReportStateEnum": "apps.review.models.ReportState",
        "VerdictOutcomeEnum": "apps.review.models.Outcome",
    },
}

# ---- Celery: the row is the job, the message a hint (docs/decisions.md). Each line prevents one measured fault. ---
CELERY_BROKER_URL = BROKER.url
CELERY_BROKER_TRANSPORT_OPTIONS = BROKER.transport_options
CELERY_TASK_ACKS_LATE = True  # a killed worker's message comes back
CELERY_TASK_REJECT_ON_WORKER_LOST = True  # also when only the child was killed
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # no message waits behind a long one
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_MAX_TASKS_PER_CHILD = 5000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "interactive"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# ---- Matching ---------------------------------------------------------------------------------------------------
MATCHING_PROPOSALS_PER_NEED = 20
MATCHING_NEEDS_PER_CAPABILITY = 20
MATCHING_MINIMUM_SCORE = 20  # points of 100: nearly all pairs of unrelated trades lie below it
MATCHING_OPEN_PER_EXPERT = read_int("MATCHING_OPEN_PER_EXPERT", 30)  # unanswered places in needs' lists, at most
MATCHING_OPEN_PER_INSTITUTION = read_int("MATCHING_OPEN_PER_INSTITUTION", 120)
MATCHING_ENCODER = read_text("MATCHING_ENCODER")  # "": built in; "off"; or a folder with a sentence-transformers model
MATCHING_PREVIEW_SCORE = 35  # points from which a draft's writer is told that a capability may suit
MATCHING_UNMATCHED_MONTHS = read_int("MATCHING_UNMATCHED_MONTHS", 24)  # how long ended needs are remembered; 0: not
MATCHING_MOST_UNINDEXED = read_int("MATCHING_MOST_UNINDEXED", 5_000)  # rows that are ranked without index files
MATCHING_REMATCH_CHUNK = 50  # rows that one worker takes at a time
MATCHING_REMATCH_SECONDS = 5  # and for how long, so that what waits behind a chunk waits no longer
MATCHING_LEASE_SECONDS = 60
MATCHING_MAX_ATTEMPTS = 3
MATCHING_RECONCILE_SECONDS = 30

# ---- Notifications ----------------------------------------------------------------------------------------------
NOTIFICATIONS_DIGEST_AT = time(8, 30)  # each day, and on Mondays, in TIME_ZONE
NOTIFICATIONS_RECONCILE_SECONDS = 30
NOTIFICATIONS_KEPT_DAYS = read_int("NOTIFICATIONS_KEPT_DAYS", 180)  # after they were read
# Group robots are reached at public HTTPS addresses only; a gateway of one's own, or a test's receiver, is named here.
ROBOT_TRUSTED_ORIGINS = [origin.lower().rstrip("/") for origin in read_list("ROBOT_TRUSTED_ORIGINS")]
ROBOT_POSTS_PER_MINUTE = 18  # WeCom and DingTalk take 20; DingTalk is silent for ten minutes after more

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": read_text("LOG_LEVEL", "INFO")},
    "loggers": {"jieba": {"level": "WARNING"}, "axes": {"level": "WARNING"}},
}
