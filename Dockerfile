# A small image for the CPU: models inside, nothing fetched at run time, not root, root file system may be read-only.
# Both arguments can name a mirror: --build-arg PYTHON_IMAGE=… --build-arg TORCH_INDEX=…
ARG PYTHON_IMAGE=docker.io/library/python:3.11-slim-bookworm

# Only the list of dependencies is handed on, so that no other change of pyproject.toml installs them again.
FROM ${PYTHON_IMAGE} AS requirements
WORKDIR /requirements
COPY pyproject.toml ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" \
        > all.txt \
    && grep '^torch[<=>~! ]' all.txt > torch.txt

FROM ${PYTHON_IMAGE} AS dependencies
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /opt/venv
RUN python -m venv --without-pip .
# From PyPI torch would bring CUDA, gigabytes of it. Its headers, CMake files and tests are for those who extend it; its
# programs are tests too, but for one that torch starts.
COPY --from=requirements /requirements/torch.txt /requirements/
RUN python -m pip --python bin/python install --no-compile --no-deps --index-url "$TORCH_INDEX" \
        --requirement /requirements/torch.txt \
    && rm -rf lib/python3*/site-packages/torch/include \
              lib/python3*/site-packages/torch/share \
              lib/python3*/site-packages/torch/test \
    && find lib/python3*/site-packages/torch/bin ! -type d ! -name torch_shm_manager -delete
COPY --from=requirements /requirements/all.txt /requirements/
RUN python -m pip --python bin/python install --no-compile --requirement /requirements/all.txt \
    && python -m pip --python bin/python check
# Bytecode that is compared with no date stays good whatever dates the layers give to files. What torch tests itself
# with is left out: some of it is written for a later Python.
RUN python -m compileall -q --invalidation-mode unchecked-hash -x '/torch/testing/_internal/' lib

FROM dependencies AS application
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY retrieval retrieval
COPY bot bot
RUN python -m pip --python /opt/venv/bin/python install --no-compile --no-deps --prefix /application . \
    && python -m compileall -q --invalidation-mode unchecked-hash /application/lib

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="Article Bot" \
      org.opencontainers.image.description="Answers questions about articles with sentences of the articles, and knows who said what." \
      org.opencontainers.image.version="0.2.0" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --no-log-init --uid 10001 --user-group --home-dir /app --no-create-home --shell /usr/sbin/nologin article-bot \
    && install --directory --owner article-bot --group article-bot /app/data
WORKDIR /app
COPY --from=dependencies /opt/venv /opt/venv
COPY --from=application /application /opt/venv
COPY config.yaml ./
COPY articles articles
# A model that the configuration names instead of the bundled one is fetched once, into the volume. torch will not load
# without a writable folder for temporary files. The port is for the health check, inside the container only.
ENV PATH=/opt/venv/bin:$PATH HF_HOME=/app/data/models TMPDIR=/app/data ARTICLE_BOT_HEALTH_PORT=8080
# By number, so that an orchestrator can tell that it is not root.
USER 10001:10001
VOLUME ["/app/data"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["article-bot", "health"]
ENTRYPOINT ["article-bot"]
CMD ["run"]
