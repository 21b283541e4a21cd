using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Containers;
using Portal.Engine.Logs.Forwarding;
using Portal.Engine.Runtime;
using Portal.Testing;
using Portal.Testing.Engine;
using Portal.Testing.Processes;

namespace Portal.Engine.Tests.Logs.Forwarding;

/// <summary>A real systemd-journald, in a namespace of the test's own, read back with journalctl.</summary>
public sealed class JournaldTests : IAsyncLifetime, IDisposable
{
    private readonly string _namespace = $"portal{Guid.NewGuid():N}"[..20];
    private readonly Socket _client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private Process? _journal;
    private FakeEngine _engine = null!;

    private string Folder => $"/run/systemd/journal.{_namespace}";

    public async Task InitializeAsync()
    {
        _journal = Process.Start(new ProcessStartInfo("/lib/systemd/systemd-journald", [_namespace]))
            ?? throw new InvalidOperationException("systemd-journald did not start; it comes with Debian's package systemd");
        await Eventually.HoldsAsync(() => File.Exists($"{Folder}/socket") && Joins(), "systemd-journald opened its sockets");
        _engine = await FakeEngine.StartAsync(services => services.AddSingleton(new LogSinks { JournalPath = $"{Folder}/socket" }));
    }

    public async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        if (_journal is not null)
        {
            _journal.Kill();
            await _journal.WaitForExitAsync();
            _journal.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
        foreach (var parent in new[] { "/run/log/journal", "/var/log/journal" }.Where(Directory.Exists))
        {
            foreach (var made in Directory.GetDirectories(parent, $"*.{_namespace}"))
            {
                Directory.Delete(made, recursive: true);
            }
        }
    }

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Lines_WithTagLabelsAndVariables_AreReadBackByJournalctl()
    {
        var id = (await _engine.Containers.CreateAsync(new ContainerSpec
        {
            Image = "busybox",
            Name = "web",
            Labels = new Dictionary<string, string> { ["com.example/team"] = "core", ["other"] = "x" },
            Environment = ["MODE=test", "MORE=1", "SECRET=x"],
            LogDriver = "journald",
            LogOptions = new Dictionary<string, string>
            {
                ["tag"] = "{{.ImageName}}/{{.Name}}",
                ["labels"] = "com.example/team",
                ["env-regex"] = "^MO",
            },
        })).Id;
        await _engine.Containers.StartAsync(id);
        _engine.Runtime[id].WriteLine("one");
        _engine.Runtime[id].WriteLine("t\u00e9st \u20ac", OutputSource.Stderr);
        _engine.Runtime[id].WriteLine(new string('x', 20_000));

        List<JsonNode> entries = [];
        await Eventually.HoldsAsync(async () => (entries = await ReadAsync(id)).Count == 4);
        Assert.Equal(
            ["one", "t\u00e9st \u20ac", new string('x', 16 * 1024), new string('x', 20_000 - (16 * 1024))],
            entries.Select(entry => (string)entry["MESSAGE"]!));
        Assert.Equal(["6", "3", "6", "6"], entries.Select(entry => (string)entry["PRIORITY"]!));
        Assert.Equal("true", (string)entries[2]["CONTAINER_PARTIAL_MESSAGE"]!);
        var first = entries[0];
        Assert.Equal(
            (id[..12], "web", "busybox/web"),
            ((string)first["CONTAINER_ID"]!, (string)first["CONTAINER_NAME"]!, (string)first["CONTAINER_TAG"]!));
        Assert.Equal(("busybox/web", "busybox"), ((string)first["SYSLOG_IDENTIFIER"]!, (string)first["IMAGE_NAME"]!));
        Assert.Equal(("core", "test", "1"), ((string)first["COM_EXAMPLE_TEAM"]!, (string)first["MODE"]!, (string)first["MORE"]!));
        Assert.Null(first["OTHER"] ?? first["SECRET"]);
    }

    // One with a namespace ends where it has no client for half a minute, which a slow machine needs to write the first line.
    private bool Joins()
    {
        try
        {
            _client.Connect(new UnixDomainSocketEndPoint($"{Folder}/stdout"));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<List<JsonNode>> ReadAsync(string id)
    {
        var text = await Tool.RunAsync(
            "journalctl", $"--namespace={_namespace}", "--output=json", "--all", "--no-pager", "--quiet", $"CONTAINER_ID_FULL={id}");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }
}
