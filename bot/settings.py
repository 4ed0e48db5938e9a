"""What the operator sets: tokens, a database, and how Slack reaches us."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Literal
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

IpAddress = IPv4Address | IPv6Address
IpNetwork = IPv4Network | IPv6Network

DEFAULT_DATABASE = "sqlite:///askaround.db"
DEFAULT_HOST = "127.0.0.1"
DEFAULT_WATCH_PORT = "8321"
SLACK_API = "https://slack.com/api/"
CATCH_UP_DAYS, MOST_CATCH_UP_DAYS = 14, 365
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_FORMATS = ("text", "json")


class BadSetting(Exception):
    """One sentence that says what to set."""


@dataclass(frozen=True)
class Proxies:
    """Through whom addresses are called. Their own may hold a password."""

    https: str = field(repr=False, default="")
    http: str = field(repr=False, default="")
    bypassed: str = ""  # hosts and domains, as NO_PROXY names them

    def to(self, address: str) -> str | None:
        """The proxy to this address; None where it is called directly."""
        parts = urlsplit(address)
        proxy = self.https if parts.scheme in ("https", "wss") else self.http
        host = parts.hostname or ""
        return None if not proxy or self.is_bypassed(host) else proxy

    def is_bypassed(self, host: str) -> bool:
        ip = read_ip(host)
        if host == "localhost" or (ip is not None and ip.is_loopback):
            return True  # what is loopback to a proxy is another machine than ours
        names = [each.strip().lower() for each in self.bypassed.split(",")]
        return any(each == "*" or covers(each, host, ip) for each in names if each)


def covers(named: str, host: str, ip: IpAddress | None) -> bool:
    """Whether NO_PROXY means this host, by a domain above it or a network around it."""
    if ip is None:
        domain = named.removeprefix("*").removeprefix(".")
        return host == domain or host.endswith("." + domain)
    with suppress(ValueError):
        return ip in ip_network(named, strict=False)
    return False


def read_ip(host: str) -> IpAddress | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


NO_PROXIES = Proxies()


@dataclass(frozen=True)
class ModelAddress:
    """A language model that speaks as OpenAI's API does, at an address that the operator named."""

    url: str  # where `/chat/completions` is below
    name: str
    key: str = field(repr=False, default="")


@dataclass(frozen=True)
class Settings:
    bot_token: str = field(repr=False, default="")  # of the one workspace; empty with many
    app_token: str = field(repr=False, default="")  # Socket Mode, if set
    signing_secret: str = field(repr=False, default="")  # HTTP, if there is no app token
    database_url: str = field(repr=False, default=DEFAULT_DATABASE)
    host: str = DEFAULT_HOST  # where HTTP listens
    port: int = 3000
    slack_api_url: str = SLACK_API
    log_level: str = "INFO"
    log_format: str = "text"
    watch_host: str = DEFAULT_HOST  # where probes and measures are
    watch_port: int | None = None  # None: nowhere
    api_host: str = DEFAULT_HOST  # where the API is
    api_port: int | None = None  # None: nowhere
    api_url: str = ""  # where programs reach it; where it is, if nothing is said
    mcp_host: str = DEFAULT_HOST  # where assistants reach the bot
    mcp_port: int | None = None  # None: nowhere
    mcp_url: str = ""  # where they do, if that is another address
    meaning: bool = False  # find in other words too, where the extra is installed
    catch_up_days: int = CATCH_UP_DAYS  # how far back is read after an absence; 0 for never
    helpdesk_networks: tuple[IpNetwork, ...] = ()  # inside, where a helpdesk may be called
    proxies: Proxies = NO_PROXIES
    asking_keys: tuple[str, ...] = field(repr=False, default=())  # seal who asked without a name
    # Many workspaces, which install it themselves: by what Slack knows the app, where it reaches
    # us, and what the workspaces' tokens are sealed with.
    client_id: str = ""
    client_secret: str = field(repr=False, default="")
    public_url: str = ""
    install_keys: tuple[str, ...] = field(repr=False, default=())

    @property
    def has_many(self) -> bool:
        """Whether workspaces install it by themselves."""
        return not self.bot_token

    model: ModelAddress | None = None  # puts short answers together; None: nothing does

    @property
    def api_address(self) -> str:
        """Where programs reach the API; empty where there is none."""
        if self.api_port is None:
            return ""
        return self.api_url or f"http://{self.api_host}:{self.api_port}"

    @property
    def mcp_address(self) -> str:
        """Where assistants reach the bot; empty where there is none."""
        if self.mcp_port is None:
            return ""
        return self.mcp_url or f"http://{self.mcp_host}:{self.mcp_port}"

    @property
    def connection(self) -> Literal["socket", "http"]:
        return "socket" if self.app_token else "http"


