using Portal.Engine.Errors;

namespace Portal.Engine.Linux.Tests.Runtime.AppArmor;

/// <summary>
/// What containers can do under the host's own AppArmor, and without it where there is none: <c>./portal test vm</c> boots a kernel
/// that has it.
/// </summary>
public sealed class ConfinementTests : IAsyncLifetime
{
    // All that is left to say no is the profile.
    private static readonly string[] s_open = ["seccomp=unconfined", "systempaths=unconfined"];
    private RuntimeBench _bench = null!;

    private static bool HasAppArmor =>
        File.Exists("/sys/module/apparmor/parameters/enabled")
        && File.ReadAllText("/sys/module/apparmor/parameters/enabled").StartsWith('Y')
        && File.Exists("/sbin/apparmor_parser");

    public async Task InitializeAsync() => _bench = await RuntimeBench.CreateAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData(null, "portal-default (enforce)")]
    [InlineData("apparmor=portal-default", "portal-default (enforce)")]
    [InlineData("apparmor=unconfined", "unconfined")]
    public async Task Container_WithItsProfile_IsDeniedWhatTheProfileDenies(string? option, string profile)
    {
        const string Script = """
            exec 2> /dev/null
            cat /proc/self/attr/current
            echo renamed > /proc/sys/kernel/hostname && echo wrote to proc
            mount -t tmpfs none /tmp && echo mounted
            echo x > /root/file && rm /root/file && echo wrote
            """;
        var container = _bench.DescribeShell(Script) with
        {
            SecurityOptions = option is null ? s_open : [.. s_open, option], CapabilitiesToAdd = ["sys_admin"],
        };

        var (exit, output) = await _bench.RunAsync(container);

        var free = profile == "unconfined" || !HasAppArmor ? "wrote to proc\nmounted\n" : "";
        Assert.Equal((HasAppArmor ? profile + "\n" : "") + free + "wrote\n", output);
        Assert.Equal(0, exit.ExitCode);
    }

    [Fact]
    public async Task Container_OfTheDefaultProfile_ReadsWhatOfSysIsNoSecretAndChangesNothing()
    {
        const string Script = """
            exec 2> /dev/null
            ls /sys/class/net | grep -x lo
            cat /sys/class/net/lo/mtu /sys/devices/system/cpu/online > /dev/null && echo read
            ls /sys/firmware/* > /dev/null && echo read firmware
            echo 1400 > /sys/class/net/lo/mtu && echo wrote
            true
            """;
        var container = _bench.DescribeShell(Script) with { SecurityOptions = s_open };

        var (exit, output) = await _bench.RunAsync(container);

        Assert.Equal(("lo\nread\n" + (HasAppArmor ? "" : "read firmware\n"), 0), (output, exit.ExitCode));
    }

    [Fact]
    public async Task Exec_PrivilegedToo_StaysInTheContainersProfile()
    {
        var id = await _bench.StartAsync(_bench.DescribeShell("exec sleep 1000") with { SecurityOptions = s_open });
        var exec = _bench.DescribeExec(id, "sh", "-c", "cat /proc/self/attr/current; mount -t tmpfs none /tmp && echo mounted; true");

        var (exitCode, output, _) = await _bench.ExecAsync(exec with { Privileged = true });

        Assert.Equal((0, HasAppArmor ? "portal-default (enforce)\n" : "mounted\n"), (exitCode, output));
    }

    [Fact]
    public async Task Container_OfAProfileThatIsNotLoaded_RunsOnlyWhereThereIsNoAppArmor()
    {
        var container = _bench.DescribeShell("echo ran") with { SecurityOptions = ["apparmor=portal-nosuch"] };
        if (HasAppArmor)
        {
            var failure = await Assert.ThrowsAsync<EngineException>(() => _bench.StartAsync(container));
            Assert.Contains("no AppArmor profile of that name loaded", failure.Message);
        }
        else
        {
            Assert.Equal("ran\n", (await _bench.RunAsync(container)).Output);
        }
    }
}
