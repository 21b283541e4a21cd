using Npgsql;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Testing.Processes;
using Portal.Testing.Up;

namespace Portal.E2E.Tests.Up;

/// <summary>
/// What <c>./portal up</c> promises, on the real thing. Starting one takes as long as some of the tests: those that leave it running
/// share one, with containers under names of their own.
/// </summary>
public sealed class UpTests(RunningPortal running) : IClassFixture<RunningPortal>
{
    private static readonly TimeSpan s_secondStart = TestSettings.Within(TimeSpan.FromSeconds(15));

    [Fact]
    public async Task Up_FirstStart_PrintsOneReadyLineWithAllThatIsNeeded()
    {
        await using var portal = await PortalUp.StartNewAsync(new Dictionary<string, string>());

        Assert.Single(portal.Output, line => line.StartsWith("ready:", StringComparison.Ordinal));
        Assert.StartsWith($"ready: {portal.Url} ", portal.ReadyLine, StringComparison.Ordinal);
        Assert.Contains("admin", portal.ReadyLine, StringComparison.Ordinal);
        Assert.Matches(@"password: \S{16,}", portal.ReadyLine);
        Assert.Contains($"DOCKER_HOST=unix://{portal.Run}/docker.sock", portal.ReadyLine, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(portal.Run, "admin-password")));

        Assert.Equal(0, await portal.StopAsync("INT"));
        await portal.StartAsync();

        Assert.DoesNotContain("password:", portal.ReadyLine, StringComparison.Ordinal);

        // A busy machine may spoil one start; a product that is slow is slow each time.
        var fastest = portal.StartTime;
        for (var attempt = 0; attempt < 3 && fastest > s_secondStart; attempt++)
        {
            await portal.StopAsync();
            await portal.StartAsync();
            fastest = portal.StartTime < fastest ? portal.StartTime : fastest;
        }

        Assert.True(fastest < s_secondStart, $"With everything built a start took {fastest}.");
    }

    [Fact]
    public async Task Up_StoppedAndStartedAgain_FindsContainersRunning()
    {
        var portal = running.Portal;
        var id = await portal.DockerAsync("run", "-d", "--name", "stopped-over", "busybox", "sleep", "1000");
        var pid = await portal.DockerAsync("inspect", "-f", "{{.State.Pid}}", id);

        Assert.Equal(0, await portal.StopAsync());

        Assert.True(Directory.Exists($"/proc/{pid}"));
        await portal.StartAsync();
        Assert.Equal($"true {pid}", await portal.DockerAsync("inspect", "-f", "{{.State.Running}} {{.State.Pid}}", "stopped-over"));
    }

    [Fact]
    public async Task Up_EachPartKilled_IsStartedAgainWhileContainersRunOn()
    {
        var portal = running.Portal;
        await portal.DockerAsync("run", "-d", "--name", "steady", "busybox", "sleep", "1000");
        var pid = await portal.DockerAsync("inspect", "-f", "{{.State.Pid}}", "steady");

        foreach (var part in new[] { "Portal.Agent.dll", "Portal.Web.dll", "postgres" })
        {
            var victim = portal.FindPart(part);
            Assert.NotEqual(0, victim);
            await Tool.RunAsync("kill", "-s", "KILL", $"{victim}");

            await PortalUp.WaitUntilAsync(
                async () => portal.FindPart(part) is var found && found != 0 && found != victim && await IsReadyAsync(portal),
                TimeSpan.FromSeconds(30),
                $"{part} runs again and the portal is ready. It printed:\n{string.Join('\n', portal.Output)}");
        }

        Assert.Contains(portal.Output, line => line.Contains("agent died", StringComparison.Ordinal));
        Assert.Contains(portal.Output, line => line.Contains("portal died", StringComparison.Ordinal));
        Assert.Contains(portal.Output, line => line.Contains("postgres died", StringComparison.Ordinal));
        Assert.Equal($"true {pid}", await portal.DockerAsync("inspect", "-f", "{{.State.Running}} {{.State.Pid}}", "steady"));
    }

    [Fact]
    public async Task Up_KilledOutright_StartsAgainAtOnceAndFindsContainersRunning()
    {
        var portal = running.Portal;
        await portal.DockerAsync("run", "-d", "--name", "killed-over", "busybox", "sleep", "1000");
        var pid = await portal.DockerAsync("inspect", "-f", "{{.State.Pid}}", "killed-over");

        await portal.KillAsync();
        await portal.StartAsync();

        Assert.Equal($"true {pid}", await portal.DockerAsync("inspect", "-f", "{{.State.Running}} {{.State.Pid}}", "killed-over"));
    }

    [Fact]
    public async Task Up_TwoInstances_RunSideBySideWithoutMeeting()
    {
        var one = running.Portal;
        await using var other = await RunningPortal.StartWithBusyboxAsync();

        await one.DockerAsync("run", "-d", "--name", "same", "busybox", "sleep", "1000");
        await other.DockerAsync("run", "-d", "--name", "same", "busybox", "sleep", "1000");

        Assert.Single((await one.DockerAsync("ps", "-q", "-f", "name=^same$")).Split('\n'));
        Assert.Single((await other.DockerAsync("ps", "-q")).Split('\n'));
        await one.DockerAsync("rm", "-f", "same");
        Assert.Equal("true", await other.DockerAsync("inspect", "-f", "{{.State.Running}}", "same"));
    }

    [Fact]
    public async Task Up_DatabaseGiven_UsesItAndMakesNone()
    {
        var cluster = await PostgresCluster.SharedAsync;
        var database = await cluster.CreateDatabaseAsync();
        await using (var portal = await PortalUp.StartNewAsync(new Dictionary<string, string>
        {
            ["PORTAL_ADMIN_PASSWORD"] = PortalUp.AdminPassword,
            ["PORTAL_DB"] = database,
        }))
        {
            Assert.False(Directory.Exists(Path.Combine(portal.Data, "postgres")));
            Assert.Equal(0, portal.FindPart("postgres -D"));
            await using var connection = new NpgsqlConnection(database);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("SELECT count(*) FROM nodes", connection);
            Assert.Equal(1L, await command.ExecuteScalarAsync());
        }

        await cluster.DropDatabaseAsync(database);
    }

    [Theory]
    [InlineData("PORTAL_HTTP", "8080", "PORTAL_HTTP must be ADDRESS:PORT")]
    [InlineData("PORTAL_DATA", "relative/path", "must be absolute paths")]
    public async Task Up_BadSetting_SaysWhichAndHow(string name, string value, string expected)
    {
        var result = await Tool.TryRunAsync("env", $"{name}={value}", PortalUp.Script, "up");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    private static async Task<bool> IsReadyAsync(PortalUp portal)
    {
        using var client = new HttpClient { Timeout = TestSettings.Within(TimeSpan.FromSeconds(5)) };
        try
        {
            using var answer = await client.GetAsync($"{portal.Url}/readyz");
            return answer.IsSuccessStatusCode && (await portal.TryDockerAsync("version")).ExitCode == 0;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
