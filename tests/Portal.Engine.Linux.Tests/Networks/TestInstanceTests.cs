using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Networks;
using Portal.Engine.Linux.Storage;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Orchestration;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Networks;

public sealed class TestInstanceTests
{
    [Fact]
    public async Task Dispose_EngineLeftItsNetwork_RemovesIt()
    {
        string name, own;
        await using (var instance = new TestInstance())
        {
            name = instance.Name;
            await using var services = new ServiceCollection()
                .AddLogging()
                .AddSingleton(new EngineOptions { Name = name, DataRoot = instance.DataRoot, RunRoot = instance.RunRoot })
                .AddLinuxStorage()
                .AddLinuxNetworks()
                .AddEngineNetworks()
                .BuildServiceProvider();
            await services.GetRequiredService<INetworks>().ReconcileAsync(new HashSet<string>());
            own = (await services.GetRequiredService<INetworks>().CreateAsync(new NetworkRequest { Name = "own" })).InterfaceName;
            Assert.True(Rules.LinkExists(name + "0"));
            Assert.True(Rules.LinkExists(own));
        }

        Assert.False(Rules.LinkExists(name + "0"));
        Assert.False(Rules.LinkExists(own));
        Assert.False(Rules.Exists(name));
    }

    [Fact]
    public async Task Dispose_ProcessesRunInItsCgroups_EndsThemAndRemovesTheCgroups()
    {
        var trees = new[] { "pids", "memory", "" }.Select(tree => Path.Combine("/sys/fs/cgroup", tree));
        string[] folders;
        using var sleeper = Process.Start("sleep", "1000");
        await using (var instance = new TestInstance())
        {
            folders = trees.Where(tree => File.Exists(Path.Combine(tree, "cgroup.procs")))
                .Select(tree => Path.Combine(tree, instance.Name, "container")).ToArray();
            Assert.NotEmpty(folders);
            foreach (var folder in folders)
            {
                Directory.CreateDirectory(folder);
                await File.WriteAllTextAsync(Path.Combine(folder, "cgroup.procs"), $"{sleeper.Id}");
            }
        }

        using var deadline = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(30)));
        await sleeper.WaitForExitAsync(deadline.Token);
        Assert.All(folders, folder => Assert.False(Directory.Exists(Path.GetDirectoryName(folder))));
    }
}
