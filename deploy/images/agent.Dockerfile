# The agent: the engine of the host that it runs on. It needs that host's namespaces; docker-compose.yml at the root says which.
ARG BASE=debian:bookworm-slim
FROM ${BASE}
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      busybox-static ca-certificates conmon crun git iproute2 kmod libbz2-1.0 liblzma5 libnftables1 libssl3 libzstd1 nftables openssh-client procps runc tini \
 && rm -rf /var/lib/apt/lists/*
COPY dotnet /usr/lib/portal-agent/dotnet
COPY agent /usr/lib/portal-agent/agent
COPY agent-entry.sh /usr/lib/portal-agent/entry.sh
RUN ln -s /usr/lib/portal-agent/agent/Portal.Agent /usr/bin/portal-agent
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s CMD ["portal-agent", "status", "--quiet"]
ENTRYPOINT ["sh", "/usr/lib/portal-agent/entry.sh"]
