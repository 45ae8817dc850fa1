# The image of one Mostik process; compose.yaml puts it together with MongoDB and Redis.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements-setup.lock requirements.lock ./
RUN python -m venv /opt/mostik \
 && /opt/mostik/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements-setup.lock \
 && /opt/mostik/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock
COPY . .
RUN /opt/mostik/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
COPY --from=build /opt/mostik /opt/mostik
ENV PATH=/opt/mostik/bin:$PATH PYTHONUNBUFFERED=1
# Settings, secrets, and with SQLite the store and its files, live in /data; nothing else is written.
RUN useradd --system --uid 10001 --home-dir /data --create-home mostik
USER mostik
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["mostik"]
CMD ["run"]
