"""A certificate authority of the school's own, for HTTPS on a network without a public name.

The authority signs one server certificate at a time. Its key never leaves the data directory; whoever trusts the
authority on a device trusts every address it signs, so it is limited to servers and may sign no other authority.
"""

import datetime as dt
import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS = 3650
# Browsers refuse server certificates that live longer than 398 days.
SERVER_DAYS = 390
RENEW_DAYS = 30
BACK_DATED = dt.timedelta(hours=1)


@dataclass(frozen=True)
class LocalAuthority:
    """Where the files lie; only `authority` is handed out."""

    folder: Path

    @property
    def authority(self) -> Path:
        return self.folder / "xinqiao-authority.pem"

    @property
    def authority_key(self) -> Path:
        return self.folder / "authority.key"

    @property
    def certificate(self) -> Path:
        return self.folder / "server.pem"

    @property
    def key(self) -> Path:
        return self.folder / "server.key"


def prepare_certificates(folder: Path, names: list[str], now: dt.datetime) -> LocalAuthority:
    """Make or renew the authority and a server certificate for these names and addresses; return the files."""
    files = LocalAuthority(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (files.authority.exists() and files.authority_key.exists()):
        _make_authority(files, now)
    if not _still_serves(files, names, now):
        _make_server(files, names, now)
    return files


def fingerprint(certificate: Path) -> str:
    """Return the SHA-256 fingerprint as devices show it."""
    digest = x509.load_pem_x509_certificate(certificate.read_bytes()).fingerprint(hashes.SHA256())
    return ":".join(f"{byte:02X}" for byte in digest)


def _make_authority(files: LocalAuthority, now: dt.datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"XinQiao local authority {now:%Y-%m-%d}")])
    usage = _key_usage(is_authority=True)
    certificate = (
        _begun(name, name, key.public_key(), now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write_key(files.authority_key, key)
    files.authority.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _make_server(files: LocalAuthority, names: list[str], now: dt.datetime) -> None:
    authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
    signer = serialization.load_pem_private_key(files.authority_key.read_bytes(), password=None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "XinQiao")])
    certificate = (
        _begun(subject, authority.subject, key.public_key(), now, SERVER_DAYS)
        .add_extension(x509.SubjectAlternativeName([_alternative(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(is_authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )
    _write_key(files.key, key)
    chain = certificate.public_bytes(serialization.Encoding.PEM) + files.authority.read_bytes()
    files.certificate.write_bytes(chain)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: dt.datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACK_DATED)
        .not_valid_after(now + dt.timedelta(days=days))
    )


def _key_usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority, key_cert_sign=is_authority, crl_sign=is_authority,
        content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        return x509.DNSName(name)


def _still_serves(files: LocalAuthority, names: list[str], now: dt.datetime) -> bool:
    if not (files.certificate.exists() and files.key.exists()):
        return False
    held = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
    wanted = {_alternative(name) for name in names}
    named = set(held.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
    is_fresh = held.not_valid_after_utc > now + dt.timedelta(days=RENEW_DAYS)
    return is_fresh and wanted <= named and held.issuer == authority.subject


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    body = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        os.fchmod(out.fileno(), 0o600)
        out.write(body)
