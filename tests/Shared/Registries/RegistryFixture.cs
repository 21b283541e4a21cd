using System.Diagnostics;
using System.Text.RegularExpressions;
using Portal.Testing.Images;

namespace Portal.Testing.Registries;

/// <summary>
/// Debian's <c>docker-registry</c> on a free loopback port, with plain HTTP or TLS, storage of its own and deletion allowed.
/// </summary>
public sealed partial class RegistryFixture : IAsyncDisposable
{
    private static readonly TimeSpan s_startDeadline = TestSettings.Within(TimeSpan.FromSeconds(30));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-registry-");
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _log = [];
    private readonly Process _process;

    private RegistryFixture(string extraConfiguration, string tls)
    {
        // The kernel chooses the port and the registry logs it: nothing to race for with suites that run beside this one.
        var configuration = Path.Combine(_folder.FullName, "config.yml");
        File.WriteAllText(
            configuration,
            $$"""
            version: 0.1
            log: { level: info, accesslog: { disabled: false } }
            storage:
              filesystem: { rootdirectory: {{StorageFolder}} }
              delete: { enabled: true }
            http: { addr: "127.0.0.1:0"{{tls}} }
            {{extraConfiguration}}
            """);
        var start = new ProcessStartInfo("docker-registry", ["serve", configuration])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
    }

    /// <summary><c>127.0.0.1:PORT</c>: the first part of a reference.</summary>
    public string Host { get; private set; } = "";

    /// <summary>Where the registry keeps its blobs, for tests that spoil them.</summary>
    public string StorageFolder => Path.Combine(_folder.FullName, "storage");

    /// <summary>Everything that the registry wrote so far, its access log included.</summary>
    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_log)
            {
                return [.. _log];
            }
        }
    }

    /// <summary>Starts a registry.</summary>
    /// <param name="extraConfiguration">Further YAML at the top level of its configuration, such as <c>auth:</c>.</param>
    /// <param name="tls">The keys of <c>http.tls</c>, such as <c>certificate: a.crt, key: a.key</c>; empty for plain HTTP.</param>
    public static async Task<RegistryFixture> StartAsync(string extraConfiguration = "", string tls = "")
    {
        var registry = new RegistryFixture(extraConfiguration, tls.Length == 0 ? "" : $", tls: {{ {tls} }}");
        try
        {
            registry._process.Start();
            registry._process.BeginOutputReadLine();
            registry._process.BeginErrorReadLine();
            registry.Host = $"127.0.0.1:{await registry._port.Task.WaitAsync(s_startDeadline)}";
            return registry;
        }
        catch (Exception failure)
        {
            var log = string.Join('\n', registry.Log);
            await registry.DisposeAsync();
            throw new InvalidOperationException($"docker-registry did not start: {log}", failure);
        }
    }

    /// <summary>Pushes an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="nameAndTag">Such as <c>team/app:1</c>, without the host.</param>
    /// <param name="skopeoOptions">Such as <c>--format v2s2</c> or <c>--dest-compress-format zstd</c>.</param>
    /// <returns>The reference to pull it by.</returns>
    public async Task<string> PushAsync(TestImageBuilder image, string nameAndTag, params string[] skopeoOptions)
    {
        var reference = $"{Host}/{nameAndTag}";
        await Skopeo.ExportAsync(image, $"docker://{reference}", skopeoOptions);
        return reference;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        catch (InvalidOperationException)
        {
            // It never started: nothing to end.
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            _port.TrySetException(new InvalidOperationException("docker-registry ended."));
            return;
        }

        lock (_log)
        {
            _log.Add(line);
        }

        if (ListeningLine().Match(line) is { Success: true } match)
        {
            _port.TrySetResult(int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    [GeneratedRegex(@"listening on 127\.0\.0\.1:(\d+)")]
    private static partial Regex ListeningLine();
}
