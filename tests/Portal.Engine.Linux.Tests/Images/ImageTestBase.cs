using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Testing;
using Portal.Testing.Images;

namespace Portal.Engine.Linux.Tests.Images;

/// <summary>An image engine on folders of its own, which are removed with all mounts.</summary>
public abstract class ImageTestBase : IAsyncLifetime
{
    private protected TestInstance Instance { get; } = new();

    private protected ImageEngine Engine { get; set; } = null!;

    public virtual Task InitializeAsync()
    {
        Engine = Open();
        return Task.CompletedTask;
    }

    public virtual async Task DisposeAsync()
    {
        await Engine.DisposeAsync();
        await Instance.DisposeAsync();
    }

    private protected ImageEngine Open(Action<IServiceCollection>? configure = null, Func<EngineOptions, EngineOptions>? change = null) =>
        new(Instance, configure, change);

    /// <summary>Writes a docker-archive, whose layers are not compressed.</summary>
    private protected async Task<string> WriteAsync(TestImageBuilder image, string name)
    {
        var path = Instance.TempPath($"{Guid.NewGuid():N}.tar");
        await Skopeo.ExportAsync(image, $"docker-archive:{path}:{name}");
        return path;
    }

    /// <summary>The blobs of the content store.</summary>
    private protected string[] Blobs() => Directory.GetFiles(Path.Combine(Instance.DataRoot, "content", "blobs", "sha256"));

    private protected string[] Layers() => Directory.GetDirectories(Path.Combine(Instance.DataRoot, "overlay", "layers"));

    private protected void AssertNothingInTheMaking()
    {
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Instance.DataRoot, "content", "ingest")));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Instance.DataRoot, "overlay", "staging")));
    }

    private protected static async Task<EngineException> AssertFailsAsync(EngineErrorKind kind, Func<Task> action)
    {
        var failure = await Assert.ThrowsAnyAsync<EngineException>(action);
        Assert.True(kind == failure.Kind, failure.ToString());
        return failure;
    }
}
