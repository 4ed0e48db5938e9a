# Askaround as an image: see docs/OPERATING.md, "Deploy". It is built by `make image`. Where no
# container runtime can run, deploy/prove_image.py does what these lines say, and tries the result.
#
# The digest is that of the tag's index, so amd64 and arm64 both have it. To take a newer base, change
# both: `docker buildx imagetools inspect python:3.11-slim-bookworm` prints the digest.
ARG BASE=python:3.11.14-slim-bookworm@sha256:65a93d69fa75478d554f4ad27c85c1e69fa184956261b4301ebaf6dbb0a3543d

# What the lock file says, by its hashes, from wheels alone: nothing is compiled, no pip is left.
FROM ${BASE} AS packages
# requirements-meaning.lock brings the extra that finds in other words too
ARG LOCK=requirements.lock
ARG SOURCE_DATE_EPOCH=0
ENV PYTHONHASHSEED=0 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
COPY ${LOCK} /tmp/requirements.lock
RUN python -m venv --without-pip /opt/askaround/.venv && \
    python -m pip --python /opt/askaround/.venv/bin/python install --quiet \
        --require-hashes --only-binary :all: --no-compile -r /tmp/requirements.lock && \
    python -m compileall -q --invalidation-mode unchecked-hash /opt/askaround/.venv/lib

# The program, compiled too: the folder it runs from cannot be written to.
FROM packages AS program
WORKDIR /program
COPY app.py manifest.yml LICENSE ./
COPY deploy/LICENSES.md ./
COPY bot bot
COPY handlers handlers
COPY operating operating
COPY storage storage
RUN chmod -R u=rwX,go=rX . && \
    python -m compileall -q --invalidation-mode unchecked-hash -s /program -p /opt/askaround .

FROM ${BASE}
LABEL org.opencontainers.image.title="Askaround" \
      org.opencontainers.image.description="A Slack bot for peer help where work already happens" \
      org.opencontainers.image.licenses="MIT"
# By hand, because useradd notes the day.
RUN echo 'askaround:x:10001:' >> /etc/group && \
    echo 'askaround:x:10001:10001::/data:/usr/sbin/nologin' >> /etc/passwd && \
    install -d -o 10001 -g 10001 -m 0750 /data
COPY --from=packages /opt/askaround/.venv /opt/askaround/.venv
COPY --from=program /program /opt/askaround
# Open to other containers and to probes; who may reach the ports is for the network to say.
ENV DATABASE_URL=sqlite:////data/askaround.db HOST=0.0.0.0 WATCH_HOST=0.0.0.0 API_HOST=0.0.0.0 MCP_HOST=0.0.0.0 HOME=/data PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
# Slack's requests in HTTP mode; probes and measures
EXPOSE 3000 8321
HEALTHCHECK --interval=60s --timeout=30s --start-period=60s --retries=3 \
    CMD ["/opt/askaround/.venv/bin/python", "/opt/askaround/app.py", "check"]
ENTRYPOINT ["/opt/askaround/.venv/bin/python", "/opt/askaround/app.py"]
CMD ["run"]
