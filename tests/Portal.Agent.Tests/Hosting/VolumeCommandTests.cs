using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Agent.Hosting;
using Portal.Agent.Tests.Survival;
using Portal.Testing.Agents;

namespace Portal.Agent.Tests.Hosting;

/// <summary><c>agent volume ...</c> against an agent that really runs, beside another process.</summary>
public sealed class VolumeCommandTests : IAsyncLifetime
{
    private readonly RealAgent _agent = Agents.New();

    public Task InitializeAsync() => _agent.StartWithBusyboxAsync();

    public async Task DisposeAsync() => await _agent.DisposeAsync();

    [Fact]
    public async Task BackupAndRestore_File_IsWholeAndTakesTheWord()
    {
        var file = _agent.Instance.TempPath("data.tar.zst");
        await FillAsync("data", "archived");

        var backup = await InvokeAsync("backup", "data", file, "--pause");
        var again = await InvokeAsync("backup", "data", file);
        var forced = await InvokeAsync("backup", "data", file, "--force");

        var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file)));
        Assert.Equal((0, $"{hash}  {file}\n"), (backup.Code, backup.Output));
        Assert.Contains("Backed up volume data: ", backup.Error);
        Assert.Equal(1, again.Code);
        Assert.Contains("--force", again.Error);
        Assert.Equal(0, forced.Code);
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!, "data*"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        var taken = await InvokeAsync("restore", "data", file);
        var other = await InvokeAsync("restore", "data", file, "--replace", "--digest", "sha256:" + new string('0', 64));
        var made = await InvokeAsync("restore", "copy", file, "--digest", "sha256:" + hash);
        await FillAsync("data", "newer");
        var replaced = await InvokeAsync("restore", "data", file, "--replace", "--stop");

        Assert.Equal(1, taken.Code);
        Assert.Contains("not empty", taken.Error);
        Assert.Equal(1, other.Code);
        Assert.Contains(hash, other.Error);
        Assert.Equal((0, "Made and restored volume copy: 2 entries, 9 B.\n"), (made.Code, made.Output));
        Assert.Equal((0, "Restored volume data: 2 entries, 9 B.\n"), (replaced.Code, replaced.Output));
        Assert.Equal("archived\n", await ReadAsync("copy"));
        Assert.Equal("archived\n", await ReadAsync("data"));
    }

    [Fact]
    public async Task ListAndInspect_Volumes_AreShownAsDockerHasThem()
    {
        await FillAsync("data", "archived");

        var list = await InvokeAsync("ls");
        var names = await InvokeAsync("ls", "-q");
        var shown = await InvokeAsync("inspect", "data");
        var unknown = await InvokeAsync("inspect", "nothing");
        var backup = await InvokeAsync("backup", "nothing", _agent.Instance.TempPath("nothing"));

        Assert.Matches(@"^VOLUME NAME +SIZE +CONTAINERS +OPTIONS\ndata +[0-9.]+ k?B +0\n$", list.Output);
        Assert.Equal("data\n", names.Output);
        Assert.Equal("data", (string)JsonNode.Parse(shown.Output)![0]!["Name"]!);
        Assert.Equal(1, unknown.Code);
        Assert.Contains("no such volume", unknown.Error);
        Assert.Equal(1, backup.Code);
        Assert.False(File.Exists(_agent.Instance.TempPath("nothing")));
        await _agent.StopAsync();
        var alone = await InvokeAsync("ls");
        Assert.Equal(1, alone.Code);
        Assert.Contains("does not answer", alone.Error);
    }

    private async Task FillAsync(string volume, string word)
    {
        var folder = (string)(await _agent.Docker.PostAsync("volumes/create", new JsonObject { ["Name"] = volume }))!["Mountpoint"]!;
        await File.WriteAllTextAsync(Path.Combine(folder, "f"), word + "\n");
    }

    private async Task<string> ReadAsync(string volume)
    {
        var folder = (string)(await _agent.Docker.GetAsync($"volumes/{volume}"))["Mountpoint"]!;
        return await File.ReadAllTextAsync(Path.Combine(folder, "f"));
    }

    private async Task<(int Code, string Output, string Error)> InvokeAsync(params string[] arguments)
    {
        using var output = new StringWriter(new StringBuilder());
        using var error = new StringWriter(new StringBuilder());
        var code = await new AgentCommandLine(output, error).InvokeAsync(
            ["volume", .. arguments, "--data", _agent.Instance.DataRoot, "--run", _agent.Instance.RunRoot]);
        return (code, output.ToString(), error.ToString());
    }
}
