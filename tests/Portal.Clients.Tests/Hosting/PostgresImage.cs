using Portal.Testing.Processes;

namespace Portal.Clients.Tests.Hosting;

/// <summary>An image of this host's PostgreSQL: its programs, the libraries they need, and busybox for the rest.</summary>
internal static class PostgresImage
{
    private const string Entry = """
        #!/bin/sh
        set -e
        initdb --pgdata /data/main --username postgres --auth trust --locale C >/dev/null
        exec postgres -D /data/main -c listen_addresses='*' -c unix_socket_directories=/tmp

        """;

    /// <summary>Makes the image under a name.</summary>
    public static async Task BuildAsync(AgentProcess agent, string name)
    {
        var root = Directory.CreateDirectory(Path.Combine(agent.Folder, "postgres")).FullName;
        var programs = Directory.GetDirectories("/usr/lib/postgresql").Order().Last();
        var files = new[] { "initdb", "postgres", "psql", "pg_isready" }.Select(file => Path.Combine(programs, "bin", file)).ToList();
        var modules = new[] { "plpgsql.so", "dict_snowball.so" }.Select(file => Path.Combine(programs, "lib", file)).ToList();
        var libraries = await FindLibrariesAsync([.. files, .. modules]);
        var share = programs.Replace("/usr/lib/", "/usr/share/", StringComparison.Ordinal);
        var copy = Path.Combine(agent.Folder, "postgres.tar");
        await Tool.RunAsync("tar", ["--create", "--file", copy, "--dereference", "--absolute-names",
            .. files, .. modules, .. libraries, share, "/usr/share/zoneinfo"]);
        await Tool.RunAsync("tar", "--extract", "--file", copy, "--directory", root);
        Directory.CreateDirectory(Path.Combine(root, "bin"));
        File.Copy("/bin/busybox", Path.Combine(root, "bin", "busybox"));
        File.CreateSymbolicLink(Path.Combine(root, "bin", "sh"), "busybox");
        Directory.CreateDirectory(Path.Combine(root, "etc"));
        await File.WriteAllTextAsync(Path.Combine(root, "etc", "passwd"), "root:x:0:0::/:/bin/sh\npostgres:x:999:999::/data:/bin/sh\n");
        await File.WriteAllTextAsync(Path.Combine(root, "entry.sh"), Entry);
        await File.WriteAllTextAsync(Path.Combine(root, "Dockerfile"), $"""
            FROM scratch
            COPY . /
            RUN ["/bin/busybox", "mkdir", "-m", "1777", "-p", "/tmp", "/data"]
            USER 999:999
            ENV PATH={programs}/bin:/bin
            EXPOSE 5432
            ENTRYPOINT ["sh", "/entry.sh"]
            """);
        await agent.RunAsync(new Client("docker", ["build", "--tag", name, root]) { Environment = [("DOCKER_BUILDKIT", "0")] });
    }

    private static async Task<IEnumerable<string>> FindLibrariesAsync(string[] programs)
    {
        var lines = (await Tool.RunAsync("ldd", programs)).Split('\n');
        return lines
            .SelectMany(line => line.Split(' ', '\t'))
            .Where(word => word.StartsWith('/') && word.Contains(".so", StringComparison.Ordinal) && !word.EndsWith(':'))
            .Distinct();
    }
}
