using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Entities.Overlays;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Features.Overlays;
using Portal.Web.Features.Overlays.Telling;
using Portal.Web.Nodes;
using Xunit.Abstractions;
using Stopwatch = System.Diagnostics.Stopwatch;

namespace Portal.Link.Tests;

/// <summary>
/// Ports at which every node answers, from a portal to real agents with real engines in namespaces on one switch: replaced, broken, cut off,
/// healed and killed, with somebody beside them who goes on asking.
/// </summary>
public sealed class IngressTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const int Port = 8080;
    private const int MostRounds = 5;

    // A machine on which this takes longer is too busy to say anything: engines wait for ten seconds, and a second for what is on its way.
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_answer = TimeSpan.FromMilliseconds(800);

    private readonly TestInstance _portalInstance = new();
    private readonly Switch _switch = new();
    private readonly List<OverlayHost> _hosts = [];
    private TestPortal _portal = null!;

    private IReadOnlyList<string> Addresses => [.. Enumerable.Range(0, _hosts.Count).Select(_switch.AddressOf)];

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public Task DisposeAsync() => Disposal.AllAsync([.. _hosts, _portal, _switch, _portalInstance]);

    private async Task BeginAsync()
    {
        await _switch.LayAsync();
        _portal = await TestPortal.StartAsync(
            postgres.ConnectionString, _portalInstance.DataRoot, AddTelling, $"{_switch.PortalAddress}:{FreePort.Find()}");
        for (var number = 0; number < 2; number++)
        {
            var host = new OverlayHost(_switch, number);
            _hosts.Add(host);
            await host.JoinAsync(_portal);
        }

        await MakeNetworkAsync();
        foreach (var host in _hosts)
        {
            await Soon.TrueAsync(
                () => _portal.PresenceOf(host.NodeId) == NodePresence.Online, "the node is online", TimeSpan.FromSeconds(60));
            await Soon.TrueAsync(
                () => host.HasNetworkAsync("mesh").GetAwaiter().GetResult(), "the node has the network", TimeSpan.FromSeconds(30));
            await host.LoadBusyboxAsync(_portal);
        }
    }

    [Fact]
    [Trait("Area", "overlay")]
    public async Task Port_OfEveryNode_AnswersThroughChangeAndCutAndKill()
    {
        // One replica, and both nodes answer.
        await RunAsync(0, "a0");
        await AnswersAsync(0, "a0");
        await AnswersAsync(1, "a0");
        await RunAsync(1, "a1");
        await AnswersAsync(0, "a0", "a1");
        await AnswersAsync(1, "a0", "a1");

        await ReplaceWithoutLossAsync();

        // Unhealthy, it takes none; healthy, it does again.
        var (first, second) = (await NameOfAsync(0), await NameOfAsync(1));
        await ExecAsync(0, first, "mv /www/index.html /www/away");
        await AnswersAsync(0, second);
        await AnswersAsync(1, second);
        await ExecAsync(0, first, "mv /www/away /www/index.html");
        await AnswersAsync(0, first, second);

        // An agent that is killed breaks nothing, nor does its next one.
        await _hosts[0].Agent.KillAsync();
        await AnswersAsync(0, first, second);
        _hosts[0].Agent.Start();
        await AnswersAsync(0, first, second);

        // A node that is cut off is led to no longer, and is again once it is back.
        await _switch.CutAsync(1);
        await AnswersAsync(0, first);
        await _switch.HealAsync(1);
        await AnswersAsync(0, first, second);
        await AnswersAsync(1, first, second);

        // With the network the port goes.
        await Task.WhenAll(
            _hosts[0].Agent.DockerAsync("rm", "--force", first), _hosts[1].Agent.DockerAsync("rm", "--force", second));
        await RemoveNetworksAsync();
        await Soon.TrueAsync(() => _hosts.All(host => !host.HasNetworkAsync("mesh").GetAwaiter().GetResult()), "no node has it");
        Assert.Null(await HttpLoad.GetAsync(Addresses[0], Port));
    }

    private static void AddTelling(IServiceCollection services)
    {
        services.AddSingleton<OverlaySignal>();
        services.AddSingleton<OverlayTeller>();
        services.AddHostedService<OverlayWorker>();
    }

    /// <summary>One replica after the other, as a deployment does: stopped, then the next one, and on once that is healthy.</summary>
    private async Task ReplaceWithoutLossAsync()
    {
        for (var round = 1; round <= MostRounds; round++)
        {
            await using var load = new HttpLoad(Addresses, Port);
            var slowest = TimeSpan.Zero;
            for (var number = 0; number < 2; number++)
            {
                var (old, next) = (await NameOfAsync(number), $"r{round}n{number}");
                var begun = Stopwatch.GetTimestamp();
                await _hosts[number].Agent.DockerAsync("stop", "--time", "1", old);
                var took = Stopwatch.GetElapsedTime(begun);
                slowest = took > slowest ? took : slowest;
                await _hosts[number].Agent.DockerAsync("rm", old);
                await RunAsync(number, next);
            }

            await Soon.TrueAsync(
                () => load.Answers.ContainsKey($"r{round}n0") && load.Answers.ContainsKey($"r{round}n1"), "both new ones answer",
                TimeSpan.FromSeconds(60));
            output.WriteLine(
                $"Round {round}: {load.Answers.Values.Sum()} answered, {load.Lost.Count} not; a stop took {slowest.TotalMilliseconds:F0} ms at most, "
                + $"an answer {load.Slowest.TotalMilliseconds:F0} ms.");
            if (slowest < s_stop && load.Slowest < s_answer)
            {
                Assert.Empty(load.Lost);
                return;
            }
        }

        Assert.Fail($"None of {MostRounds} rounds was quick enough to say anything: this machine is too busy.");
    }

    /// <summary>Starts a replica and waits until it is healthy.</summary>
    private async Task RunAsync(int number, string name)
    {
        await _hosts[number].Agent.DockerAsync(
            "run", "--detach", "--name", name, "--network", $"name=mesh,driver-opt=portal.ingress={Port}:80/tcp",
            "--health-cmd", "wget -q -O /dev/null http://127.0.0.1/", "--health-interval", "500ms", "--health-retries", "2",
            "busybox", "sh", "-c", $"mkdir /www && echo {name} > /www/index.html && exec httpd -f -h /www");
        await Soon.TrueAsync(
            () => _hosts[number].Agent.TryDockerAsync("inspect", "--format", "{{.State.Health.Status}}", name)
                .GetAwaiter().GetResult().Output.Trim() == "healthy",
            $"{name} is healthy", TimeSpan.FromSeconds(60));
    }

    private async Task<string> NameOfAsync(int number) =>
        (await _hosts[number].Agent.TryDockerAsync("ps", "--format", "{{.Names}}")).Output.Trim();

    private Task ExecAsync(int number, string name, string command) =>
        _hosts[number].Agent.DockerAsync("exec", name, "sh", "-c", command);

    /// <summary>Waits until a node answers with these, and with no other.</summary>
    private Task AnswersAsync(int number, params string[] names) => Soon.TrueAsync(
        () =>
        {
            var seen = Enumerable.Range(0, 4).Select(_ => HttpLoad.GetAsync(Addresses[number], Port).GetAwaiter().GetResult());
            return seen.ToHashSet().SetEquals(names);
        },
        $"node {number} answers with {string.Join(" and ", names)}",
        TimeSpan.FromSeconds(90));

    private async Task MakeNetworkAsync()
    {
        await using var database = await Contexts.CreateDbContextAsync();
        database.OverlayNetworks.Add(new OverlayNetwork
        {
            Id = Guid.NewGuid(), Name = "mesh", Vni = Random.Shared.Next(4096, 1 << 24), Port = OverlayAddresses.DefaultPort,
            Subnet = $"10.{Random.Shared.Next(200, 255)}.0.0/16", BlockLength = 24, CreatedAt = DateTimeOffset.UtcNow, Ports = $"{Port}/tcp",
        });
        await database.SaveChangesAsync();
        _portal.Services.GetRequiredService<OverlaySignal>().Set();
    }

    private async Task RemoveNetworksAsync()
    {
        await using var database = await Contexts.CreateDbContextAsync();
        await database.OverlayNetworks.ExecuteUpdateAsync(set => set.SetProperty(row => row.IsRemoving, true));
        _portal.Services.GetRequiredService<OverlaySignal>().Set();
    }

    private IDbContextFactory<PortalDbContext> Contexts => _portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>();
}
