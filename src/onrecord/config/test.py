"""Settings of the tests: a folder of their own, tasks done at once, quick passwords."""

import os
import tempfile

_folder = tempfile.mkdtemp(prefix="onrecord-test-")
os.environ["ONRECORD_DIR"] = _folder
os.environ["SECRET_KEY"] = "only for tests"
os.environ["SITE_URL"] = os.environ.get("TEST_SITE_URL", "http://testserver")
os.environ["NEWSROOM_NAME"] = "The Test Gazette"
if "TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
else:
    os.environ.pop("DATABASE_URL", None)

from onrecord.config.settings import *  # noqa: E402, F403

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default", "engines"]}}
BAKE_PROCESSES = 1  # the database is in this process; test_publishing_killed.py has two
ISOLATE_DECODING = False  # a fifth of a second a file; test_isolation.py and test_archive.py have it on
# test_reposts.py, test_tied_words.py and test_doubted_words.py have them on
RECOGNISE_REPOSTS = ALIGN_PLAIN_TEXT = CHECK_WORDS_WITH_SOUND = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if "TEST_DATABASE_URL" in os.environ:
    DATABASES["default"]["OPTIONS"] = {"options": "-c synchronous_commit=off"}  # noqa: F405
