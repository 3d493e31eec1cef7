# One image for every role: `docker run … bridge`, `… run orders`, `… timers`, `… migrate`. See docs/install.md.
# Any image with Python 3.11 or later and its venv module can be the base.
ARG BASE=docker.io/library/python:3.13-slim-trixie

# What is installed is requirements.lock and nothing else, each file checked against its hash.
FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
WORKDIR /build
COPY pyproject.toml requirements.lock .ci/lock_part.py ./
# The secrets are optional, for a package mirror of your own: its address, and the certificate it is signed with.
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    --mount=type=secret,id=ca.pem,target=/run/ca.pem \
    python3 lock_part.py hatchling cyclonedx-bom > tools.txt \
    && python3 lock_part.py > production.txt \
    && python3 -m venv tools \
    && python3 -m venv --without-pip /opt/sidecar \
    && tools/bin/pip install --quiet --require-hashes --no-deps --only-binary :all: -r tools.txt \
    && tools/bin/pip --python /opt/sidecar/bin/python install --quiet --require-hashes --no-deps --no-compile \
       --only-binary :all: -r production.txt
COPY README.md LICENSE ./
COPY schemas schemas
COPY sidecar sidecar
COPY consumers consumers
# The byte code is marked as never to be looked at again: the file system is read-only where it runs.
RUN tools/bin/hatchling build --target wheel --directory dist \
    && tools/bin/pip --python /opt/sidecar/bin/python install --quiet --no-deps --no-index --no-compile dist/*.whl \
    && tools/bin/cyclonedx-py environment /opt/sidecar/bin/python --pyproject pyproject.toml --mc-type application \
       --output-reproducible --output-format JSON --output-file /opt/sidecar/sbom.cdx.json \
    && /opt/sidecar/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/sidecar/lib

# No RUN below: the base may be one without a shell.
FROM ${BASE}
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="magento-stripe-sidecar" \
      org.opencontainers.image.description="Keeps Magento 2 and Stripe in step over RabbitMQ" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /opt/sidecar /opt/sidecar
ENV PATH=/opt/sidecar/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SIDECAR_CONFIG=/etc/sidecar/sidecar.toml
USER 65532:65532
EXPOSE 8080 9464
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=8s --start-period=30s --retries=3 CMD ["sidecar", "healthcheck"]
ENTRYPOINT ["sidecar"]
CMD ["--help"]
