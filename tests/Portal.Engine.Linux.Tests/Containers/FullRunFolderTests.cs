using System.Text;
using Portal.Engine.Containers;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Containers;

/// <summary>An exec whose output is kept, where the file system of the run folder is full.</summary>
public sealed class FullRunFolderTests : IAsyncLifetime
{
    private KernelEngine _engine = null!;
    private string _folder = "";

    public async Task InitializeAsync()
    {
        var instance = new TestInstance();
        _folder = instance.RunRoot;
        Directory.CreateDirectory(_folder);
        await Tool.RunAsync("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", _folder);
        _engine = await KernelEngine.StartAsync(instance);
    }

    public async Task DisposeAsync()
    {
        await Tool.RunAsync("rm", "-f", Path.Combine(_folder, "filler"));
        await _engine.EndAsync();
        await Tool.TryRunAsync("umount", "-l", _folder);
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Output_FolderIsFull_ShellStaysUsable()
    {
        var container = await _engine.RunAsync("sleep 1000");
        var id = await _engine.Execs.CreateAsync(
            container, new ExecSpec { Command = ["sh"], Tty = true, OpenStdin = true, KeepOutput = true, Environment = ["PS1=$ "] });
        var streams = (await _engine.Execs.StartAsync(id))!;
        await ReadUntilAsync("$ ");
        await Tool.TryRunAsync("dd", "if=/dev/zero", $"of={Path.Combine(_folder, "filler")}", "bs=64k");

        await streams.WriteAsync("seq 1 20000; echo en''d\n"u8.ToArray());
        await ReadUntilAsync("end");
        await streams.WriteAsync("echo al''ive\n"u8.ToArray());
        await ReadUntilAsync("alive");
        await _engine.Containers.RemoveAsync(container, force: true);

        async Task ReadUntilAsync(string text)
        {
            using var patience = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(20)));
            var shown = "";
            while (!shown.Contains(text, StringComparison.Ordinal))
            {
                shown += Encoding.UTF8.GetString((await streams.ReadAsync(patience.Token))!.Value.Data.Span);
            }
        }
    }
}
