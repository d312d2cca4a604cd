# docker build -t lstm-viz .
# docker run --rm -p 8000:8000 --read-only --tmpfs /tmp lstm-viz
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
WORKDIR /srv
COPY requirements/runtime.txt ./
RUN python3 -m venv --without-pip /opt/venv \
    && python3 -m pip --python /opt/venv/bin/python install \
        --no-cache-dir --no-compile --disable-pip-version-check --require-hashes -r runtime.txt \
    # 25 MB of libraries' own tests, which nothing here runs
    && find /opt/venv/lib -path "*/site-packages/*/tests" -prune -exec rm -r {} +
COPY app app
# a read-only file system cannot keep bytecode, so it is made here: of all that is ours, and of what
# a server, a command or a worker of Dask's loads of the rest
RUN /opt/venv/bin/python -m compileall -q app \
    && /opt/venv/bin/python -c "import app.main, app.cli.main, app.web.protocol, uvicorn.main, uvloop, duckdb, fastcluster, distributed.cli.dask_worker, distributed.cli.dask_scheduler"

FROM ${BASE}
LABEL org.opencontainers.image.title="LSTM cell visualizer" \
      org.opencontainers.image.licenses="MIT"
ENV PATH="/opt/venv/bin:${PATH}" \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    LSTM_VIZ_LOG_REQUESTS=true
WORKDIR /srv
COPY --from=build /opt/venv /opt/venv
COPY LICENSE ./
COPY docs docs
COPY templates templates
COPY static static
COPY --from=build /srv/app app
USER 10001:10001
EXPOSE 8000
# no urllib: it would ask a proxy for 127.0.0.1 where one is configured
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=3); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000", "--http", "app.web.protocol:BoundedProtocol", "--timeout-graceful-shutdown", "3", "--no-access-log", "--no-server-header"]
