using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Networks.Firewall;
using Portal.Engine.Linux.Networks.Namespaces;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.Drivers;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Networks;

public sealed class NftablesTests
{
    [Fact]
    public void TryRun_LibraryMissing_NamesThePackage()
    {
        using var context = new NftablesContext(() => throw new DllNotFoundException("libnftables.so.1"));

        var error = Assert.Throws<EngineException>(() => context.TryRun("list tables", out _));

        Assert.Equal(EngineErrorKind.Unavailable, error.Kind);
        Assert.Contains("Install the package libnftables1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drop")]
    [InlineData("1abc")]
    public async Task Apply_NameThatIsAWordOfNftables_SaysSo(string name)
    {
        await using var firewall = Make(name);

        var error = Assert.Throws<EngineException>(() => firewall.Apply(new FirewallPlan([], [])));

        Assert.Contains("no word of nftables' language", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.InnerException);
    }

    [Fact]
    public async Task Publish_AThousandth_AddsOneElement()
    {
        var name = "t" + Random.Shared.Next(0x1000000).ToString("x6");
        await using var firewall = Make(name);
        var ports = Enumerable.Range(1, 1000).Select(Port).ToArray();
        var network = new FirewallNetwork(name + "0") { Ipv4 = new FirewallSubnet(new IpSubnet(IPAddress.Parse("203.0.113.0"), 24)) };
        firewall.Apply(new FirewallPlan([network], ports[..999]));
        var chains = Chains(name);
        try
        {
            firewall.Publish(ports[999..]);

            Assert.Contains("198.19.255.1 . tcp . 1000 : 203.0.113.2 . 80", Rules.List(name), StringComparison.Ordinal);
            Assert.Equal(chains, Chains(name));

            firewall.Withdraw(ports);
            Assert.DoesNotContain("203.0.113.2", Rules.List(name), StringComparison.Ordinal);
        }
        finally
        {
            firewall.Remove();
        }

        Assert.False(Rules.Exists(name));
    }

    [Fact]
    public async Task Apply_InternalNetwork_IsKeptApartBeforeKnownConnectionsPass()
    {
        const string known = "ct state established,related accept";
        const string apart = "iifname @closed jump apart";
        var name = "t" + Random.Shared.Next(0x1000000).ToString("x6");
        await using var firewall = Make(name);
        var network = new FirewallNetwork(name + "0") { Ipv4 = new FirewallSubnet(new IpSubnet(IPAddress.Parse("203.0.113.0"), 24)) };
        try
        {
            firewall.Apply(new FirewallPlan([network], []));
            Assert.Contains(known, Chains(name), StringComparison.Ordinal);
            Assert.DoesNotContain(apart, Chains(name), StringComparison.Ordinal);

            firewall.Apply(new FirewallPlan([network, new FirewallNetwork(name + "1") { IsInternal = true }], []));
            var chains = Chains(name);
            Assert.InRange(chains.IndexOf(apart, StringComparison.Ordinal), 0, chains.IndexOf(known, StringComparison.Ordinal));
        }
        finally
        {
            firewall.Remove();
        }
    }

    /// <summary>The kernel gives a transaction up when a signal reaches its thread, as those of ended children do.</summary>
    [Fact]
    public async Task Publish_SignalsDuringTransactions_AreNoErrors()
    {
        const int SigChild = 17;
        var name = "t" + Random.Shared.Next(0x1000000).ToString("x6");
        await using var firewall = Make(name);
        var network = new FirewallNetwork(name + "0") { Ipv4 = new FirewallSubnet(new IpSubnet(IPAddress.Parse("203.0.113.0"), 24)) };
        using var done = new CancellationTokenSource();
        using var calm = new ManualResetEventSlim();
        var thread = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var worked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var work = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    thread.SetResult(ThreadId());
                    for (var round = 0; round < 100; round++)
                    {
                        firewall.Apply(new FirewallPlan([network], Enumerable.Range(1, 100).Select(Port).ToArray()));
                        firewall.Remove();
                    }
                }
                finally
                {
                    // A thread that has ended can't be signalled: this one stays until nobody does any more.
                    worked.SetResult();
                    calm.Wait();
                }
            },
            TaskCreationOptions.LongRunning);
        var target = await thread.Task;
        var storm = Task.Factory.StartNew(
            () =>
            {
                while (!done.IsCancellationRequested)
                {
                    Assert.Equal(0, Signal(Environment.ProcessId, target, SigChild));
                    Thread.SpinWait(Random.Shared.Next(20_000));
                }
            },
            TaskCreationOptions.LongRunning);

        try
        {
            await worked.Task;
            await done.CancelAsync();
            await storm;
        }
        finally
        {
            calm.Set();
        }

        await work;
        Assert.False(Rules.Exists(name));
    }

    /// <summary>In a namespace of its own: what others have of this machine's rules stays.</summary>
    [Fact]
    public async Task Apply_SomebodyFlushesEverything_IsWrittenAgain()
    {
        var folder = Directory.CreateTempSubdirectory("portal-flush-");
        var name = "t" + Random.Shared.Next(0x1000000).ToString("x6");
        var namespaces = new LinuxNetworkNamespaces(
            new EngineOptions { Name = name, DataRoot = folder.FullName, RunRoot = folder.FullName });
        var path = namespaces.Create("flush");
        try
        {
            await using var firewall = Make(name);
            var network = new FirewallNetwork(name + "0")
            {
                Ipv4 = new FirewallSubnet(new IpSubnet(IPAddress.Parse("203.0.113.0"), 24)) { IsHidden = true },
                Ipv6 = new FirewallSubnet(new IpSubnet(IPAddress.Parse("fd00:9::"), 64)) { IsHidden = true },
            };
            var port = new PublishedPort(PortProtocol.Tcp, IPAddress.IPv6Any, 8080, IPAddress.Parse("fd00:9::2"), 80);
            NamespaceThread.Run(path, () =>
            {
                firewall.Apply(new FirewallPlan([network], [Port(80), port]));
                return true;
            });
            var before = await ListAsync(path);

            await Tool.RunAsync("nsenter", $"--net={path}", "nft", "flush", "ruleset");

            await Eventually.HoldsAsync(async () => await ListAsync(path) == before, "the rules are back");
            Assert.Contains("fd00:9::2 . 80", before, StringComparison.Ordinal);
            Assert.False(Rules.Exists(name));
        }
        finally
        {
            namespaces.Remove("flush");
            folder.Delete(recursive: true);
        }
    }

    [DllImport("libc", EntryPoint = "gettid")]
    private static extern int ThreadId();

    [DllImport("libc", EntryPoint = "tgkill")]
    private static extern int Signal(int process, int thread, int signal);

    private static Task<string> ListAsync(string path) => Tool.RunAsync("nsenter", $"--net={path}", "nft", "list", "ruleset");

    private static NftablesFirewall Make(string name)
    {
        return new NftablesFirewall(
            new EngineOptions { Name = name, DataRoot = "/nowhere", RunRoot = "/nowhere" }, NullLogger<NftablesFirewall>.Instance);
    }

    private static PublishedPort Port(int number)
    {
        // Not an address of this host, whose own ports must keep answering.
        return new PublishedPort(PortProtocol.Tcp, IPAddress.Parse("198.19.255.1"), number, IPAddress.Parse("203.0.113.2"), 80);
    }

    private static string Chains(string name)
    {
        var rules = Rules.List(name);
        return rules[rules.IndexOf("chain ", StringComparison.Ordinal)..];
    }
}
