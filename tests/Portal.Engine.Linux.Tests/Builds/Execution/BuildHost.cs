using System.Formats.Tar;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Builds;
using Portal.Engine.Containers;
using Portal.Engine.Hosting;
using Portal.Engine.Images;
using Portal.Engine.Linux.Tests.Containers;
using Portal.Testing;
using Portal.Testing.Images;

namespace Portal.Engine.Linux.Tests.Builds.Execution;

/// <summary>An engine on the real kernel with the host's busybox as its one image, and a builder.</summary>
public sealed class BuildHost : IAsyncDisposable
{
    private BuildHost(KernelEngine engine)
    {
        Engine = engine;
    }

    public KernelEngine Engine { get; }

    public IBuilder Builder => Engine.Services.GetRequiredService<IBuilder>();

    /// <summary>What the last build told.</summary>
    public List<BuildEvent> Events { get; } = [];

    /// <summary>All output of the last build's programs.</summary>
    public string Output => string.Concat(Events.Where(told => told.Kind == BuildEventKind.Output).Select(told => Encoding.UTF8.GetString(told.Output.Span)));

    /// <summary>Texts of the steps that came from the cache.</summary>
    public IReadOnlyList<string> Cached =>
        [.. Events.Where(told => told.Kind == BuildEventKind.Cached).Select(hit => Events.First(told => told.Kind == BuildEventKind.Started && told.Step == hit.Step).Text)];

    public static async Task<BuildHost> StartAsync(
        TestInstance? instance = null, Func<EngineOptions, EngineOptions>? change = null, Action<IServiceCollection>? replace = null)
    {
        var host = new BuildHost(await KernelEngine.StartAsync(instance, withImages: true, change, replace));
        await Disposal.UnlessBegunAsync(() => host.Engine.Images.CreateFromHostBusyboxAsync(), () => host.DisposeAsync().AsTask());
        return host;
    }

    /// <summary>A context of files; names that end in a slash are folders, contents that begin with <c>-></c> are links.</summary>
    public static byte[] Context(params (string Path, string Content)[] files) => Context(DateTimeOffset.UnixEpoch, files);

    public static byte[] Context(DateTimeOffset time, params (string Path, string Content)[] files)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (path, content) in files)
            {
                var entry = path.EndsWith('/') ? new PaxTarEntry(TarEntryType.Directory, path)
                    : content.StartsWith("->", StringComparison.Ordinal) ? new PaxTarEntry(TarEntryType.SymbolicLink, path) { LinkName = content[2..] }
                    : new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };
                entry.ModificationTime = time;
                entry.Mode = (UnixFileMode)(path.EndsWith('/') ? 0x1ED : 0x1A4);
                (entry.Uid, entry.Gid) = (1000, 1000);
                tar.WriteEntry(entry);
            }
        }

        return stream.ToArray();
    }

    public Task<ImageDetails> BuildAsync(string dockerfile, params (string Path, string Content)[] files) =>
        BuildAsync(new BuildRequest { NetworkMode = "none" }, Context([("Dockerfile", dockerfile), .. files]));

    public async Task<ImageDetails> BuildAsync(BuildRequest request, byte[] context, CancellationToken cancellationToken = default)
    {
        Events.Clear();
        return await Builder.BuildAsync(request, new MemoryStream(context), new Listener(Events.Add), cancellationToken);
    }

    /// <summary>What a shell script prints in a container of an image.</summary>
    public async Task<string> RunAsync(ImageDetails image, string script)
    {
        var id = await Engine.RunAsync(script, spec => spec with { Image = image.Id, NetworkMode = "none", Entrypoint = [] });
        await Engine.Containers.WaitAsync(id);
        var log = await Engine.LogAsync(id);
        await Engine.Containers.RemoveAsync(id, force: true);
        return log;
    }

    public ValueTask DisposeAsync() => Engine.DisposeAsync();

    private sealed class Listener(Action<BuildEvent> add) : IProgress<BuildEvent>
    {
        public void Report(BuildEvent value) => add(value);
    }
}
