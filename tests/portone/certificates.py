"""Certificates of 127.0.0.1 that no public authority signed."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

NAME = "subjectAltName=IP:127.0.0.1"


def make_certificate(folder: Path, *, since: str = "", until: str = "") -> Path:
    """A key and its certificate in one file, self-signed; the certificate alone beside it (.crt).

    Args:
        since, until: ``YYYYMMDDHHMMSSZ``; from now for two days if they are left out.
    """
    key, request, path = folder / "key.pem", folder / "request.pem", folder / "both.pem"
    _openssl(
        *("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
        *("-keyout", key, "-out", request, "-subj", "/CN=toy"),
    )
    (folder / "index.txt").write_text("")
    (folder / "serial").write_text("01")
    (folder / "ca.cnf").write_text(
        f"[ca]\ndefault_ca=own\n[own]\ndatabase={folder}/index.txt\nserial={folder}/serial\n"
        f"new_certs_dir={folder}\ndefault_md=sha256\npolicy=any\nx509_extensions=leaf\n"
        f"[any]\ncommonName=supplied\n[leaf]\n{NAME}\nbasicConstraints=critical,CA:TRUE\n"
    )
    dates = ("-startdate", since, "-enddate", until) if since else ("-days", "2")
    _openssl(
        *("ca", "-batch", "-config", folder / "ca.cnf", "-selfsign", "-keyfile", key),
        *("-in", request, "-out", f"{path}.crt", "-notext", *dates),
    )
    path.write_bytes(key.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


def server_context(certificate: Path) -> ssl.SSLContext:
    """An SSL context of a server with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def _openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
