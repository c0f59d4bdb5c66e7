# One image for all four services: docker build -t puskesos . ; docker run puskesos services.intake
FROM node:24-bookworm-slim AS front
WORKDIR /build/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci
COPY web ./
RUN node build.js

FROM python:3.11-slim-bookworm AS packages
COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /usr/local/bin/uv
WORKDIR /srv/puskesos
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-default-groups

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home puskesos
WORKDIR /srv/puskesos
COPY --from=packages /srv/puskesos/.venv .venv
COPY contracts contracts
COPY chassis chassis
COPY services services
COPY --from=front /build/chassis/pages/static chassis/pages/static
# Compiled here: the file system of a running container is read-only.
RUN .venv/bin/python -m compileall -q contracts chassis services
ENV PATH=/srv/puskesos/.venv/bin:$PATH PYTHONUNBUFFERED=1 PUSKESOS_HTTP_HOST=0.0.0.0
USER puskesos
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
ENTRYPOINT ["python", "-m"]
CMD ["services.intake"]
