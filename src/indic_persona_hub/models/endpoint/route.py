"""How an address is reached: directly, or through the proxy that the environment names."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from base64 import b64encode
from functools import cached_property
from typing import Final
from urllib.parse import quote, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from indic_persona_hub.errors import ModelError
from indic_persona_hub.models.endpoint.connection import BrokenError, Connection
from indic_persona_hub.models.endpoint.reading import AnswerReader

_PORTS: Final = {"http": 80, "https": 443}
_MOST_WORDS_BYTES: Final = 64 << 10
#: Second address family tried where the first is silent (RFC 8305).
_HAPPY_EYEBALLS_S: Final = 0.25


class UnreachableError(Exception):
    """No connection could be opened.

    Args:
        kind: `connect` or `connect_timeout`.
        what: Words that follow the address.
    """

    def __init__(self, kind: str, what: str) -> None:
        super().__init__(what)
        self.kind = kind
        self.what = what


def proxy_for(url: str) -> str | None:
    """The proxy that `http_proxy`, `https_proxy` and `no_proxy` name; never for this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _is_loopback(host) or proxy_bypass(host):
        return None
    return getproxies().get(parts.scheme)


class Route:
    """The way to the host of a base URL.

    Args:
        base_url: An http or https address.

    Raises:
        ModelError: The address, or its proxy's, is none that can be reached by HTTP/1.1.
    """

    def __init__(self, base_url: str) -> None:
        self._scheme, self._host, self._port = _place(base_url, "base_url")
        proxy = proxy_for(base_url)
        self._proxy = None if proxy is None else _Proxy(proxy)
        plain = self._port == _PORTS[self._scheme]
        self._named = f"[{self._host}]" if ":" in self._host else self._host
        #: What the Host header says.
        self.host = self._named if plain else f"{self._named}:{self._port}"
        #: The path that all paths are below.
        self.root = quote(urlsplit(base_url).path.rstrip("/"), safe="/%:@!$&'()*+,;=~")

    def target(self, path: str) -> str:
        """What the request line names for a path below the base URL."""
        whole = self.root + path
        return f"http://{self.host}{whole}" if self._forwards else whole

    @property
    def headers(self) -> dict[str, str]:
        """What the proxy wants to read in every request."""
        return self._proxy.headers if self._proxy is not None and self._forwards else {}

    async def open(self, timeout_s: float) -> Connection:
        """A new connection.

        Raises:
            UnreachableError: There is none within `timeout_s`.
        """
        try:
            async with asyncio.timeout(timeout_s):
                if self._proxy is None:
                    return await self._connect(self._host, self._port, tls=self._tls)
                connection = await self._connect(self._proxy.host, self._proxy.port, tls=None)
                if self._tls is not None:
                    await self._tunnel(connection, self._proxy, self._tls, timeout_s)
                return connection
        except TimeoutError:
            what = f"did not take a connection within {timeout_s:g} s"
            raise UnreachableError("connect_timeout", what) from None
        except OSError as error:  # ssl and name look-up raise it too
            reason = error.strerror or type(error).__name__
            raise UnreachableError("connect", f"cannot be reached ({reason})") from error

    @property
    def _forwards(self) -> bool:
        return self._proxy is not None and self._scheme == "http"

    @cached_property
    def _tls(self) -> ssl.SSLContext | None:
        if self._scheme == "http":
            return None
        context = ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])
        return context

    async def _connect(self, host: str, port: int, tls: ssl.SSLContext | None) -> Connection:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(
            Connection, host, port, ssl=tls, happy_eyeballs_delay=_HAPPY_EYEBALLS_S
        )
        return connection

    async def _tunnel(
        self, connection: Connection, proxy: _Proxy, tls: ssl.SSLContext, timeout_s: float
    ) -> None:
        place = f"{self._named}:{self._port}"
        lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
        lines += [f"{name}: {value}" for name, value in proxy.headers.items()]
        reader = AnswerReader(_MOST_WORDS_BYTES, tunnel=True)
        try:
            asked = "\r\n".join(lines).encode() + b"\r\n\r\n"
            now_s = asyncio.get_running_loop().time()
            await connection.exchange(asked, reader, begun_s=now_s, timeout_s=timeout_s)
            if reader.answer.status >= 300:
                what = f"cannot be reached (its proxy answered {reader.answer.status})"
                raise UnreachableError("connect", what)
            loop = asyncio.get_running_loop()
            secure = await loop.start_tls(
                connection.transport, connection, tls, server_hostname=self._host
            )
            assert secure is not None
            connection.transport = secure
        except BrokenError as error:
            what = f"cannot be reached (its proxy {error.what})"
            raise UnreachableError("connect", what) from error
        except BaseException:
            connection.transport.abort()
            raise


class _Proxy:
    def __init__(self, url: str) -> None:
        url = url if "://" in url else f"http://{url}"
        scheme, self.host, self.port = _place(url, "The proxy of the environment")
        if scheme != "http":
            raise ModelError(
                "The proxy that the environment names is not reached by plain http.",
                cure="Name one as http://host:port in http_proxy and https_proxy.",
            )
        parts = urlsplit(url)
        self.headers: dict[str, str] = {}
        if parts.username is not None:
            said = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self.headers["Proxy-Authorization"] = f"Basic {b64encode(said.encode()).decode()}"


def _place(url: str, what: str) -> tuple[str, str, int]:
    """Scheme, host (ASCII) and port of an address."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        host = ""
    if not host or any(character <= " " for character in host):
        raise ModelError(f"{what} is no address.", cure="Write it as http://host:port/path.")
    return parts.scheme, host, port


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
