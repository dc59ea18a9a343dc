"""Open this for what may become a link in a report: web addresses, in plain ASCII."""

from urllib.parse import quote, urlsplit

LONGEST_ADDRESS = 1000


def web_address(url: str) -> str:
    """The address in plain ASCII if it is http(s) with a host, else nothing: only such ones become links.

    >>> web_address("https://www.gov.cn/文件"), web_address("javascript:alert(1)"), web_address("file:///etc/passwd")
    ('https://www.gov.cn/%E6%96%87%E4%BB%B6', '', '')
    """
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and len(url) <= LONGEST_ADDRESS
        return quote(url.strip(), safe="%/:=&?~#+!$,;'@()*[]") if usable else ""
    except (ValueError, UnicodeError):
        return ""
