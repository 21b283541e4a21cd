using Portal.Engine.Linux.Tests.Containers;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.UserNamespaces;

/// <summary>An engine whose containers have ids of their own, from a host's files that are the test's.</summary>
public sealed class MappedEngineFixture : IAsyncLifetime
{
    /// <summary>Where root of the containers is on the host: high, so that nobody is there.</summary>
    public const uint Base = 1_700_000_000;

    public KernelEngine Engine { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var instance = new TestInstance();
        foreach (var file in new[] { "subuid", "subgid" })
        {
            await File.WriteAllTextAsync(
                instance.TempPath(file), $"tester:{Base}:65536\ncontainers:{Base + 1_000_000}:150000\n");
        }

        Engine = await KernelEngine.StartAsync(
            instance, change: options => options with { UsernsRemap = "tester", SubordinateIdFolder = instance.TempRoot });
    }

    public async Task DisposeAsync() => await Engine.DisposeAsync();
}
