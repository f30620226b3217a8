"""Verifies access tokens (RFC 9068, RFC 8725)."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import jwt
from jwt.exceptions import PyJWTError

from rolecall.errors import TokenError, TokenReason, UnreadableError

#: What a key signs with, by its type and curve. A key says it, a token never does (RFC 8725 §3.1).
ALGORITHMS: dict[tuple[Any, Any], str] = {("RSA", None): "RS256", ("OKP", "Ed25519"): "EdDSA"}

#: An unknown ``kid`` has the keys read again at most this often, in seconds: tokens come from
#: anybody.
READ_AGAIN_AFTER = 60.0

#: Read again when they are this old, so that a key which is published no more is dropped.
FRESH_FOR = 600.0

#: Older ones are not used: a server that was away for so long may have replaced them.
GOOD_FOR = 24 * 3600.0

#: Without any keys the server is asked again this long after a failure.
PAUSE_AFTER_FAILURE = 1.0


@dataclass(frozen=True)
class Caller:
    """Who calls, as the access token says."""

    user_id: str
    #: The code of the organization in which they act.
    organization: str | None
    session_id: str = ""
    #: In seconds since 1970.
    expires_at: int = 0
    #: For further calls in their name.
    token: str = field(default="", repr=False)


@dataclass(frozen=True)
class PublicKey:
    """A key that the server publishes, and whose it is."""

    issuer: str
    algorithm: str
    key: Any


@dataclass(frozen=True)
class Expected:
    """What a token must have."""

    issuer: str | None
    audience: str
    token_type: str
    leeway: float


class Keys:
    """The server's public keys by ``kid``, as they were read last. It reads nothing itself."""

    def __init__(self) -> None:
        """Without any."""
        self._keys: dict[str, PublicKey] = {}
        self._read_at: float | None = None
        self._failed_at: float | None = None

    def are_due(self, now: float) -> bool:
        """Whether known ones are to be read again, and that did not fail a moment ago."""
        is_fresh = self._read_at is not None and now - self._read_at < FRESH_FOR
        return not is_fresh and not self.is_paused(now)

    def are_very_old(self, now: float) -> bool:
        """Whether they are to be read again before they are used, as after a long rest."""
        is_old = self._read_at is not None and now - self._read_at >= 2 * FRESH_FOR
        return is_old and not self.is_paused(now)

    def find(self, kid: str, now: float) -> PublicKey | None:
        """Finds a key that is not too old to be used."""
        is_good = self._read_at is not None and now - self._read_at < GOOD_FOR
        return self._keys.get(kid) if is_good else None

    def must_read(self, kid: str, now: float) -> bool:
        """Whether they are to be read before a token with this ``kid`` is judged."""
        if self._read_at is None:
            return True
        limit = FRESH_FOR if self.find(kid, now) else READ_AGAIN_AFTER
        return now - self._read_at >= limit

    def is_paused(self, now: float) -> bool:
        """Whether reading them failed a moment ago."""
        has_some = self._read_at is not None and now - self._read_at < GOOD_FOR
        pause = READ_AGAIN_AFTER if has_some else PAUSE_AFTER_FAILURE
        return self._failed_at is not None and now - self._failed_at < pause

    def failed(self, now: float) -> None:
        """Notes that they could not be read."""
        self._failed_at = now

    def store(self, issuer: str, jwks: Any, now: float) -> None:
        """Keeps those that sign with an accepted algorithm; others are ignored (RFC 7517 §5)."""
        published = jwks.get("keys") if isinstance(jwks, dict) else None
        if not isinstance(published, list):
            raise UnreadableError("the JWKS has no keys")
        found = (_public_key(issuer, one) for one in published)
        self._keys = dict(one for one in found if one is not None)
        self._read_at, self._failed_at = now, None


def _public_key(issuer: str, jwk: Any) -> tuple[str, PublicKey] | None:
    """Reads a key for RS256, or for EdDSA with Ed25519, that is for signatures and has a name."""
    if not isinstance(jwk, dict) or not isinstance(jwk.get("kid"), str):
        return None
    algorithm = ALGORITHMS.get((jwk.get("kty"), jwk.get("crv")))
    if (
        algorithm is None
        or jwk.get("use", "sig") != "sig"
        or jwk.get("alg", algorithm) != algorithm
    ):
        return None
    try:
        return jwk["kid"], PublicKey(issuer, algorithm, jwt.PyJWK(jwk, algorithm).key)
    except (PyJWTError, ValueError, TypeError, KeyError):
        return None


def header_of(token: str) -> dict[str, Any]:
    """Reads the header of a token that is not verified yet."""
    try:
        header = jwt.get_unverified_header(token)
    except PyJWTError:
        raise TokenError(TokenReason.INVALID) from None
    # No extension that a token may call critical is known here (RFC 7515 §4.1.11).
    if not isinstance(header.get("kid"), str) or "crit" in header:
        raise TokenError(TokenReason.INVALID)
    return header


def verify(token: str, key: PublicKey, expected: Expected, now: float | None = None) -> Caller:
    """Verifies a token: algorithm and signature by the key, type, issuer, audience and times."""
    header = header_of(token)
    if header.get("alg") != key.algorithm:
        raise TokenError(TokenReason.ALGORITHM)
    # RFC 7515 §4.1.9: `application/` may be left out, and case does not matter.
    token_type = str(header.get("typ", "")).lower().removeprefix("application/")
    if token_type != expected.token_type.lower():
        raise TokenError(TokenReason.TYPE)
    # The claims are compared below, where each has a reason of its own.
    unchecked = {
        f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")
    }
    try:
        claims = jwt.decode(token, key.key, algorithms=[key.algorithm], options=unchecked)  # type: ignore[arg-type]
    except PyJWTError:
        raise TokenError(TokenReason.INVALID) from None
    user, session, organization = claims.get("sub"), claims.get("sid"), claims.get("org")
    times = [claims.get("exp"), claims.get("iat"), claims.get("nbf", 0)]
    if not isinstance(user, str) or not isinstance(session, str):
        raise TokenError(TokenReason.INVALID)
    if not all(type(one) in (int, float) for one in times):
        raise TokenError(TokenReason.INVALID)
    if organization is not None and not isinstance(organization, str):
        raise TokenError(TokenReason.INVALID)
    if claims.get("iss") != (expected.issuer or key.issuer):
        raise TokenError(TokenReason.ISSUER)
    if claims.get("aud") != expected.audience:
        raise TokenError(TokenReason.AUDIENCE)
    now = time.time() if now is None else now
    expires, issued, begins = times
    if expires + expected.leeway <= now:
        raise TokenError(TokenReason.EXPIRED)
    # `iat` has whole seconds.
    if max(issued, begins) > now + expected.leeway:
        raise TokenError(TokenReason.NOT_YET)
    return Caller(user, organization, session, int(expires), token)
