"""An OpenID Connect provider for tests: real discovery, authorization, tokens, keys and userinfo over HTTP.

It plays a national e-identity: whoever comes is the person it was told of last. Only for tests.
"""

import asyncio
import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from simos.kernel.clock import now

_START_SECONDS = 10


@dataclass(slots=True)
class MockProvider:
    """The provider at `url`. `person`: claims of who signs in next; `acr`: the level it tells of them.

    `faults`: names of what it does wrong on purpose: `signature`, `audience`, `issuer`, `subject` (userinfo tells
    another), `denied` (the person says no).
    """

    client_id: str = "simos"
    client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    person: dict[str, str] = field(default_factory=lambda: {"sub": "pairwise-1", "name": "Ana Novak"})
    acr: str = ""
    faults: set[str] = field(default_factory=set)
    asked: list[Mapping[str, str]] = field(default_factory=list)
    url: str = ""
    _codes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    _tokens: dict[str, dict[str, str]] = field(default_factory=dict)
    _key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def app(self) -> Starlette:
        """The provider as an ASGI application."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._configuration),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/jwks", self._jwks),
                Route("/userinfo", self._userinfo),
            ]
        )

    def _configuration(self, _request: Request) -> Response:
        ways = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
        return JSONResponse(
            {"issuer": self.url, "userinfo_endpoint": f"{self.url}/userinfo"}
            | {name: f"{self.url}/{way}" for name, way in ways.items()}
            | {
                "response_types_supported": ["code"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        self.asked.append(asked)
        if asked.get("client_id") != self.client_id or asked.get("response_type") != "code":
            return Response("unknown client", 400)
        state = {"state": asked.get("state", "")}
        if "denied" in self.faults:
            return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied'} | state)}", 302)
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code} | state)}", 302)

    async def _token(self, request: Request) -> Response:
        sent = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        asked = self._codes.pop(sent.get("code", ""), None)
        if asked is None or not self._is_client(request, sent) or not _is_proved(asked, sent):
            return JSONResponse({"error": "invalid_grant"}, 400)
        token = secrets.token_urlsafe(16)
        self._tokens[token] = dict(self.person)
        return JSONResponse(
            {"access_token": token, "token_type": "Bearer", "expires_in": 60, "id_token": self._id_token()}
        )

    def _is_client(self, request: Request, sent: Mapping[str, str]) -> bool:
        given = (sent.get("client_id", ""), sent.get("client_secret", ""))
        scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
        if scheme == "Basic":
            name, _, secret = base64.b64decode(credentials).decode().partition(":")
            given = (name, secret)
        return given == (self.client_id, self.client_secret)

    def _id_token(self) -> str:
        seconds = int(now().timestamp())
        claims: dict[str, Any] = {
            "iss": "https://another.example" if "issuer" in self.faults else self.url,
            "aud": "another" if "audience" in self.faults else self.client_id,
            "sub": self.person["sub"],
            "iat": seconds,
            "exp": seconds + 60,
        }
        if self.acr:
            claims["acr"] = self.acr
        key = rsa.generate_private_key(65537, 2048) if "signature" in self.faults else self._key
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "1"})

    def _jwks(self, _request: Request) -> Response:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return JSONResponse({"keys": [public | {"kid": "1", "use": "sig", "alg": "RS256"}]})

    def _userinfo(self, request: Request) -> Response:
        told = self._tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if told is None:
            return Response(status_code=401)
        return JSONResponse(told | ({"sub": "another"} if "subject" in self.faults else {}))


def _is_proved(asked: Mapping[str, str], sent: Mapping[str, str]) -> bool:
    """Whether the one who exchanges the code began with it (RFC 7636) and comes from the same address."""
    digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return asked.get("code_challenge") == challenge and asked.get("redirect_uri") == sent.get("redirect_uri")


@contextmanager
def oidc_provider(**options: Any) -> Iterator[MockProvider]:
    """Within the block a provider listens on a port of this machine. `options`: fields of MockProvider."""
    provider = MockProvider(**options)
    config = uvicorn.Config(provider.app(), host="127.0.0.1", port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), name="mock e-identity", daemon=True)
    thread.start()
    deadline = time.monotonic() + _START_SECONDS
    while not server.started:
        if time.monotonic() > deadline:
            raise RuntimeError("the mock provider did not start")
        time.sleep(0.01)
    provider.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join()