def decode_env_file(content: bytes, name: str = ".env") -> str:
    """The file's text; a byte order mark in front is fine."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:  # UTF-16, as PowerShell's > writes it
        raise BadSetting(f"{name} is not written in UTF-8: save it again with that encoding.")
    return text


def merge(file: Mapping[str, str | None], environ: Mapping[str, str]) -> dict[str, str | None]:
    """The environment counts before the file. An empty variable is none: some tools pass every
    name on, set or not."""
    return {**file, **{name: value for name, value in environ.items() if value.strip()}}


def read_database_url(environ: Mapping[str, str | None]) -> str:
    return (environ.get("DATABASE_URL") or "").strip() or DEFAULT_DATABASE


def read_export_key(environ: Mapping[str, str | None]) -> str:
    """What exports are sealed with; empty where there is none."""
    return "".join(check_keys((environ.get("EXPORT_KEY") or "").strip(), "EXPORT_KEY")[:1])


def read_settings(environ: Mapping[str, str | None]) -> Settings:
    """Settings from names and values; BadSetting when one is missing or malformed."""

    def value(name: str, default: str = "") -> str:
        return (environ.get(name) or "").strip() or default

    has_many = bool(value("SLACK_CLIENT_ID")) and not value("SLACK_BOT_TOKEN")
    settings = Settings(
        bot_token=check_token(
            value("SLACK_BOT_TOKEN"), "SLACK_BOT_TOKEN", "xoxb-", optional=has_many
        ),
        app_token=check_token(value("SLACK_APP_TOKEN"), "SLACK_APP_TOKEN", "xapp-", optional=True),
        signing_secret=value("SLACK_SIGNING_SECRET"),
        database_url=read_database_url(environ),
        host=value("HOST", DEFAULT_HOST),
        port=check_port(value("PORT", "3000")),
        slack_api_url=check_url(value("SLACK_API_URL", SLACK_API)),
        log_level=check_log_level(value("LOG_LEVEL", "INFO")),
        log_format=check_log_format(value("LOG_FORMAT", "text")),
        watch_host=value("WATCH_HOST", DEFAULT_HOST),
        watch_port=check_open_port(value("WATCH_PORT", DEFAULT_WATCH_PORT), "WATCH_PORT"),
        api_host=value("API_HOST", DEFAULT_HOST),
        api_port=check_open_port(value("API_PORT", "off"), "API_PORT"),
        api_url=check_api_url(value("API_URL")),
        mcp_host=value("MCP_HOST", DEFAULT_HOST),
        mcp_port=check_open_port(value("MCP_PORT", "off"), "MCP_PORT"),
        mcp_url=check_api_url(value("MCP_URL"), "MCP_URL"),
        meaning=check_switch(value("MEANING", "on")),
        catch_up_days=check_days(value("CATCH_UP_DAYS", str(CATCH_UP_DAYS))),
        helpdesk_networks=check_networks(value("HELPDESK_NETWORKS")),
        asking_keys=check_keys(value("ASKING_KEYS"), "ASKING_KEYS"),
        client_id=value("SLACK_CLIENT_ID"),
        client_secret=value("SLACK_CLIENT_SECRET"),
        public_url=value("PUBLIC_URL").rstrip("/"),
        install_keys=check_keys(value("INSTALL_KEYS"), "INSTALL_KEYS"),
        model=check_model(value("MODEL_URL"), value("MODEL_NAME"), value("MODEL_KEY")),
        proxies=Proxies(
            https=check_proxy(value("https_proxy") or value("HTTPS_PROXY")),
            http=check_proxy(value("http_proxy") or value("HTTP_PROXY")),
            bypassed=value("no_proxy") or value("NO_PROXY"),
        ),
    )
    if settings.has_many:
        check_many(settings)
    elif not settings.app_token and not settings.signing_secret:
        raise BadSetting(
            "Set SLACK_APP_TOKEN (it starts with xapp-) to connect by Socket Mode, "
            "or SLACK_SIGNING_SECRET to receive events over HTTP."
        )
    return settings


def check_many(settings: Settings) -> None:
    """Workspaces install it by themselves: that takes HTTP, and all of these."""
    if settings.app_token:
        raise BadSetting(
            "SLACK_APP_TOKEN connects one workspace: leave it out, or set SLACK_BOT_TOKEN instead "
            "of SLACK_CLIENT_ID."
        )
    for name, is_set in (
        ("SLACK_CLIENT_SECRET", settings.client_secret),
        ("SLACK_SIGNING_SECRET", settings.signing_secret),
    ):
        if not is_set:
            raise BadSetting(
                f"{name} is missing: copy it from your app's page, Basic Information, "
                "App Credentials."
            )
    if not settings.public_url.startswith(("https://", "http://")):
        raise BadSetting(
            "PUBLIC_URL is missing: set it to the address by which Slack and people reach this, "
            "for example https://askaround.example.com."
        )
    if not settings.install_keys:
        raise BadSetting(
            "INSTALL_KEYS is missing: it seals the workspaces' tokens, and "
            "`python app.py new-key` prints one."
        )


def check_token(token: str, name: str, start: str, *, optional: bool = False) -> str:
    if token.startswith(start) or (optional and not token):
        return token
    problem = "does not look right" if token else "is missing"
    raise BadSetting(
        f"{name} {problem}: set it to the token that starts with {start} (see README)."
    )


def check_port(written: str, name: str = "PORT") -> int:
    if not (written.isascii() and written.isdigit() and 0 < int(written) < 65536):
        raise BadSetting(f"{name} is “{written}”: set it to a number from 1 to 65535.")
    return int(written)


def check_open_port(written: str, name: str) -> int | None:
    return None if written in ("0", "off") else check_port(written, name)


def check_url(written: str) -> str:
    if not written.startswith(("https://", "http://")):
        raise BadSetting(
            f"SLACK_API_URL is “{written}”: it starts with https:// (or leave it out)."
        )
    return written.rstrip("/") + "/"


def check_api_url(written: str, name: str = "API_URL") -> str:
    if written and not written.startswith(("https://", "http://")):
        raise BadSetting(f"{name} is “{written}”: it starts with https:// (or leave it out).")
    return written.rstrip("/")


def check_switch(written: str) -> bool:
    if written.lower() not in ("on", "off"):
        raise BadSetting(f"MEANING is “{written}”: set it to on or off.")
    return written.lower() == "on"


def check_days(written: str) -> int:
    if not (written.isascii() and written.isdigit() and int(written) <= MOST_CATCH_UP_DAYS):
        raise BadSetting(
            f"CATCH_UP_DAYS is “{written}”: set it to a number from 0 to {MOST_CATCH_UP_DAYS}."
        )
    return int(written)


def check_log_level(written: str) -> str:
    if written.upper() not in LOG_LEVELS:
        raise BadSetting(f"LOG_LEVEL is “{written}”: set it to one of {', '.join(LOG_LEVELS)}.")
    return written.upper()


def check_log_format(written: str) -> str:
    if written.lower() not in LOG_FORMATS:
        raise BadSetting(f"LOG_FORMAT is “{written}”: set it to {' or '.join(LOG_FORMATS)}.")
    return written.lower()


def check_networks(written: str) -> tuple[IpNetwork, ...]:
    """`10.1.0.0/16, 127.0.0.1`"""
    try:
        return tuple(ip_network(each.strip(), strict=False) for each in written.split(",") if each)
    except ValueError:
        raise BadSetting(
            f"HELPDESK_NETWORKS is “{written}”: set it to networks, for example "
            "10.1.0.0/16, 127.0.0.1 (or leave it out)."
        ) from None


def check_keys(written: str, name: str) -> tuple[str, ...]:
    """`new, old`: the first seals, all open. They are secrets, so they are never repeated."""
    keys = tuple(each.strip() for each in written.split(",") if each.strip())
    try:
        for key in keys:
            Fernet(key)
    except ValueError:
        raise BadSetting(
            f"{name} has something that is no key: `python app.py new-key` prints one."
        ) from None
    return keys


def check_model(url: str, name: str, key: str) -> ModelAddress | None:
    """None where no address is set: then nothing is put together."""
    if not url:
        return None
    try:
        has_host = bool(urlsplit(url).hostname)
    except ValueError:
        has_host = False
    if not url.startswith(("https://", "http://")) or not has_host:
        raise BadSetting(
            f"MODEL_URL is “{url}”: set it to an address like http://127.0.0.1:11434/v1 "
            "(or leave it out)."
        )
    if not name:
        raise BadSetting("MODEL_NAME is missing: set it to the model that MODEL_URL is to use.")
    return ModelAddress(url.rstrip("/"), name, key)


def check_proxy(written: str) -> str:
    """Its address, which may hold a password, so it is never repeated."""
    address = written if "://" in written or not written else f"http://{written}"
    if address and not address.startswith(("http://", "https://")):
        raise BadSetting("The proxy's address (HTTPS_PROXY) starts with http:// or https://.")
    return address
