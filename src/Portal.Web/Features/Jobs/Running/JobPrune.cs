using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Portal.Contracts.Builds.V1;
using Portal.Contracts.Images.V1;
using Portal.Web.Access;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Builds;
using Portal.Web.Features.Containers;
using Portal.Web.Features.Images;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Jobs.Running;

/// <summary>Prunes node by node: containers first, since they keep images, then images, then the cache of builds.</summary>
internal sealed class JobPrune(
    ContainerCommands containers, ImageCommands images, BuildCommands builds, JobPlaces places, TimeProvider time)
{
    public async Task<JobOutcome> RunAsync(JobTask task, CancellationToken cancellationToken)
    {
        var nodes = await places.OfAsync(task.Job, cancellationToken);
        var (bytes, failed, refused) = (0L, 0, 0);
        foreach (var (id, name) in nodes)
        {
            try
            {
                bytes += await PruneAsync(task, id, name, cancellationToken);
            }
            catch (NodeCallException failure)
            {
                failed++;
                task.Log.WriteLine($"{name}: {failure.Message}");
            }
            catch (AccessDeniedException denied)
            {
                refused++;
                task.Log.WriteLine($"{name}: {task.Job.OwnerName} does not have '{denied.Permission}' there any more.");
            }
        }

        var done = nodes.Count - failed - refused;
        var freed = nodes.Count == 1 ? E("{0} freed on {1} of {2} node", Units.Bytes(bytes), done, nodes.Count)
            : E("{0} freed on {1} of {2} nodes", Units.Bytes(bytes), done, nodes.Count);
        return refused > 0 ? new JobOutcome(
                JobRunState.Refused, E("{0:said}; {1} may not prune on {2}. See the log.", freed, task.Job.OwnerName, refused))
            : failed > 0 ? JobOutcome.Failed(E("{0:said}; {1} failed. See the log.", freed, failed))
            : JobOutcome.Succeeded(nodes.Count == 1 ? E("{0} freed on {1} of {2} node.", Units.Bytes(bytes), done, nodes.Count)
                : E("{0} freed on {1} of {2} nodes.", Units.Bytes(bytes), done, nodes.Count));
    }

    private async Task<long> PruneAsync(JobTask task, Guid node, string name, CancellationToken cancellationToken)
    {
        var (settings, user, bytes) = (task.Settings, task.Person, 0L);
        var age = TimeSpan.FromHours(settings.OlderThanHours);
        DateTimeOffset? until = settings.OlderThanHours > 0 ? time.GetUtcNow() - age : null;
        if (settings.Containers)
        {
            var (count, freed) = await containers.PruneAsync(user, node, until, cancellationToken);
            Tell(task, name, $"{count} stopped containers", freed);
            bytes += freed;
        }

        if (settings.Images)
        {
            var filter = new PruneFilter { All = settings.NamedImages, Until = until?.ToTimestamp() };
            var pruned = await images.PruneAsync(user, node, filter, cancellationToken).WaitAsync(cancellationToken);
            Tell(task, name, $"{pruned.Images} images", pruned.Bytes);
            bytes += pruned.Bytes;
        }

        if (settings.BuildCache)
        {
            var selection = new CacheSelection { UnusedFor = settings.OlderThanHours > 0 ? age.ToDuration() : null };
            var pruned = await builds.PruneAsync(user, node, selection, cancellationToken).WaitAsync(cancellationToken);
            Tell(task, name, $"{pruned.Ids.Count} entries of the cache of builds", pruned.Bytes);
            bytes += pruned.Bytes;
        }

        return bytes;
    }

    private static void Tell(JobTask task, string node, string what, long bytes) =>
        task.Log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{node}: {what} removed, {Units.Bytes(bytes)} freed"));
}
