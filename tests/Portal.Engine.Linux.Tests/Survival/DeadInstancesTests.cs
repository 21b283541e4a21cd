using Portal.Engine.Linux.Cgroups;
using Portal.Engine.Linux.Tests.Containers;
using Portal.Engine.Linux.Tests.Networks;
using Portal.Testing;
using Portal.Testing.Survival;

namespace Portal.Engine.Linux.Tests.Survival;

public sealed class DeadInstancesTests
{
    [Fact]
    public async Task Sweep_OwnerWasKilled_TakesAllOfItAndNothingOfTheLiving()
    {
        await using var living = await KernelEngine.StartAsync();
        var kept = await living.RunAsync("sleep 1000");
        var (owner, name) = await EngineProcess.StartOwnAsync();
        await using (owner)
        {
            var left = await owner.AskAsync("run No sleep 1000");
            Assert.True(Rules.LinkExists(name + "0"));
            Assert.True(Rules.Exists(name));
            Assert.Contains(left, await File.ReadAllTextAsync("/proc/self/mountinfo"));
            await owner.KillAsync();
        }

        // Another process may be sweeping at this moment, and then this one leaves it to that.
        await Eventually.HoldsAsync(
            async () =>
            {
                await DeadInstances.SweepAsync();
                return !File.Exists($"/run/portal-test-{name}.owner");
            },
            "the dead instance is swept");

        Assert.False(Rules.LinkExists(name + "0"));
        Assert.False(Rules.Exists(name));
        Assert.DoesNotContain(name, await File.ReadAllTextAsync("/proc/self/mountinfo"));
        Assert.DoesNotContain(
            CgroupMounts.Detect().Hierarchies, tree => Directory.Exists(Path.Combine(tree.MountPoint, name)));
        Assert.False(Directory.Exists($"/run/portal-test-{name}"));
        Assert.False(Directory.Exists($"/var/tmp/portal-test-{name}"));
        Assert.DoesNotContain(Commands(), command => command.Contains(name, StringComparison.Ordinal));
        await KernelObjects.SettleAsync(living.Instance, [kept]);
    }

    private static List<string> Commands()
    {
        var found = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[6])))
        {
            try
            {
                found.Add(File.ReadAllText(folder + "/cmdline"));
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }

        return found;
    }
}
