# PostgreSQL of Debian's packages, for machines that reach no registry; docker-compose.yml takes the official image unless it is told.
ARG BASE=debian:bookworm-slim
FROM ${BASE}
RUN mkdir -p /etc/postgresql-common/createcluster.d \
 && echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.d/none.conf \
 && apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql tini \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -m 0700 -o postgres -g postgres /var/lib/postgresql/data
COPY postgres-entry.sh /usr/local/bin/postgres-entry.sh
USER postgres
VOLUME /var/lib/postgresql/data
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["tini", "--", "sh", "/usr/local/bin/postgres-entry.sh"]
