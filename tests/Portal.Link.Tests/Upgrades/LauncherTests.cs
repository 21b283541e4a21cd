using Portal.Agent.Upgrades;
using Portal.Link.Tests.Environment;
using Portal.Testing;

namespace Portal.Link.Tests.Upgrades;

/// <summary>The launcher alone, with stand-ins for agents, which write down that they ran.</summary>
[Trait("Area", "upgrades")]
public sealed class LauncherTests : IAsyncLifetime
{
    private const string Old = "1.0.0+old";
    private static readonly string s_new = new('a', 64);
    private static readonly string s_other = new('b', 64);
    private readonly TestInstance _instance = new();
    private InstalledAgent _agent = null!;

    public Task InitializeAsync()
    {
        _agent = new InstalledAgent(_instance, Stays("installed"));
        Directory.CreateDirectory(_agent.Versions);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await Disposal.AllAsync(_agent, _instance);

    [Fact]
    public async Task Start_NoVersions_RunsTheInstalledOneAndPassesSignalsAndStatusOn()
    {
        _agent.Start();
        await AwaitRunsAsync("installed");
        Assert.Equal(7, await _agent.StopAsync());
        Assert.Equal($"{_agent.Versions} base {Old} {Old}", Tell("installed.environment"));
    }

    [Theory]
    [InlineData("current", Old, "new")]
    [InlineData("previous", Old, "new")]
    [InlineData("current", "0.9.0+replaced", "installed")]
    public async Task Start_WithVersions_RunsThatOfTheInstalledAgent(string record, string installedThen, string runs)
    {
        Lay(s_new, "new", installedThen);
        Write(record, s_new);
        _agent.Start();
        await AwaitRunsAsync(runs);
    }

    [Theory]
    [InlineData("name=../../../tmp")]
    [InlineData("name=$(touch ran)")]
    [InlineData("")]
    public async Task Start_RecordThatIsNone_RunsTheInstalledOne(string text)
    {
        await File.WriteAllTextAsync(Path.Combine(_agent.Versions, "current"), text);
        await File.WriteAllTextAsync(Path.Combine(_agent.Versions, "trial"), text);
        _agent.Start();
        await AwaitRunsAsync("installed");
        Assert.Equal("", _agent.Read("trial"));
    }

    [Fact]
    public async Task Trial_EndsAgainAndAgain_TheOneBeforeRunsAndTheRecordSaysWhy()
    {
        Lay(s_other, "before", Old);
        Write("current", s_other);
        Lay(s_new, "new", Old, "exit 9");
        Write("trial", s_new);
        _agent.Start();
        await AwaitRunsAsync("before");
        Assert.Equal("new\nnew\nnew\nbefore", Tell("ran"));
        Assert.Contains(
            "reason=It ended 3 times before it had linked to the portal, last with exit status 9.",
            _agent.Read("failed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trial_HangsDeafToSignals_IsKilledWhenItsTimeIsOver()
    {
        _agent.Environment["PORTAL_UPGRADE_SECONDS"] = "2";
        Lay(s_new, "new", Old, "trap '' TERM; while :; do sleep 0.1; done");
        Write("trial", s_new);
        _agent.Start();
        await AwaitRunsAsync("installed");
        Assert.Contains(
            "reason=It ran, but had not linked to the portal within 2 seconds.", _agent.Read("failed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trial_IsKept_RunsOnPastItsTime()
    {
        _agent.Environment["PORTAL_UPGRADE_SECONDS"] = "2";
        Lay(s_new, "new", Old, $"mv {_agent.Versions}/trial {_agent.Versions}/current; {Stays("kept")}");
        Write("trial", s_new);
        _agent.Start();
        await AwaitRunsAsync("kept");

        // Its watcher sees that it is kept, and ends.
        await Soon.TrueAsync(() => Watchers().Length == 0, "nothing watches it any more");
        Assert.True(_agent.IsRunning);
        Assert.Equal("new\nkept", Tell("ran"));
        Assert.Equal(7, await _agent.StopAsync());
    }

    [Fact]
    public async Task Trial_StartsCannotBeRecorded_IsNotBegun()
    {
        Lay(s_new, "new", Old);
        Write("trial", s_new);
        Directory.CreateDirectory(Path.Combine(_agent.Versions, "attempts"));
        _agent.Start();
        await AwaitRunsAsync("installed");
        Assert.Contains("is the disk full?", _agent.Read("failed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trial_UnderSystemd_TakesTheLaunchersPlaceAndIsEndedWhenItsTimeIsOver()
    {
        _agent.Environment["NOTIFY_SOCKET"] = "/nowhere";
        _agent.Environment["PORTAL_UPGRADE_SECONDS"] = "2";
        Lay(s_new, "new", Old, $"echo $$ >{_instance.TempPath("pid")}; exec sleep 1000");
        Write("trial", s_new);
        _agent.Start();
        await _agent.AwaitEndAsync();
        Assert.Equal($"{_agent.ProcessId}", Tell("pid"));

        // systemd starts it again.
        _agent.Start();
        await AwaitRunsAsync("installed");
        Assert.Contains("within 2 seconds", _agent.Read("failed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task End_ForAnotherVersion_IsStartedAtOnce()
    {
        InstalledAgent.WriteVersion(
            _agent.Folder, Old, $"mv {_agent.Versions}/next {_agent.Versions}/trial; exit {AgentUpgrade.StartAgain}");
        Lay(s_new, "new", Old);
        Write("next", s_new);
        _agent.Start();
        await AwaitRunsAsync("new");
    }

    private string Stays(string name) =>
        $"echo \"$PORTAL_AGENT_VERSIONS $PORTAL_AGENT_NAME $PORTAL_AGENT_BUILD $PORTAL_AGENT_BASE\" "
        + $">{_instance.TempPath(name)}.environment\n"
        + $"trap 'exit 7' TERM\n{Notes(name)}\nwhile :; do sleep 0.1; done";

    private string Notes(string name) => $"echo {name} >>{_instance.TempPath("ran")}";

    private void Lay(string folder, string name, string installed, string? program = null)
    {
        var path = Path.Combine(_agent.Versions, folder);
        InstalledAgent.WriteVersion(path, "2.0.0+new", program is null ? Stays(name) : $"{Notes(name)}\n{program}");
        File.WriteAllText(Path.Combine(path, "BASE"), installed + '\n');
    }

    private void Write(string record, string folder) => File.WriteAllText(
        Path.Combine(_agent.Versions, record), new VersionRecord(Guid.NewGuid(), folder, "2.0.0+new").ToText());

    private string Tell(string file) => File.Exists(_instance.TempPath(file)) ? File.ReadAllText(_instance.TempPath(file)).Trim() : "";

    private Task AwaitRunsAsync(string name) =>
        Soon.TrueAsync(() => Tell("ran").EndsWith(name, StringComparison.Ordinal), $"'{name}' runs", TimeSpan.FromSeconds(60));

    // Processes of the launcher besides itself.
    private string[] Watchers() =>
    [
        .. Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out var id)
            && id != _agent.ProcessId && CommandOf(folder).Contains(Path.Combine(_agent.Folder, "launch.sh"), StringComparison.Ordinal)),
    ];

    private static string CommandOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
