namespace Portal.Peers.Tests;

/// <summary>What dockerd's classic builder does not know, and podman's does.</summary>
internal static class PodmanBuilds
{
    public static IReadOnlyDictionary<string, BuildCase> Cases { get; } =
        new Dictionary<string, BuildCase>
        {
            ["mounts"] = new(
                """
                FROM busybox AS tools
                RUN mkdir /tools && echo tool > /tools/tool
                FROM busybox
                WORKDIR /src
                RUN --mount=type=bind,source=src,target=/src cat a > /a && ls -a /src > /listed
                RUN --mount=type=bind,from=tools,source=/tools,target=/t cp /t/tool /tool
                RUN --mount=type=cache,target=/cache,id=one echo once > /cache/kept && ls /cache > /cached
                RUN --mount=type=cache,target=/cache,id=one ls /cache > /cached-again
                RUN --mount=type=tmpfs,target=/scratch echo gone > /scratch/x && ls /scratch > /tmpfs
                """,
                [("src/a", "a\n"), ("src/b/c", "c\n")]),
            ["modes"] = new(
                """
                FROM busybox
                COPY --chmod=750 script /usr/local/bin/
                COPY --chmod=0755 --chown=3:4 tree /tree
                ADD --chmod=600 script /secret
                """,
                [("script", "#!/bin/sh\n"), ("tree/a", "a"), ("tree/sub/b", "b")]),
            ["platform"] = new(
                """
                ARG BASE=busybox
                FROM --platform=linux/amd64 ${BASE} AS build
                ARG TARGETOS
                ARG TARGETARCH
                RUN echo "$TARGETOS/$TARGETARCH" > /platform
                FROM ${BASE}
                COPY --from=build /platform /
                COPY --from=busybox /etc/passwd /etc/other
                """,
                []),
        };
}
