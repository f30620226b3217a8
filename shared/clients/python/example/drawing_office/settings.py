"""The settings: what is Rolecall's is marked."""

import os

SECRET_KEY = os.environ.get("SECRET_KEY", "for-the-tests-alone")
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "drawing_office.urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "rolecall.django",  # Rolecall
    "drawings",
]

MIDDLEWARE = [
    "django.middleware.common.CommonMiddleware",
    "rolecall.django.middleware.ActivityMiddleware",  # Rolecall
    "rolecall.django.middleware.LoginTrackingMiddleware",  # Rolecall
    "django.middleware.csrf.CsrfViewMiddleware",
    "rolecall.django.middleware.RBACMiddleware",  # Rolecall
]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rolecall.django.RolecallAuthentication"],  # Rolecall
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "UNAUTHENTICATED_USER": None,
}

# Rolecall
ROLECALL = {
    "URL": os.environ.get("ROLECALL_URL", "http://127.0.0.1:3000"),
    "KEY": os.environ.get("ROLECALL_KEY"),
    "EXCLUDE_PATHS": ["/healthz"],
}
