# The Iterapp service. Build:  docker build -t iterapp .
FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends libcurl4-openssl-dev libsqlite3-dev libssl-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
RUN swift build -c release --product iterapp --static-swift-stdlib \
    && strip -o /usr/local/bin/iterapp "$(swift build -c release --show-bin-path)/iterapp"

# The Docker client alone: it speaks BuildKit by itself, and the engine is somewhere else.
FROM debian:bookworm-slim AS client
RUN apt-get update && cd /tmp && apt-get download docker.io && dpkg-deb -x docker.io_*.deb /client

FROM moby/buildkit:v0.32.2 AS buildkit

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates git git-lfs libcurl4 libsqlite3-0 libssl3 postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/iterapp iterapp
COPY --from=client /client/usr/bin/docker /usr/local/bin/docker
COPY --from=buildkit /usr/bin/buildctl /usr/local/bin/buildctl
COPY --from=build /usr/local/bin/iterapp /usr/local/bin/iterapp
USER 10001
WORKDIR /var/lib/iterapp
ENV ITERAPP_LISTEN=0.0.0.0:8080 ITERAPP_STATE_DIR=/var/lib/iterapp/state
EXPOSE 8080
VOLUME /var/lib/iterapp
ENTRYPOINT ["/usr/local/bin/iterapp"]
CMD ["serve"]
