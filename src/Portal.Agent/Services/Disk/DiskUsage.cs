using Portal.Contracts.System.V1;
using Portal.Engine.Builds;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Sizes;
using Portal.Engine.Images;
using Portal.Engine.Images.Space;
using Portal.Engine.Volumes;

namespace Portal.Agent.Services.Disk;

/// <summary>What the engine's data takes of the disk, by category as <c>docker system df</c> has it, and the logs of containers besides.</summary>
/// <remarks>Singleton; any thread. An answer walks files, so that those who ask at once, or soon after, share one.</remarks>
internal sealed class DiskUsage(
    IImages images, IImageSpace space, IContainers containers, IContainerSizes sizes, IVolumes volumes, IBuilder builder, TimeProvider time)
    : IDisposable
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _measuring = new(1);
    private (long At, MeasureDiskResponse Answer)? _last;

    public async Task<MeasureDiskResponse> MeasureAsync(CancellationToken cancellationToken)
    {
        await _measuring.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_last is { } last && time.GetElapsedTime(last.At) < s_fresh)
            {
                return last.Answer;
            }

            var all = await containers.ListAsync(all: true, cancellationToken).ConfigureAwait(false);
            var answer = new MeasureDiskResponse();
            answer.Categories.Add(await ImagesAsync(cancellationToken).ConfigureAwait(false));
            answer.Categories.Add(await ContainersAsync(all, cancellationToken).ConfigureAwait(false));
            answer.Categories.Add(await VolumesAsync(cancellationToken).ConfigureAwait(false));
            answer.Categories.Add(Cache(builder.ListCache()));
            answer.Categories.Add(Logs(all));
            _last = (time.GetTimestamp(), answer);
            return answer;
        }
        finally
        {
            _measuring.Release();
        }
    }

    public void Dispose() => _measuring.Dispose();

    private async Task<DiskCategory> ImagesAsync(CancellationToken cancellationToken)
    {
        var all = await images.ListAsync(cancellationToken).ConfigureAwait(false);
        var usage = space.Measure();
        var unused = all.Where(image => image.Containers == 0).ToList();
        return new DiskCategory
        {
            Kind = DiskCategoryKind.Images,
            Count = all.Count,
            Active = all.Count - unused.Count,
            Bytes = usage.LayerBytes,

            // What an image shares with another stays with that one.
            ReclaimableBytes = unused.Sum(image => Math.Max(0, image.Size - usage.SharedBytes.GetValueOrDefault(image.Id))),
        };
    }

    private async Task<DiskCategory> ContainersAsync(IReadOnlyList<ContainerInfo> all, CancellationToken cancellationToken)
    {
        var known = await sizes.MeasureAsync([.. all.Select(container => container.Id)], cancellationToken).ConfigureAwait(false);
        return new DiskCategory
        {
            Kind = DiskCategoryKind.Containers,
            Count = all.Count,
            Active = all.Count(IsActive),
            Bytes = all.Sum(BytesOf),
            ReclaimableBytes = all.Where(container => !IsActive(container)).Sum(BytesOf),
        };

        long BytesOf(ContainerInfo container) => known.GetValueOrDefault(container.Id)?.WritableBytes ?? 0;
    }

    private async Task<DiskCategory> VolumesAsync(CancellationToken cancellationToken)
    {
        var all = await volumes.ListWithSizesAsync(cancellationToken).ConfigureAwait(false);
        return new DiskCategory
        {
            Kind = DiskCategoryKind.Volumes,
            Count = all.Count,
            Active = all.Count(volume => volume.Users.Count > 0),
            Bytes = all.Sum(volume => volume.Size?.Bytes ?? 0),
            ReclaimableBytes = all.Where(volume => volume.Users.Count == 0).Sum(volume => volume.Size?.Bytes ?? 0),
        };
    }

    private static DiskCategory Cache(IReadOnlyList<BuildCacheEntry> all) => new()
    {
        Kind = DiskCategoryKind.BuildCache,
        Count = all.Count,
        Active = all.Count(entry => entry.InUse),

        // What an image has too counts there.
        Bytes = all.Where(entry => !entry.Shared).Sum(entry => entry.Size),
        ReclaimableBytes = all.Where(entry => entry is { Shared: false, InUse: false }).Sum(entry => entry.Size),
    };

    private static DiskCategory Logs(IReadOnlyList<ContainerInfo> all)
    {
        var files = all.Where(container => container.LogPath.Length > 0).Select(container => LogBytes(container.LogPath)).ToList();
        return new DiskCategory
        {
            Kind = DiskCategoryKind.Logs,
            Count = files.Count(bytes => bytes > 0),
            Active = all.Count(IsActive),
            Bytes = files.Sum(),
        };
    }

    /// <summary>Of the file that is written now and of those that were rotated, which are named after it.</summary>
    private static long LogBytes(string path)
    {
        try
        {
            return new DirectoryInfo(Path.GetDirectoryName(path)!).EnumerateFiles(Path.GetFileName(path) + "*").Sum(file => file.Length);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Removed, or rotated, while it was counted.
            return 0;
        }
    }

    private static bool IsActive(ContainerInfo container) =>
        container.State is ContainerState.Running or ContainerState.Paused or ContainerState.Restarting;
}
