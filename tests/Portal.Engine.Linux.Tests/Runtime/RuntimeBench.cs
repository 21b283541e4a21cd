using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Cgroups;
using Portal.Engine.Linux.Runtime;
using Portal.Engine.Runtime;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Runtime;

/// <summary>A real runtime with its own name and folders, and a busybox root for its containers. Disposing ends all of them.</summary>
public sealed class RuntimeBench : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TestSettings.Within(TimeSpan.FromSeconds(30));

    private readonly TestInstance _instance = new();
    private readonly List<ServiceProvider> _providers = [];

    public RuntimeBench()
    {
        Root = Path.Combine(_instance.DataRoot, "rootfs");
        Services = NewServices();
        Runtime = Services.GetRequiredService<IContainerRuntime>();
    }

    public string Root { get; }

    public string Name => _instance.Name;

    public string RunRoot => _instance.RunRoot;

    public ServiceProvider Services { get; }

    public IContainerRuntime Runtime { get; }

    public static async Task<RuntimeBench> CreateAsync()
    {
        var bench = new RuntimeBench();
        await Disposal.UnlessBegunAsync(bench.MakeRootAsync, () => bench.DisposeAsync().AsTask());
        return bench;
    }

    public static string NewId() => RandomNumberGenerator.GetHexString(64, lowercase: true);

    /// <summary>A second runtime over the same folders, as the next engine after a crash would be.</summary>
    public IContainerRuntime NewRuntime() => NewServices().GetRequiredService<IContainerRuntime>();

    public string LogPath(string id) => Path.Combine(_instance.DataRoot, $"{id}.log");

    public RuntimeContainer Describe(params string[] arguments)
    {
        var id = NewId();
        return new RuntimeContainer
        {
            Id = id,
            RootPath = Root,
            LogPath = LogPath(id),
            Hostname = "test",
            Process = new RuntimeProcess { Arguments = arguments, Environment = ["PATH=/bin"] },
        };
    }

    public RuntimeContainer DescribeShell(string script) => Describe("sh", "-c", script);

    public async Task<string> StartAsync(RuntimeContainer container)
    {
        await Runtime.CreateAsync(container);
        await Runtime.StartAsync(container.Id);
        return container.Id;
    }

    /// <summary>Runs a container to its end.</summary>
    public async Task<(ProcessExit Exit, string Output)> RunAsync(RuntimeContainer container)
    {
        await StartAsync(container);
        var exit = await WaitAsync(container.Id);
        return (exit, ReadLog(container.Id));
    }

    public async Task<ProcessExit> WaitAsync(string id, string? execId = null, IContainerRuntime? runtime = null)
    {
        using var deadline = new CancellationTokenSource(Patience);
        await foreach (var exit in (runtime ?? Runtime).WatchExitsAsync(deadline.Token))
        {
            if (exit.ContainerId == id && exit.ExecId == execId)
            {
                return exit;
            }
        }

        throw new InvalidOperationException("The watch ended by itself.");
    }

    /// <summary>What the container wrote, without the log's own marks.</summary>
    public string ReadLog(string id) => ParseLog(File.ReadAllText(LogPath(id)));

    public static string ParseLog(string text)
    {
        // time stream P|F content
        var output = new StringBuilder();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split(' ', 4);
            output.Append(fields[3]).Append(fields[2] == "F" ? "\n" : "");
        }

        return output.ToString();
    }

    public RuntimeExec DescribeExec(string id, params string[] arguments) => new()
    {
        ContainerId = id,
        ExecId = NewId(),
        Process = new RuntimeProcess { Arguments = arguments, Environment = ["PATH=/bin"] },
    };

    /// <summary>Runs an exec to its end.</summary>
    public async Task<(int ExitCode, string Output, string Error)> ExecAsync(RuntimeExec exec)
    {
        var process = await Runtime.ExecAsync(exec);
        await using var streams = process.Streams!;
        var (output, error) = await ReadAllAsync(streams);
        return ((await WaitAsync(exec.ContainerId, exec.ExecId)).ExitCode, output, error);
    }

    public static async Task<(string Output, string Error)> ReadAllAsync(IProcessStreams streams)
    {
        var output = new MemoryStream();
        var error = new MemoryStream();
        using var deadline = new CancellationTokenSource(Patience);
        while (await streams.ReadAsync(deadline.Token) is { } chunk)
        {
            (chunk.Source == OutputSource.Stdout ? output : error).Write(chunk.Data.Span);
        }

        return (Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }

    /// <summary>Reads until the output holds a text.</summary>
    public static async Task<string> ReadUntilAsync(IProcessStreams streams, string text)
    {
        var output = "";
        using var deadline = new CancellationTokenSource(Patience);
        while (!output.Contains(text, StringComparison.Ordinal))
        {
            var chunk = await streams.ReadAsync(deadline.Token)
                ?? throw new InvalidOperationException($"The output ended before '{text}': {output}");
            output += Encoding.UTF8.GetString(chunk.Data.Span);
        }

        return output;
    }

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"Waited in vain until {what}.");
            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Runtime.CollectAsync(new HashSet<string>());
        }
        finally
        {
            await Disposal.AllAsync([.. _providers, _instance]);
        }
    }

    private async Task MakeRootAsync()
    {
        foreach (var folder in new[] { "bin", "dev", "etc", "proc", "sys", "tmp", "root" })
        {
            Directory.CreateDirectory(Path.Combine(Root, folder));
        }

        // By a program, since a child that another test spawns meanwhile would inherit our open file for a moment, and a program that
        // someone has open for writing can't be run (ETXTBSY).
        await Tool.RunAsync("cp", "/bin/busybox", Path.Combine(Root, "bin/busybox"));
        await Tool.RunAsync("/usr/sbin/chroot", Root, "/bin/busybox", "--install", "-s", "/bin");
        await File.WriteAllTextAsync(
            Path.Combine(Root, "etc/passwd"), "root:x:0:0::/root:/bin/sh\nann:x:1000:1001::/home/ann:/bin/sh\n");
        await File.WriteAllTextAsync(Path.Combine(Root, "etc/group"), "root:x:0:\nann:x:1001:\naudio:x:29:ann,bob\n");
    }

    private ServiceProvider NewServices()
    {
        var services = new ServiceCollection();
        services.AddSingleton(new EngineOptions
        {
            Name = _instance.Name,
            DataRoot = _instance.DataRoot,
            RunRoot = _instance.RunRoot,
            Runtime = TestSettings.Runtime,
        });
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddLinuxRuntime();
        var provider = services.BuildServiceProvider();
        _providers.Add(provider);
        return provider;
    }
}
