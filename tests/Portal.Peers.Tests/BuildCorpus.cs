namespace Portal.Peers.Tests;

/// <summary>Dockerfiles in the shapes that people use, on images that are made here. The tools they call are stand-ins that write files.</summary>
internal static class BuildCorpus
{
    public static IReadOnlyDictionary<string, BuildCase> Cases { get; } =
        new Dictionary<string, BuildCase>
        {
            ["go"] = new(
                """
                FROM busybox AS build
                WORKDIR /src
                COPY go.mod go.sum ./
                RUN mkdir -p /go/pkg && cp go.mod /go/pkg/
                COPY . .
                ARG VERSION=dev
                RUN mkdir /out && echo "$VERSION" > /out/app && cat main.go >> /out/app && chmod 755 /out/app

                FROM busybox
                RUN adduser -D -u 10001 app || echo 'app:x:10001:10001::/home/app:/bin/sh' >> /etc/passwd
                COPY --from=build /out/app /usr/local/bin/app
                USER app
                EXPOSE 8080
                ENTRYPOINT ["/usr/local/bin/app"]
                CMD ["--help"]
                """,
                [
                    ("go.mod", "module x\n"), ("go.sum", ""), ("main.go", "package main\n"), ("pkg/a/a.go", "package a\n"),
                    (".dockerignore", "*.md\nDockerfile\n.dockerignore"), ("README.md", "no"),
                ]),
            ["node"] = new(
                """
                ARG NODE=latest
                FROM busybox:${NODE} AS deps
                WORKDIR /app
                COPY package*.json ./
                RUN mkdir -p node_modules/dep && echo dep > node_modules/dep/index.js
                FROM deps AS build
                COPY src ./src
                RUN mkdir dist && cat src/*.js > dist/bundle.js && rm -rf src
                FROM busybox
                ENV NODE_ENV=production PORT=3000
                WORKDIR /app
                COPY --from=deps /app/node_modules ./node_modules
                COPY --from=build /app/dist ./dist
                EXPOSE $PORT
                HEALTHCHECK --interval=30s --timeout=3s --retries=3 CMD wget -q http://localhost:$PORT/ || exit 1
                CMD ["node", "dist/bundle.js"]
                """,
                [("package.json", "{}"), ("package-lock.json", "{}"), ("src/a.js", "a\n"), ("src/b.js", "b\n")]),
            ["python"] = new(
                """
                FROM busybox
                ENV PYTHONUNBUFFERED=1 \
                    PATH="/venv/bin:$PATH"
                RUN mkdir -p /venv/bin && printf '#!/bin/sh\necho pip\n' > /venv/bin/pip && chmod +x /venv/bin/pip
                COPY requirements.txt /tmp/
                RUN pip install -r /tmp/requirements.txt && rm /tmp/requirements.txt
                WORKDIR /code
                ADD app.tar .
                COPY --chown=1000:1000 . /code/
                LABEL org.opencontainers.image.title="app" maintainer='me <me@example.org>'
                VOLUME /data /cache
                STOPSIGNAL SIGINT
                USER 1000
                CMD python -m app --port ${PORT:-80}
                """,
                [("requirements.txt", "x==1\n"), ("app/__init__.py", ""), ("app/main.py", "print(1)\n"), ("app.tar", "TAR")]),
            ["dotnet"] = new(
                """
                # escape=`
                FROM busybox AS sdk
                SHELL ["/bin/sh", "-euc"]
                WORKDIR /source
                COPY *.sln .
                COPY app/*.csproj ./app/
                RUN mkdir -p /root/.nuget && touch /root/.nuget/marker
                COPY app/. ./app/
                RUN mkdir /out; `
                    for f in app/*.cs; do cat $f >> /out/app.dll; done
                FROM busybox AS final
                WORKDIR /app
                COPY --from=0 /out ./
                ENTRYPOINT ["dotnet", "app.dll"]
                """,
                [("x.sln", "sln"), ("app/app.csproj", "<Project/>"), ("app/a.cs", "class A;\n"), ("app/b.cs", "class B;\n")]),
            ["postgres"] = new(
                """
                FROM busybox
                RUN set -eux; echo 'postgres:x:999:999::/var/lib/postgresql:/bin/sh' >> /etc/passwd; echo 'postgres:x:999:' >> /etc/group; `true` \
                    # a comment in the middle
                    mkdir -p /var/lib/postgresql
                ENV LANG en_US.utf8
                RUN mkdir /docker-entrypoint-initdb.d && ln -s usr/local/bin/docker-entrypoint.sh /entry
                ENV PGDATA /var/lib/postgresql/data
                RUN mkdir -p "$PGDATA" && chown -R 999:999 "$PGDATA" && chmod 1777 "$PGDATA"
                VOLUME /var/lib/postgresql/data
                COPY docker-entrypoint.sh docker-ensure-initdb.sh /usr/local/bin/
                RUN ln -s docker-ensure-initdb.sh /usr/local/bin/docker-enforce-initdb.sh
                ENTRYPOINT ["docker-entrypoint.sh"]
                STOPSIGNAL SIGINT
                EXPOSE 5432
                CMD ["postgres"]
                ONBUILD RUN true
                """,
                [("docker-entrypoint.sh", "#!/bin/sh\n"), ("docker-ensure-initdb.sh", "#!/bin/sh\n")]),
            ["links"] = new(
                """
                FROM busybox
                RUN mkdir /real /kept && chmod 700 /kept && ln -s /real /way
                COPY tree/ /way/
                COPY tree /kept
                COPY tree/sub /new/deep/
                COPY link /followed
                RUN rm /kept/f && mkdir /kept/f
                MAINTAINER someone
                """,
                [("tree/f", "f"), ("tree/sub/g", "g"), ("tree/to", "->sub/g"), ("link", "->tree/f")]),
        };
}
