"""URLs as text: the one that names an article, the id made of it, and the form that errors may show.

Knows nothing of the network: whether an address may be connected to is decided where it is connected to.
"""

import hashlib
import re
import unicodedata
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

SLUG_LENGTH = 60
SHOWN_LENGTH = 200
DEFAULT_PORTS = {"http": 80, "https": 443}
WEB = re.compile(r"https?://", re.IGNORECASE)
USERINFO = re.compile(r"^([^/?#]*//)[^/?#]*@")
# Parameters that say how a reader came, not what he reads. Words that sites also use for articles (id, cid, source,
# ref) are left alone: a wrong one would make two articles one.
TRACKING = re.compile(
    r"(utm|mtm|pk|piwik|matomo|hsa|vero|oly|itm)_.*"
    r"|(fbc|gc|dc|twc|ttc|yc|ysc|msclk|li_fat_|igsh)l?id|gbraid|wbraid|igsh|mkt_tok|mc_[ce]id|_hs(enc|mi)|_ga|_gl"
    r"|ref_(src|url)|__twitter_impression|guccounter|guce_referrer(_sig)?|at_(medium|campaign)|cmpid|ns_campaign"
)
# Parameters that let somebody in: they belong in no citation, no id and no log.
SECRET = re.compile(r"(access_|auth_?|session_?|id_)?token|api_?key|signature|sig|password|secret|x-amz-.*|jwt")
# The same site under another name; a page may name no site but its own as the place where it is to be found.
SITE = re.compile(r"(www\d?|m|mobile|amp)\.(?=.*\.)")


def is_url(source: object) -> bool:
    """Whether a source is an http(s) URL and not a path."""
    return WEB.match(str(source)) is not None


def shown(url: str) -> str:
    """The URL as errors and logs may show it: without user, password, query or fragment."""
    bare = re.split(r"[?#]", USERINFO.sub(r"\1", url, count=1), maxsplit=1)[0]
    printable = "".join(char if char.isprintable() else "\ufffd" for char in bare)
    return printable if len(printable) <= SHOWN_LENGTH else f"{printable[:SHOWN_LENGTH]}…"


def canonical(url: str) -> str:
    """The URL that names what is there: no user, fragment, default port, tracking or secret parameters.

    Raises:
        ValueError: It is no URL.
    """
    parts = urlsplit(url.strip())
    query = urlencode([pair for pair in parse_qsl(parts.query, keep_blank_values=True) if _names_content(pair[0])])
    return urlunsplit((parts.scheme.lower(), _host(parts), parts.path or "/", query, ""))


def article_url(found: str, told: str | None) -> str:
    """Where an article is to be found: the URL that its page tells when that is on the same site, else where it was.

    Raises:
        ValueError: `found` is no URL.
    """
    own = canonical(found)
    if told is None or not is_url(told):
        return own
    try:
        named = canonical(told)
    except ValueError:
        return own
    return named if _site(named) == _site(own) else own


def identify(url: str) -> str:
    """The id of the article at a URL: a readable slug of at most SLUG_LENGTH characters and a short hash.

    The scheme, `www.`, the order of parameters and a slash at the end make no difference.

    Raises:
        ValueError: It is no URL.
    """
    parts = urlsplit(canonical(url))
    key = "?".join((_site(url) + parts.path.rstrip("/"), urlencode(sorted(parse_qsl(parts.query)))))
    return f"{_slug(parts)}-{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def slug(words: str) -> str:
    """Words as they may stand in an id: lower-case letters and digits of any script, joined by hyphens."""
    joined = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFKC", words).lower()).strip("-")
    return (
        joined if len(joined) <= SLUG_LENGTH else joined[: SLUG_LENGTH + 1].rpartition("-")[0] or joined[:SLUG_LENGTH]
    )


def last_segment(url: str) -> str:
    """The last part of a URL's path that has a word in it, without an ending; empty where there is none."""
    try:
        segments = [unquote(segment) for segment in urlsplit(url).path.split("/")]
    except ValueError:
        return ""
    names = [re.sub(r"\.[A-Za-z]\w{0,4}$", "", segment) for segment in segments]
    return next((name for name in reversed(names) if re.search(r"[^\W\d_]{3}", name)), "")


def _slug(parts: SplitResult) -> str:
    return slug(last_segment(urlunsplit(parts))) or slug(f"{parts.hostname} {parts.path}") or "article"


def _names_content(parameter: str) -> bool:
    name = parameter.lower()
    return not TRACKING.fullmatch(name) and not SECRET.fullmatch(name)


def _host(parts: SplitResult) -> str:
    if not parts.hostname:
        raise ValueError("there is no host in it")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname.rstrip(".")
    port = parts.port
    return host if port in (None, DEFAULT_PORTS.get(parts.scheme.lower())) else f"{host}:{port}"


def _site(url: str) -> str:
    return SITE.sub("", _host(urlsplit(url)))
