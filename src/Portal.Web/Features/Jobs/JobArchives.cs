using System.Globalization;
using Microsoft.Extensions.Options;
using Portal.Data.Entities.Jobs;
using Portal.Web.Configuration;

namespace Portal.Web.Features.Jobs;

/// <summary>The files that jobs leave: a folder for each job below the data of the portal that did it, which only that can read.</summary>
/// <remarks>Singleton; any thread. A file gets its name when it is whole.</remarks>
internal sealed class JobArchives(IOptions<PortalOptions> options)
{
    private const string Part = ".part";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The host that has what is written here.</summary>
    public static string Host => Environment.MachineName;

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="job">The job.</param>
    /// <param name="at">When it was made: a part of its name.</param>
    /// <param name="name">The rest of its name, without folders.</param>
    /// <param name="write">Writes its bytes.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Its name and its bytes.</returns>
    public async Task<(string Name, long Bytes)> WriteAsync(
        Guid job, DateTimeOffset at, string name, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        var folder = FolderOf(job);
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var stamped = $"{at.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{name}";
        var part = Path.Combine(folder, $"{Guid.NewGuid():N}{Part}");
        try
        {
            long bytes;
            var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
            await using (var file = new FileStream(part, create))
            {
                await write(file);
                await file.FlushAsync(cancellationToken);
                file.Flush(flushToDisk: true);
                bytes = file.Length;
            }

            File.Move(part, Path.Combine(folder, stamped), overwrite: true);
            return (stamped, bytes);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Removes all but the newest, and what an end in the middle of writing left behind.</summary>
    /// <returns>The names of those that went.</returns>
    public IReadOnlyList<string> Keep(Guid job, int count)
    {
        var folder = new DirectoryInfo(FolderOf(job));
        if (!folder.Exists)
        {
            return [];
        }

        // A job runs once at a time: what is half written now belongs to nobody.
        var files = folder.GetFiles();
        var old = files.Where(file => file.Extension != Part).OrderByDescending(file => file.Name, StringComparer.Ordinal).Skip(count)
            .ToList();
        foreach (var file in old.Concat(files.Where(file => file.Extension == Part)))
        {
            file.Delete();
        }

        return [.. old.Select(file => file.Name)];
    }

    /// <exception cref="JobException">The file is not here.</exception>
    public Stream Open(Guid job, JobRun run)
    {
        try
        {
            return File.OpenRead(Path.Combine(FolderOf(job), Path.GetFileName(run.Archive)));
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new JobException(
                run.ArchiveHost == Host
                    ? E("'{0}' is kept no more: newer ones took its place, or somebody removed the file.", run.Archive)
                    : E(
                        "'{0}' is on the host '{1}', whose portal wrote it. Ask the portal there, or copy the file.",
                        run.Archive, run.ArchiveHost),
                failure);
        }
    }

    public void RemoveAll(Guid job)
    {
        if (Directory.Exists(FolderOf(job)))
        {
            Directory.Delete(FolderOf(job), recursive: true);
        }
    }

    private string FolderOf(Guid job) => Path.Combine(options.Value.Data, "portal", "jobs", job.ToString());
}
