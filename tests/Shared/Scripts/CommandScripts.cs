using System.Diagnostics;
using Portal.Testing.Processes;

namespace Portal.Testing.Scripts;

/// <summary>The scripts of the docker CLI's commands, which stand beside the test binaries, and their runs against an engine.</summary>
/// <param name="engine"><c>portal</c> or <c>docker</c>, as the scripts call it.</param>
/// <param name="socket">Its socket.</param>
/// <param name="launcher">A program and arguments that run another program where the engine's networks are; empty for here.</param>
public sealed class CommandScripts(string engine, string socket, IReadOnlyList<string> launcher)
{
    // What takes everything away again that a script may have left, but for the image it began with.
    private const string Sweep = """
        c=$(docker ps --all --quiet) && [ -z "$c" ] || docker rm --force --volumes $c
        docker network prune --force
        v=$(docker volume ls --quiet) && [ -z "$v" ] || docker volume rm --force $v
        i=$(docker images --format '{{.Repository}}:{{.Tag}}' | grep -v -e '^busybox:latest$' -e '<none>') && docker rmi --force $i
        docker image prune --force
        """;

    private static readonly TimeSpan s_deadline = TestSettings.Within(TimeSpan.FromMinutes(5));

    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "cli");

    /// <summary>The names of all scripts.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Folder, "*.cli").Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];

    /// <summary>Runs a script.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="environment">Variables besides those that every script has.</param>
    /// <returns>What differs; empty when nothing does.</returns>
    public async Task<string> RunAsync(string name, IReadOnlyDictionary<string, string>? environment = null)
    {
        var script = CommandScript.Parse(name, await File.ReadAllLinesAsync(Path.Combine(Folder, $"{name}.cli")));
        var prelude = await File.ReadAllTextAsync(Path.Combine(Folder, "prelude.sh"));
        var home = Directory.CreateTempSubdirectory("portal-cli-");
        try
        {
            var work = home.CreateSubdirectory("work");
            var file = Path.Combine(home.FullName, "script.sh");
            await File.WriteAllTextAsync(file, $"exec 2>&1\n{script.ToProgram(prelude, engine)}");
            var result = await RunBashAsync(file, work.FullName, home.FullName, environment ?? new Dictionary<string, string>());
            return script.Compare(result.Output, engine);
        }
        finally
        {
            await File.WriteAllTextAsync(Path.Combine(home.FullName, "sweep.sh"), Sweep);
            await RunBashAsync(Path.Combine(home.FullName, "sweep.sh"), home.FullName, home.FullName, new Dictionary<string, string>());
            home.Delete(recursive: true);
        }
    }

    private async Task<ToolResult> RunBashAsync(string file, string folder, string home, IReadOnlyDictionary<string, string> environment)
    {
        string[] words = [.. launcher, "bash", file];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["DOCKER_HOST"] = $"unix://{socket}",
                ["DOCKER_CONFIG"] = Path.Combine(home, ".docker"),
                ["HOME"] = home,
                ["DOCKER_BUILDKIT"] = "0",
                ["LC_ALL"] = "C.UTF-8",
                ["PATIENCE"] = $"{(int)TestSettings.Within(TimeSpan.FromMinutes(1)).TotalSeconds}",
            },
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(s_deadline);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return new ToolResult(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
