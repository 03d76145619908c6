# syntax=docker/dockerfile:1
# Monitor in a container: built in one stage, run in another that holds neither compiler nor pip's
# cache, by a user who owns nothing.
#
#   docker build -t monitor .
#   docker run -p 8000:8000 -v monitor-data:/data monitor
#
# Without further settings it keeps an SQLite file and its secret key in /data. docker-compose.yml
# shows it with PostgreSQL, Redis, two replicas and a proxy.

FROM python:3.13-slim AS build
WORKDIR /source
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/monitor
# The versions first: this layer stays as it is while only Monitor's own code changes.
COPY .ci/constraints.txt .ci/constraints.txt
COPY pyproject.toml README.md LICENSE ./
COPY monitor monitor
COPY migrations migrations
COPY static static
RUN /opt/monitor/bin/pip install --constraint .ci/constraints.txt . \
    && /opt/monitor/bin/python -m compileall -q /opt/monitor/lib \
    && /opt/monitor/bin/pip uninstall --yes pip

FROM python:3.13-slim
RUN groupadd --system --gid 10001 monitor \
    && useradd --system --uid 10001 --gid monitor --home-dir /data --shell /usr/sbin/nologin monitor \
    && install --directory --owner=monitor --group=monitor --mode=700 /data
COPY --from=build /opt/monitor /opt/monitor
ENV PATH=/opt/monitor/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MONITOR_HOST=0.0.0.0 \
    MONITOR_DATABASE_URL=sqlite:////data/monitor.db
USER monitor
WORKDIR /data
VOLUME /data
EXPOSE 8000
# SIGTERM lets it drain; more than docker's ten seconds may be needed: --stop-timeout 25.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=4s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ.get(\"MONITOR_PORT\", \"8000\")}/readyz', timeout=3)"]
ENTRYPOINT ["monitor"]
CMD ["serve"]
