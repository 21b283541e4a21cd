using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Builds;
using Portal.Engine.Content;
using Portal.Engine.Distribution;
using Portal.Engine.Images;
using Portal.Engine.Images.Store;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Builds.Execution;

/// <summary>The cache of what was built and then pushed: the push has put compressed layers in the place of the plain ones.</summary>
public sealed class PushedCacheTests
{
    private const string File = """
        FROM busybox
        RUN cat /proc/sys/kernel/random/uuid > /random
        COPY a /a
        """;

    [Fact]
    public async Task Build_AfterAPush_IsCachedWithTheLayersThatThePushMade()
    {
        await using var registry = await RegistryFixture.StartAsync();
        await using var host = await BuildHost.StartAsync();
        var services = host.Engine.Services;
        var (content, store) = (services.GetRequiredService<ContentStore>(), services.GetRequiredService<ImageStore>());
        var name = $"{registry.Host}/built:1";
        var request = new BuildRequest { NetworkMode = "none", Names = [name] };
        var context = BuildHost.Context(("Dockerfile", File), ("a", new string('a', 100_000)));
        var first = await host.BuildAsync(request, context);
        var plain = store.Index.Images[first.Id].Layers.Select(layer => Digest.Parse(layer.Blob, "a layer")).ToList();

        var pushed = Assert.Single(await services.GetRequiredService<IRegistries>().PushAsync(name, null));

        // Nothing keeps the plain ones, the cache neither.
        Assert.DoesNotContain(plain, content.Has);
        var layers = store.Index.Images[first.Id].Layers;

        // Without the image it is the cache alone that keeps them.
        await services.GetRequiredService<IImages>().RemoveAsync(name);
        Assert.All(layers.Skip(1), layer => Assert.True(content.Has(Digest.Parse(layer.Blob, "a layer"))));
        var second = await host.BuildAsync(request, context);
        Assert.Equal(first.Id, second.Id);
        Assert.Equal(layers.Skip(1), store.Index.Images[second.Id].Layers.Skip(1));
        Assert.Equal(pushed.Digest, Assert.Single(await services.GetRequiredService<IRegistries>().PushAsync(name, null)).Digest);
    }
}
