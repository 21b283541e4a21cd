# The portal. Its context is made by scripts/images.sh: the release's web and downloads, and the runtime.
ARG BASE=debian:bookworm-slim
FROM ${BASE}
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ca-certificates curl libicu72 libssl3 tini \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 990 --user-group --home-dir /var/lib/portal-server --shell /usr/sbin/nologin portal \
 && install -d -m 0700 -o portal -g portal /var/lib/portal-server /run/portal-server /join
COPY dotnet /usr/lib/portal/dotnet
COPY downloads /usr/lib/portal/downloads
COPY web /usr/lib/portal/web
ENV PORTAL_DATA=/var/lib/portal-server PORTAL_RUN=/run/portal-server PORTAL_HTTP=0.0.0.0:8080
USER portal
VOLUME /var/lib/portal-server
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/readyz"]
ENTRYPOINT ["tini", "--", "/usr/lib/portal/web/Portal.Web"]
