using Portal.Web.Access;
using Portal.Web.Components.Shared;
using Portal.Web.Encryption.Age;
using Portal.Web.Features.Containers;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Volumes;
using Portal.Web.Features.Volumes.Listing;
using Portal.Web.Features.Volumes.Transfers;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Jobs.Running;

/// <summary>Does what jobs say, in the name of who saved them: each call asks for that person's permissions as they are now.</summary>
/// <remarks>One for each run.</remarks>
internal sealed class JobActions(
    JobPrune prune, JobCommand command, JobStackRestart stacks, JobPortalBackup portal, ContainerCommands containers,
    VolumeCommands volumes, JobArchives archives, IFleet fleet, TimeProvider time)
{
    private static readonly string[] s_alive = ["running", "paused", "restarting"];

    /// <returns>How it ended; what nodes refuse and what is not allowed is an outcome too.</returns>
    /// <exception cref="OperationCanceledException">It was broken off.</exception>
    public async Task<JobOutcome> RunAsync(JobKind kind, JobTask task, CancellationToken cancellationToken)
    {
        try
        {
            return kind switch
            {
                JobKind.Prune => await prune.RunAsync(task, cancellationToken),
                JobKind.VolumeBackup => await BackUpAsync(task, cancellationToken),
                JobKind.RestartContainer => await RestartAsync(task, cancellationToken),
                JobKind.RestartStack => await stacks.RunAsync(task, cancellationToken),
                JobKind.PortalBackup => await portal.RunAsync(task, cancellationToken),
                _ => await command.RunAsync(task, cancellationToken),
            };
        }
        catch (AccessDeniedException denied)
        {
            return new JobOutcome(
                JobRunState.Refused,
                E("{0}, who saved the job, does not have '{1:name}' there any more. Somebody who has it can save the job anew.",
                    task.Job.OwnerName, denied.Permission));
        }
        catch (Exception failure)
            when (failure is NodeCallException or JobException or AgeException or IOException or UnauthorizedAccessException)
        {
            return JobOutcome.Failed(failure.Message);
        }
    }

    // What a person stopped is not started by a clock.
    private async Task<JobOutcome> RestartAsync(JobTask task, CancellationToken cancellationToken)
    {
        var name = task.Settings.Container;
        var found = fleet.Current.Nodes.TryGetValue(task.NodeId, out var node)
            ? node.Containers.Values.FirstOrDefault(container => container.Name == name) : null;
        if (found is not null && !s_alive.Contains(found.State))
        {
            return new JobOutcome(JobRunState.Skipped, E("'{0:name}' does not run ({1:said}): only what runs is restarted.", name, found.State));
        }

        await containers.RestartAsync(task.Person, new ContainerKey(task.NodeId, name, name), cancellationToken)
            .WaitAsync(cancellationToken);
        return JobOutcome.Succeeded(E("'{0:name}' was restarted.", name));
    }

    // Encrypted before it reaches the disk: what a broken run leaves is no more readable than the rest.
    private static AgeSealer? SealerFor(JobSettings settings, Stream file) => settings.Recipients.Count == 0 ? null : new AgeSealer(
        file,
        [.. settings.Recipients.Select(key => AgeRecipient.Parse(key) ?? throw new JobException(E("'{0:name}' is no public key of age.", key)))]);

    private async Task<JobOutcome> BackUpAsync(JobTask task, CancellationToken cancellationToken)
    {
        var settings = task.Settings;
        using var transfer = new VolumeTransfer(
            task.Job.OwnerName, VolumeTransferKind.Backup, new VolumeKey(task.NodeId, settings.Volume), time) { Users = settings.Users };
        var (name, bytes) = await archives.WriteAsync(
            task.Job.Id, time.GetUtcNow(), $"{settings.Volume}.tar.zst{(settings.Recipients.Count > 0 ? ".age" : "")}",
            async file =>
            {
                using var sealer = SealerFor(settings, file);
                var summary = await volumes.BackupAsync(
                    task.Person, transfer,
                    data => sealer is null ? file.WriteAsync(data, cancellationToken) : sealer.WriteAsync(data, cancellationToken),
                    cancellationToken);
                if (sealer is not null)
                {
                    await sealer.CompleteAsync(cancellationToken);
                    task.Log.WriteLine($"encrypted for {string.Join(", ", settings.Recipients)}");
                }

                task.Log.WriteLine($"{summary.Entries} entries with {Units.Bytes(summary.Bytes)}, {summary.ArchiveDigest}");
                foreach (var path in summary.LeftOut)
                {
                    task.Log.WriteLine($"left out, since archives hold no sockets and devices: {path}");
                }
            },
            cancellationToken);
        foreach (var old in archives.Keep(task.Job.Id, settings.Keep))
        {
            task.Log.WriteLine($"{old} was removed: {settings.Keep} are kept");
        }

        return JobOutcome.Succeeded(E("'{0:name}' is in {1:name}, {2}.", settings.Volume, name, Units.Bytes(bytes))) with
        {
            Archive = name, ArchiveBytes = bytes,
        };
    }
}
