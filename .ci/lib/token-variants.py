"""token-variants.py KEYS TOKEN FOLDER: makes wrong tokens of a right one, a file each in FOLDER.

KEYS is the folder of the stack's signing keys, so that each wrong token has one thing wrong and no other: `signed_again` has none,
and shows it.
"""

import base64, hashlib, hmac, json, pathlib, sys, time
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

keys, token, folder = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


header, claims = map(decoded, token.split(".")[:2])
key = serialization.load_der_private_key(base64.b64decode((keys / f"{header['kid']}.key").read_text()), None)
another_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
public_key = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def rs256(key):
    return lambda data: key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def write(name, header_changes={}, claim_changes={}, sign=rs256(key)):
    parts = ({**header, **header_changes}, {**claims, **claim_changes})
    # A claim that is changed to None is left out.
    signed = ".".join(encoded(json.dumps({k: v for k, v in part.items() if v is not None}).encode()) for part in parts)
    (folder / name).write_text(f"{signed}.{encoded(sign(signed.encode()))}")


(folder / "real").write_text(token)
write("signed_again")
now = int(time.time())
write("expired", {}, {"iat": now - 3660, "exp": now - 60})
write("without_end", {}, {"exp": None})
write("another_audience", {}, {"aud": "another"})
write("another_issuer", {}, {"iss": claims["iss"] + ".example.com"})
write("another_key", sign=rs256(another_key))
write("unknown_key", {"kid": "unknown"}, sign=rs256(another_key))
write("no_algorithm", {"alg": "none"}, sign=lambda data: b"")
write("public_key_as_secret", {"alg": "HS256"}, sign=lambda data: hmac.digest(public_key, data, hashlib.sha256))
write("another_type", {"typ": "logout+jwt"})
(folder / "changed").write_text(".".join([token.split(".")[0], encoded(json.dumps({**claims, "sub": "1"}).encode()), token.split(".")[2]]))
