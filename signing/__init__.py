"""Certificates, trust, signatures, validation."""

import logging

for _name in ("pyhanko", "pyhanko_certvalidator"):
    # They log whole names of certificate owners, which no log may hold; what they find out is in
    # the report.
    logging.getLogger(_name).setLevel(logging.CRITICAL)
