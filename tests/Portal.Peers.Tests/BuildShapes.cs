namespace Portal.Peers.Tests;

/// <summary>More of what public Dockerfiles do: packages, links and owners, arguments, triggers, patterns.</summary>
internal static class BuildShapes
{
    public static IReadOnlyDictionary<string, BuildCase> Cases { get; } =
        new Dictionary<string, BuildCase>
        {
            ["nginx"] = new(
                """
                FROM busybox
                LABEL maintainer="NGINX Docker Maintainers <docker-maint@nginx.com>"
                ENV NGINX_VERSION   1.27.0
                ENV NJS_RELEASE     2~bookworm
                RUN set -x \
                # create nginx user/group first, to be consistent throughout docker variants
                    && echo 'nginx:x:101:' >> /etc/group \
                    && echo 'nginx:x:101:101:nginx:/var/cache/nginx:/bin/false' >> /etc/passwd \
                    && mkdir -p /var/log/nginx /docker-entrypoint.d /etc/nginx/conf.d \
                    && ln -sf /dev/stdout /var/log/nginx/access.log \
                    && ln -sf /dev/stderr /var/log/nginx/error.log \
                    && mkdir -m 0700 -p /var/cache/nginx && chown nginx:nginx /var/cache/nginx
                COPY docker-entrypoint.sh /
                COPY 10-listen.sh 20-envsubst.sh /docker-entrypoint.d/
                COPY --chown=nginx:nginx conf /etc/nginx/conf.d
                ENTRYPOINT ["/docker-entrypoint.sh"]
                EXPOSE 80 443/tcp 443/udp
                STOPSIGNAL SIGQUIT
                CMD ["nginx", "-g", "daemon off;"]
                """,
                [
                    ("docker-entrypoint.sh", "#!/bin/sh\n"), ("10-listen.sh", "1"), ("20-envsubst.sh", "2"),
                    ("conf/default.conf", "server {}\n"), ("conf/more/a.conf", "a"),
                ]),
            ["apt"] = new(
                """
                FROM base:1
                ARG DEBIAN_FRONTEND=noninteractive
                RUN rm -rf /var/lib/apt/lists/* && mkdir -p /usr/share/doc && echo kept > /usr/share/doc/kept
                RUN rm -rf /etc/apt && mkdir /etc/apt && echo new > /etc/apt/sources.list
                RUN mv /usr/share/old /usr/share/renamed && rm /bin/which && ln -s /bin/busybox /bin/which
                RUN touch /empty && mkdir -m 2775 /shared && chmod 4755 /shared/. || true
                """,
                [],
                Base: """
                FROM busybox
                RUN mkdir -p /var/lib/apt/lists/partial /etc/apt/apt.conf.d /usr/share/old/deep \
                    && echo x > /var/lib/apt/lists/index && echo x > /var/lib/apt/lists/partial/p \
                    && echo y > /etc/apt/sources.list && echo z > /etc/apt/apt.conf.d/z && echo w > /usr/share/old/deep/w
                """),
            ["alpine"] = new(
                """
                FROM busybox
                RUN apk() { mkdir -p /lib/apk/db && echo "$@" >> /lib/apk/db/installed; }; \
                    apk add --no-cache --virtual .build-deps gcc make \
                    && mkdir -p /usr/local/bin && echo '#!/bin/sh' > /usr/local/bin/tool && chmod 4755 /usr/local/bin/tool \
                    && ln /usr/local/bin/tool /usr/local/bin/same && mkfifo /pipe && mknod /node c 1 3 \
                    && apk del .build-deps
                RUN chmod 640 /usr/local/bin/same && chown 12:34 /pipe
                WORKDIR /srv
                COPY --from=busybox /bin/busybox /bin/sh /usr/copied/
                CMD ["/bin/sh"]
                """,
                []),
            ["matrix"] = new(
                """
                ARG REGISTRY
                ARG IMAGE=busybox
                ARG TAG=latest
                FROM ${REGISTRY:+$REGISTRY/}${IMAGE}:${TAG:-latest} AS common
                ARG TAG
                ARG MODE=debug
                ARG EMPTY=
                ARG GIVEN=default
                ARG UNSET
                ENV MODE=${MODE:-none} SEEN="tag ${TAG:-unknown}" LITERAL=\$MODE QUOTED='$MODE' SPACED=a\ b
                ENV CHAIN=$MODE-$GIVEN
                ENV OLD style  with spaces
                RUN echo "$MODE|$EMPTY|$GIVEN|${UNSET-none}|$SEEN|$LITERAL|$QUOTED|$SPACED|$CHAIN" > /seen
                FROM common AS release
                ENV MODE=release
                RUN echo "$MODE ${GIVEN:-gone}" > /release
                LABEL mode=$MODE "quoted key"="a value" multi=one \
                      other=two
                EXPOSE 8000-8002/udp $PORT 9000
                VOLUME ["/a b", "/c"]
                USER ${UNSET:-nobody}
                FROM common AS unused
                RUN exit 1
                """,
                [],
                Arguments: [("GIVEN", "by-argument"), ("MODE", "test")],
                Target: "release"),
            ["onbuild"] = new(
                """
                FROM base:1
                RUN ls -R /usr/src/app > /listed
                CMD [ "npm", "start" ]
                """,
                [("package.json", "{}"), ("lib/a.js", "a"), (".dockerignore", "Dockerfile\n.dockerignore\n")],
                Base: """
                FROM busybox
                RUN mkdir -p /usr/src/app
                WORKDIR /usr/src/app
                ONBUILD ARG NODE_ENV=production
                ONBUILD ENV NODE_ENV $NODE_ENV
                ONBUILD COPY package.json /usr/src/app/
                ONBUILD RUN cp package.json installed.json
                ONBUILD COPY . /usr/src/app
                ENTRYPOINT ["node"]
                """),
            ["inheriting"] = new(
                """
                FROM base:1
                HEALTHCHECK --interval=1m --timeout=2s --start-period=3s --retries=4 CMD curl -f "http://localhost/" || exit 1
                SHELL ["/bin/sh", "-ec"]
                CMD echo "in $HOME"
                ENTRYPOINT ["/bin/sh", "-c"]
                VOLUME /more
                LABEL a=changed c=new
                ENV PATH=$PATH:/extra B=
                EXPOSE 90
                WORKDIR sub
                RUN pwd > /pwd
                """,
                [],
                Base: """
                FROM busybox
                RUN mkdir /data /more
                ENV A=1 B=2
                LABEL a=1 b=2
                EXPOSE 80
                VOLUME /data
                WORKDIR /base
                USER 0:0
                HEALTHCHECK --interval=5m --timeout=3s --start-period=1m30s --retries=2 CMD ["true", "a b"]
                ENTRYPOINT ["first"]
                CMD ["second"]
                """),
            ["patterns"] = new(
                """
                FROM busybox
                COPY [a-c]*.t?t /one/
                COPY ["with space.txt", "other.txt", "/two/"]
                COPY nested/*/file /three/
                COPY nested /four
                COPY nested/x/ /five/
                COPY . /all/
                COPY nested/x/file renamed
                COPY nested/x/file /six/
                """,
                [
                    ("a1.txt", "a"), ("b1.tat", "b"), ("d1.txt", "d"), ("with space.txt", "w"), ("other.txt", "o"),
                    ("nested/x/file", "x"), ("nested/y/other", "y"), ("nested/z/deep/file", "z"), ("docs/a.md", "1"), ("docs/keep.md", "2"),
                    ("docs/sub/b.md", "3"), ("log/x.log", "l"), ("log/sub/y.log", "m"),
                    (".dockerignore", "# comment\n**/*.md\n!docs/keep.md\nlog/**\n/Dockerfile\nnested/z\n!nested/z/deep\n"),
                ]),
            // The owner that ADD gives to what it unpacks is BuildKit's doing and ours; the classic builder keeps the archive's.
            ["archives"] = new(
                """
                FROM busybox
                ADD plain.tar packed.tgz /unpacked/
                ADD packed.tgz /again/
                ADD squeezed.txz /squeezed
                COPY plain.tar /as-it-is/
                ADD --chown=nobody:nogroup files /files
                ADD notes.txt /unpacked/
                """,
                [
                    ("plain.tar", "TAR"), ("packed.tgz", "TGZ"), ("squeezed.txz", "TXZ"), ("files/a", "a"), ("files/b/c", "c"),
                    ("notes.txt", "no archive"),
                ]),
            // Folders on the way to what is copied with an owner are that owner's in BuildKit and here, root's in the classic builder: so
            // there are none here.
            ["scratch"] = new(
                """
                FROM busybox AS build
                WORKDIR /out
                RUN mkdir -p etc bin tmp opt && cp /bin/busybox bin/app && ln bin/app bin/also && ln -s app bin/way \
                    && chmod 1777 tmp && echo 'u:x:1:2::/:/app' > etc/passwd && chown -R 1:2 etc && chmod 750 etc
                FROM scratch
                COPY --from=build /out /
                COPY --from=build --chown=5:6 /out/bin /opt/bin
                COPY --from=build /out/bin/way /followed
                COPY LICENSE /
                USER u
                ENTRYPOINT ["/bin/app"]
                """,
                [("LICENSE", "free\n")]),
        };
}
