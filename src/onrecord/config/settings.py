"""Every setting of a newsroom. The one place that reads the environment.

A newsroom is a folder with `onrecord.env`, its database and its files; `ONRECORD_DIR` names the folder. Values come
from the environment, then from `onrecord.env`; `NAME_FILE=/path` reads a secret from a file.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).resolve().parent.parent

env = environ.FileAwareEnv()
NEWSROOM_DIR = Path(env.str("ONRECORD_DIR", default=".")).resolve()
env.read_env(NEWSROOM_DIR / "onrecord.env")

try:
    SECRET_KEY = env.str("SECRET_KEY")
except ImproperlyConfigured as error:
    raise ImproperlyConfigured(
        f"SECRET_KEY is not set and {NEWSROOM_DIR / 'onrecord.env'} does not give it. "
        "Run the command inside a newsroom folder, name one with --dir, or make one with `onrecord init DIR`."
    ) from error

DEBUG = env.bool("DEBUG", default=False)
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"]), urlsplit(SITE_URL).hostname]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
NEWSROOM_NAME = env.str("NEWSROOM_NAME", default="The Newsroom")
NEWSROOM_LANGUAGE = env.str("NEWSROOM_LANGUAGE", default="en")
NEWSROOM_IS_DEMO = env.bool("NEWSROOM_IS_DEMO", default=False)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
WEBHOOKS_ALLOW_PRIVATE = env.bool("WEBHOOKS_ALLOW_PRIVATE", default=False)
BAKE_PROCESSES = env.int("BAKE_PROCESSES", default=2)
API_REQUESTS_A_MINUTE = env.int("API_REQUESTS_A_MINUTE", default=600)

DATA_DIR = Path(env.str("DATA_DIR", default=str(NEWSROOM_DIR))).resolve()
ORIGINALS_DIR = DATA_DIR / "originals"
ISOLATE_DECODING = True  # files of unknown origin are read in a process of their own
BAKED_DIR = DATA_DIR / "public"
INCOMING_DIR = DATA_DIR / "incoming"
INDEX_DIR = DATA_DIR / "index"
FINGERPRINTS_DIR = DATA_DIR / "fingerprints"

INSTALLED_APPS = [
    # Lower parts first: what each does when a story is published is done before those above bake what readers see.
    "onrecord.core",
    "onrecord.archive",
    "onrecord.transcripts",
    "onrecord.stories",
    "onrecord.search",
    "onrecord.readers",
    "onrecord.publishing",
    "onrecord.site",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "onrecord.core.middleware.PublicHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "onrecord.stories.middleware.GateRefusedMiddleware",
]

ROOT_URLCONF = "onrecord.config.urls"
WSGI_APPLICATION = "onrecord.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "onrecord.core.context.newsroom",
            ]
        },
    }
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'onrecord.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = 60  # closing SQLite's last connection writes its whole log back
FINGERPRINTS = env.str("FINGERPRINTS", default="auto")
if FINGERPRINTS not in ("auto", "folder", "database"):
    raise ImproperlyConfigured(f"FINGERPRINTS is {FINGERPRINTS!r}: write auto, folder or database.")
if FINGERPRINTS == "database" and DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("FINGERPRINTS=database needs PostgreSQL in DATABASE_URL. Leave it out, or write folder.")
RECOGNISE_REPOSTS = env.bool("RECOGNISE_REPOSTS", default=True)
ALIGN_PLAIN_TEXT = env.bool("ALIGN_PLAIN_TEXT", default=True)
CHECK_WORDS_WITH_SOUND = env.bool("CHECK_WORDS_WITH_SOUND", default=True)
WHISPER_MODEL = env.str("WHISPER_MODEL", default="")
WHISPER_DEVICE = env.str("WHISPER_DEVICE", default="cpu")
WHISPER_COMPUTE_TYPE = env.str("WHISPER_COMPUTE_TYPE", default="int8")
ENGINE_MEMORY_MB = env.int("ENGINE_MEMORY_MB", default=0)
TRANSLATE_ENGINE = env.str("TRANSLATE_ENGINE", default="")
TRANSLATE_URL = env.str("TRANSLATE_URL", default="")
TRANSLATE_MODEL = env.str("TRANSLATE_MODEL", default="")
TRANSLATE_KEY = env.str("TRANSLATE_KEY", default="")
if TRANSLATE_ENGINE not in ("", "local", "libretranslate", "openai"):
    raise ImproperlyConfigured(f"TRANSLATE_ENGINE is {TRANSLATE_ENGINE!r}: write local, libretranslate or openai.")
if TRANSLATE_ENGINE in ("local", "openai") and not TRANSLATE_MODEL:
    raise ImproperlyConfigured(f"TRANSLATE_ENGINE={TRANSLATE_ENGINE} needs a model: name it in TRANSLATE_MODEL.")
if TRANSLATE_ENGINE in ("libretranslate", "openai") and not re.match(r"https?://[^/@\s]+(/|$)", TRANSLATE_URL):
    raise ImproperlyConfigured(
        f"TRANSLATE_ENGINE={TRANSLATE_ENGINE} needs the server's address in TRANSLATE_URL, such as "
        "http://127.0.0.1:5000, without a name or key in it."
    )

COMMENTS_MODERATION = env.str("COMMENTS_MODERATION", default="before")
if COMMENTS_MODERATION not in ("before", "after"):
    raise ImproperlyConfigured(f"COMMENTS_MODERATION is {COMMENTS_MODERATION!r}: write before or after.")
COMMENTS_CLOSE_AFTER_DAYS = env.int("COMMENTS_CLOSE_AFTER_DAYS", default=0)
COMMENTS_PER_PAGE = max(1, env.int("COMMENTS_PER_PAGE", default=20))
COMMENTS_MAX_LINKS = env.int("COMMENTS_MAX_LINKS", default=2)
SENDER_KEYS_DAYS = env.int("SENDER_KEYS_DAYS", default=7)
OPENSEARCH_URL = env.str("OPENSEARCH_URL", default="")
if OPENSEARCH_URL and not OPENSEARCH_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured("OPENSEARCH_URL is no address: write https://user:password@host:9200, or leave it out.")
OPENSEARCH_INDEX = env.str("OPENSEARCH_INDEX", default="onrecord")
SPAM_SERVICE = env.str("SPAM_SERVICE", default="")
SPAM_SERVICE_URL = env.str("SPAM_SERVICE_URL", default="")
SPAM_SERVICE_KEY = env.str("SPAM_SERVICE_KEY", default="")
if SPAM_SERVICE and not SPAM_SERVICE_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured("SPAM_SERVICE needs SPAM_SERVICE_URL: the address that comments would be sent to.")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "engines"]}}

AUTH_USER_MODEL = "core.User"
LOGIN_URL = "wagtailadmin_login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = NEWSROOM_LANGUAGE
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_I18N = True
WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English"), ("uk", "Українська"), ("ru", "Русский")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BAKED_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
MEDIA_URL = "/media/"
MEDIA_ROOT = BAKED_DIR / "media"
FILE_UPLOAD_TEMP_DIR = str(INCOMING_DIR) if INCOMING_DIR.is_dir() else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
READER_ADDRESS_DAYS = env.int("READER_ADDRESS_DAYS", default=30)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="newsroom@localhost")

WAGTAIL_SITE_NAME = NEWSROOM_NAME
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_APPEND_SLASH = True
WAGTAIL_AUTO_UPDATE_PREVIEW_INTERVAL = 1000
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILADMIN_COMMENTS_ENABLED = True
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {"opensearch": {"level": "ERROR"}},  # it would write what was searched for; we say what failed
}
