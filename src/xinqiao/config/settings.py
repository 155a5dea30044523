"""Django's settings. What a site may change comes from the environment (config/environment.py)."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from xinqiao.config.environment import SOURCE_ROOT, database_settings, read_environment
from xinqiao.foundation.keys.ring import NoKeys, read_ring

ENVIRONMENT = read_environment()
PACKAGE = Path(__file__).resolve().parents[1]

XINQIAO_HOME = str(ENVIRONMENT.home)
XINQIAO_KEY_FILE = str(ENVIRONMENT.key_file)
XINQIAO_PACKS = str(ENVIRONMENT.packs)
XINQIAO_DEMO = ENVIRONMENT.is_demo
XINQIAO_DEMO_PACKS = str(SOURCE_ROOT / "seeds" / "policy")
XINQIAO_SECOND_FACTOR = ENVIRONMENT.second_factor
XINQIAO_MAIL = ENVIRONMENT.mail_url
XINQIAO_WEBHOOK_HOSTS = ENVIRONMENT.webhook_hosts

try:
    SECRET_KEY = read_ring(ENVIRONMENT.key_file).secrets["django"].hex()
except NoKeys:
    SECRET_KEY = ""  # `keys create` and the checks run without one; nothing is served without it

DEBUG = ENVIRONMENT.is_debug
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
CSRF_TRUSTED_ORIGINS = list(ENVIRONMENT.origins)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "xinqiao.foundation.core",
    "xinqiao.foundation.keys",
    "xinqiao.foundation.access",
    "xinqiao.foundation.ui",
    "xinqiao.foundation.audit",
    "xinqiao.foundation.notifications",
    "xinqiao.register.orgs",
    "xinqiao.register.policy",
    "xinqiao.register.people",
    "xinqiao.register.accounts",
    "xinqiao.register.reach",
    "xinqiao.register.staffing",
    "xinqiao.register.duty",
    "xinqiao.register.deadlines",
    "xinqiao.register.years",
    "xinqiao.care.alerts",
    "xinqiao.care.scales",
    "xinqiao.care.voices",
    "xinqiao.care.centre",
    "xinqiao.care.mailbox",
    "xinqiao.care.sheets",
    "xinqiao.care.support",
    "xinqiao.care.rounds",
    "xinqiao.care.incidents",
    "xinqiao.care.screening",
    "xinqiao.care.wellbeing",
    "xinqiao.care.counselling",
    "xinqiao.care.letters",
    "xinqiao.care.crisis",
    "xinqiao.care.feedback",
    "xinqiao.care.filings",
    "xinqiao.care.archives",
    "xinqiao.care.transfers",
    "xinqiao.doors.home",
    "xinqiao.doors.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "xinqiao.register.accounts.middleware.ActorMiddleware",
    "xinqiao.register.accounts.middleware.PrivacyMiddleware",
    "xinqiao.register.accounts.middleware.PresenceMiddleware",
    "xinqiao.register.accounts.middleware.GateMiddleware",
]

ROOT_URLCONF = "xinqiao.config.urls"
WSGI_APPLICATION = "xinqiao.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "xinqiao.foundation.ui.context.shell",
            ],
        },
    },
]

DATABASES = {"default": database_settings(ENVIRONMENT)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "xinqiao.register.accounts.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = False  # ours count per account (accounts/limits.py); a whole staff room shares one address
MFA_ADAPTER = "xinqiao.register.accounts.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "XinQiao"

SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.https else None
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "xinqiao_language"
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = str(ENVIRONMENT.home / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE = 40 * 1024 * 1024

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "imports", "outbox"]}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "xinqiao.foundation.core.logs.QuietFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"xinqiao": {"level": "INFO"}},
}
