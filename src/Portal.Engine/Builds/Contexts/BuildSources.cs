using Portal.Engine.Builds.Contexts.Matching;
using Portal.Engine.Builds.Dockerfiles;
using Portal.Engine.Builds.Dockerfiles.Syntax;
using Portal.Engine.Builds.Remotes;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;

namespace Portal.Engine.Builds.Contexts;

/// <summary>Gets the context and the Dockerfile of a build, from wherever they are.</summary>
internal sealed class BuildSources(Decompression decompression, RemoteFiles files, RemoteRepositories repositories, EngineOptions options)
{
    private const string IgnoreName = ".dockerignore";
    private const int MaxIgnoreBytes = 1 << 20;

    /// <param name="request">What to build.</param>
    /// <param name="given">The archive that came with the request, or null.</param>
    /// <param name="folder">The build's folder.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<(ContextArchive Context, Dockerfile Dockerfile)> OpenAsync(
        BuildRequest request, Stream? given, string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, "context");
        var context = request.Remote is { Length: > 0 } remote
            ? await FetchAsync(request, remote, path, folder, cancellationToken).ConfigureAwait(false)
            : given is not null ? await ReceiveAsync(given, path, cancellationToken).ConfigureAwait(false)
            : request.DockerfileText is not null ? await ContextArchive.OfFilesAsync([], path, cancellationToken).ConfigureAwait(false)
            : throw EngineException.InvalidArgument("the build has no context");
        try
        {
            return (context, ReadDockerfile(context, request.Dockerfile, request.DockerfileText));
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    private static Dockerfile ReadDockerfile(ContextArchive context, string given, string? text)
    {
        var name = GoPath.Rooted(given.Length == 0 ? "Dockerfile" : given);
        var content = (text is null ? null : System.Text.Encoding.UTF8.GetBytes(text))
            ?? context.ReadSmall(name, DockerfileLimits.MaxBytes)
            ?? (name == "Dockerfile" ? context.ReadSmall("dockerfile", DockerfileLimits.MaxBytes) : null)
            ?? throw EngineException.InvalidArgument($"Cannot locate specified Dockerfile: {given}");
        var dockerfile = DockerfileParser.Parse(name, content);

        // One beside the Dockerfile goes before the one at the root, as in BuildKit.
        var ignored = context.ReadSmall($"{name}{IgnoreName}", MaxIgnoreBytes) ?? context.ReadSmall(IgnoreName, MaxIgnoreBytes);
        context.Apply(ignored is null ? IgnoreFile.Nothing : IgnoreFile.Parse(ignored));
        return dockerfile;
    }

    private async Task<ContextArchive> FetchAsync(
        BuildRequest request, string remote, string path, string folder, CancellationToken cancellationToken)
    {
        if (RemoteAddress.IsRepository(remote))
        {
            return (await repositories.FetchAsync(remote, keepGitFolder: false, path, folder, request.GitLogin, cancellationToken)
                .ConfigureAwait(false)).Files;
        }

        if (!RemoteAddress.IsFile(remote))
        {
            throw EngineException.InvalidArgument($"remote URL '{RemoteAddress.ForPeople(remote)}' is neither a Git repository nor an http address");
        }

        var download = Path.Combine(folder, "download");
        await files.DownloadAsync(remote, download, cancellationToken).ConfigureAwait(false);
        try
        {
            return await TextOrArchiveAsync(request, download, path, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(download);
        }
    }

    private async Task<ContextArchive> TextOrArchiveAsync(
        BuildRequest request, string download, string path, CancellationToken cancellationToken)
    {
        // Docker goes by the media type; servers are often wrong about it, and no archive begins as text does.
        if (new FileInfo(download).Length <= DockerfileLimits.MaxBytes)
        {
            var content = await File.ReadAllBytesAsync(download, cancellationToken).ConfigureAwait(false);
            if (!content.AsSpan().ContainsAnyExceptInRange((byte)9, byte.MaxValue) && System.Text.Unicode.Utf8.IsValid(content))
            {
                return await ContextArchive.OfFilesAsync([(request.Dockerfile, content)], path, cancellationToken).ConfigureAwait(false);
            }
        }

        var file = File.OpenRead(download);
        await using (file.ConfigureAwait(false))
        {
            return await ReceiveAsync(file, path, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ContextArchive> ReceiveAsync(Stream archive, string path, CancellationToken cancellationToken)
    {
        try
        {
            // Not ours to dispose: whoever opened the stream closes it.
            var tar = await decompression.OpenAsync(new Images.Loading.UndisposedStream(archive), cancellationToken)
                .ConfigureAwait(false);
            await using (tar.ConfigureAwait(false))
            {
                return await ContextArchive.ReceiveAsync(tar, path, options.LayerLimits, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (InvalidDataException failure)
        {
            throw new EngineException(
                EngineErrorKind.InvalidArgument, "Error processing the build context: its compression is damaged", failure);
        }
    }
}
