"""Keys and tokens, by themselves."""

import base64
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rolecall import TokenError, TokenReason, UnreadableError
from rolecall._tokens import FRESH_FOR, GOOD_FOR, READ_AGAIN_AFTER, Expected, Keys, verify

PRIVATE = Ed25519PrivateKey.generate()
PUBLIC = base64.urlsafe_b64encode(PRIVATE.public_key().public_bytes_raw()).decode().rstrip("=")
JWK = {"kty": "OKP", "crv": "Ed25519", "kid": "a", "x": PUBLIC}
EXPECTED = Expected(None, "rolecall", "at+jwt", 5)
NOW = int(time.time())
CLAIMS = {"iss": "i", "aud": "rolecall", "sub": "u", "sid": "s", "iat": NOW, "exp": NOW + 60}


def keys(*published):
    found = Keys()
    found.store("i", {"keys": list(published)}, 0)
    return found


def token(claims=CLAIMS, **header):
    return jwt.encode(claims, PRIVATE, "EdDSA", {"kid": "a", "typ": "at+jwt", **header})


def test_keys_that_are_of_no_use_are_ignored():
    x25519 = {**JWK, "crv": "X25519", "kid": "b"}
    others = [{"kty": "RSA", "kid": "c", "n": "!"}, {"kty": "EC", "kid": "d"}, "x", {"kty": "OKP"}]
    found = keys(
        x25519, {**JWK, "use": "enc", "kid": "e"}, {**JWK, "alg": "x", "kid": "f"}, *others, JWK
    )
    assert found.find("a", 0)
    assert not any(found.find(kid, 0) for kid in "bcdef")
    for wrong in ([], {"keys": 1}, None):
        with pytest.raises(UnreadableError):
            Keys().store("i", wrong, 0)


def test_keys_are_read_again_in_time():
    found = keys(JWK)
    for kid, age, is_due in [
        ("a", FRESH_FOR - 1, False),
        ("a", FRESH_FOR, True),
        ("b", READ_AGAIN_AFTER - 1, False),
        ("b", READ_AGAIN_AFTER, True),
    ]:
        assert found.must_read(kid, age) is is_due
    assert found.find("a", GOOD_FOR - 1)
    assert not found.find("a", GOOD_FOR)
    assert [found.are_very_old(FRESH_FOR * times) for times in (1, 2)] == [False, True]
    found.failed(FRESH_FOR)
    assert not found.are_due(FRESH_FOR + READ_AGAIN_AFTER - 1)
    assert found.are_due(FRESH_FOR + READ_AGAIN_AFTER)


def test_a_token_is_held_against_everything_that_it_must_have():
    key = keys(JWK).find("a", 0)
    assert verify(token(), key, EXPECTED).user_id == "u"
    for wrong, reason in [
        (token({**CLAIMS, "iss": "x"}), TokenReason.ISSUER),
        (token({**CLAIMS, "aud": "x"}), TokenReason.AUDIENCE),
        (token({**CLAIMS, "aud": ["rolecall", "x"]}), TokenReason.AUDIENCE),
        (token({**CLAIMS, "exp": NOW - 6}), TokenReason.EXPIRED),
        (token({**CLAIMS, "iat": NOW + 60}), TokenReason.NOT_YET),
        (token({**CLAIMS, "nbf": NOW + 60}), TokenReason.NOT_YET),
        (token({**CLAIMS, "sub": 1}), TokenReason.INVALID),
        (token({**CLAIMS, "exp": str(NOW)}), TokenReason.INVALID),
        (token({**CLAIMS, "exp": True}), TokenReason.INVALID),
        (token({**CLAIMS, "org": 1}), TokenReason.INVALID),
        (token(typ="JWT"), TokenReason.TYPE),
        (token(crit=["x"], x=1), TokenReason.INVALID),
        (token()[:-2] + "AA", TokenReason.INVALID),
        (
            jwt.encode(CLAIMS, "k" * 32, "HS256", {"kid": "a", "typ": "at+jwt"}),
            TokenReason.ALGORITHM,
        ),
    ]:
        with pytest.raises(TokenError) as error:
            verify(wrong, key, EXPECTED)
        assert error.value.reason == reason, wrong
    assert verify(token(typ="application/at+JWT"), key, EXPECTED)
    assert json.dumps(CLAIMS) not in repr(verify(token(), key, EXPECTED))
