# One image for every part: `marshrut web`, `marshrut worker`, `marshrut schedule`, `marshrut migrate`.
# It holds no secrets: keys lie in a volume, passwords come by the environment (docker-compose.yml).

FROM python:3.13-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /opt/marshrut
ENV PATH=/opt/marshrut/bin:$PATH
# Pinned, with hashes; a layer of its own, because it changes less often than the code.
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY marshrut marshrut
COPY web web
COPY queues queues
COPY workflow workflow
COPY templates_docs templates_docs
COPY signing signing
RUN pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim-bookworm
# The same packages as RUN_PACKAGES in the Makefile, without python3-venv. Debian keeps only the
# newest version of a package in a release, so a pinned one would soon not be found any more.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      libreoffice-writer-nogui fonts-liberation2 fonts-paratype poppler-utils util-linux \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin marshrut \
 && install -d -o marshrut -g marshrut -m 0700 /var/lib/marshrut/data /var/lib/marshrut/keys
COPY --from=build /opt/marshrut /opt/marshrut
ENV PATH=/opt/marshrut/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    LANG=C.UTF-8 \
    HOME=/tmp \
    MARSHRUT_DATA_DIR=/var/lib/marshrut/data \
    MARSHRUT_KEYS_DIR=/var/lib/marshrut/keys
USER 10001:10001
WORKDIR /var/lib/marshrut/data
VOLUME ["/var/lib/marshrut/data", "/var/lib/marshrut/keys"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health', timeout=8)"]
ENTRYPOINT ["marshrut"]
CMD ["web", "--host", "0.0.0.0", "--port", "8000"]
