using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Networks;
using Portal.Engine.Linux.Storage;
using Portal.Engine.Networks;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Networks;

public sealed class TestInstanceTests
{
    [Fact]
    public async Task Dispose_EngineLeftItsNetwork_RemovesIt()
    {
        string name;
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
            Assert.True(Rules.LinkExists(name + "0"));
        }

        Assert.False(Rules.LinkExists(name + "0"));
        Assert.False(Rules.Exists(name));
    }
}
