using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Builds;
using Portal.Engine.Builds.Caching;
using Portal.Engine.Content;
using Portal.Engine.Distribution;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Builds.Execution;

public sealed class InlineCacheTests
{
    private const string File = """
        FROM busybox
        ENV A=1
        RUN cat /proc/sys/kernel/random/uuid > /random
        COPY a /a
        RUN cat /proc/sys/kernel/random/uuid > /other
        CMD x
        """;

    private static readonly Dictionary<string, string?> s_inline = new() { [InlineCache.Argument] = "1" };

    [Fact]
    public async Task Build_WithAnotherEnginesImage_TakesItsStepsAndIsTheSameImage()
    {
        await using var registry = await RegistryFixture.StartAsync();
        var name = $"{registry.Host}/cached:1";
        var context = BuildHost.Context(("Dockerfile", File), ("a", "a"));
        var request = new BuildRequest
        {
            NetworkMode = "none", Names = [name], Arguments = s_inline, CacheFrom = [name],
        };
        string first;
        await using (var host = await BuildHost.StartAsync())
        {
            first = (await host.BuildAsync(request, context)).Id;
            Assert.Contains(host.Events, told => told.Kind == BuildEventKind.Warning && told.Text.Contains(name, StringComparison.Ordinal));
            await host.Engine.Services.GetRequiredService<IRegistries>().PushAsync(name, null);
        }

        await using var other = await BuildHost.StartAsync();
        var second = await other.BuildAsync(request, context);

        Assert.Equal(first, second.Id);
        Assert.Equal(5, other.Cached.Count);
        Assert.DoesNotContain(other.Events, told => told.Kind == BuildEventKind.Running);
    }

    [Fact]
    public async Task Build_WithWhatAnImageClaims_KeepsItFromOtherBuilds()
    {
        await using var registry = await RegistryFixture.StartAsync();
        var name = $"{registry.Host}/cached:1";
        var context = BuildHost.Context(("Dockerfile", File), ("a", "a"));
        var request = new BuildRequest { NetworkMode = "none", Names = [name], Arguments = s_inline };
        await using (var host = await BuildHost.StartAsync())
        {
            await host.BuildAsync(request, context);
            await host.Engine.Services.GetRequiredService<IRegistries>().PushAsync(name, null);
        }

        await using var other = await BuildHost.StartAsync();
        var plain = new BuildRequest { NetworkMode = "none" };
        await other.BuildAsync(plain with { CacheFrom = [name] }, context);
        Assert.Equal(5, other.Cached.Count);
        await other.BuildAsync(plain, context);

        Assert.Empty(other.Cached);
    }

    [Fact]
    public async Task Build_WithImagesThatCarryNoCacheOrAreNotThere_WarnsAndBuilds()
    {
        await using var host = await BuildHost.StartAsync();
        await host.BuildAsync(
            new BuildRequest { NetworkMode = "none", CacheFrom = ["busybox", "127.0.0.1:1/none:1", "Not A Name"] },
            BuildHost.Context(("Dockerfile", "FROM busybox\nRUN true")));

        var warnings = host.Events.Where(told => told.Kind == BuildEventKind.Warning).Select(told => told.Text).ToList();
        Assert.Equal(3, warnings.Count);
        Assert.Contains("carries no cache", warnings[0]);
    }

    [Theory]
    [InlineData("""{"portal.build.cache.v1": 7}""", 0)]
    [InlineData("""[]""", 0)]
    [InlineData("""{"portal.build.cache.v1": [7, null, "x", {}, {"key": "short", "created": "2020-01-01T00:00:00Z"}]}""", 0)]
    [InlineData("""{"portal.build.cache.v1": [{"key": "KEY", "created": "2020-01-01T00:00:00Z", "layer": 1}]}""", 0)]
    [InlineData("""{"portal.build.cache.v1": [{"key": "KEY", "created": "2020-01-01T00:00:00Z", "layer": -1}]}""", 0)]
    [InlineData("""{"portal.build.cache.v1": [{"key": "KEY", "created": "2020-01-01T00:00:00Z", "layer": "0"}]}""", 0)]
    [InlineData("""{"portal.build.cache.v1": [{"key": "KEY", "created": "whenever"}]}""", 0)]
    [InlineData("""{"portal.build.cache.v1": [{"key": "KEY", "created": "2020-01-01T00:00:00Z", "layer": 0, "size": -5}]}""", 1)]
    [InlineData("""{"portal.build.cache.v1": [{"key": "KEY", "created": "2020-01-01T00:00:00Z"}]}""", 1)]
    public void Read_OfWhatOthersWrote_TakesWhatIsWholeAlone(string configuration, int expected)
    {
        var key = new string('a', 64);
        var layer = Digest.Of("layer"u8);
        var bytes = Encoding.UTF8.GetBytes(configuration.Replace("KEY", key, StringComparison.Ordinal));
        var records = InlineCache.Read(bytes, [(layer, layer)]);

        Assert.Equal(expected, records.Count);
        Assert.All(records, record => Assert.True(record.Size == 0 && record.ChainId is null or { Length: 71 }));
    }

    [Fact]
    public void Read_OfMoreStepsThanAnImageHas_TakesNone()
    {
        var step = new JsonObject { ["key"] = new string('a', 64), ["created"] = "2020-01-01T00:00:00Z" };
        var steps = new JsonArray([.. Enumerable.Range(0, 10_001).Select(_ => step.DeepClone())]);
        var document = new JsonObject { ["portal.build.cache.v1"] = steps };
        Assert.Empty(InlineCache.Read(Encoding.UTF8.GetBytes(document.ToJsonString()), []));
        Assert.Empty(InlineCache.Read("{broken"u8, []));
    }
}
