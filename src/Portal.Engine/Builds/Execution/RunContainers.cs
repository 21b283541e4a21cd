using System.Globalization;
using Portal.Engine.Builds.Execution.Mounts;
using Portal.Engine.Builds.Execution.States;
using Portal.Engine.Builds.Files;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Creation;
using Portal.Engine.Images;
using Portal.Engine.Images.Committing;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Builds.Execution;

/// <summary>The containers that <c>RUN</c> runs in: like any other, with a label that says whose they are, and removed at once.</summary>
internal sealed class RunContainers(
    ContainerCreator creator, IContainers containers, LayerCommits commits, ISnapshotter snapshotter, IRootFiles files)
{
    /// <summary>The label of a build's containers; its value is the build's id.</summary>
    public const string Label = "portal.build";

    /// <returns>The layer, or null when nothing was changed.</returns>
    /// <exception cref="BuildStepException">The program ended with another code than 0.</exception>
    public async Task<StageLayer?> RunAsync(
        StageContext step, IReadOnlyList<string> arguments, string network, RunMounts mounts, CancellationToken cancellationToken)
    {
        var state = step.State;
        var image = new ImageDetails
        {
            Id = state.Digest.ToString(),
            Platform = state.Platform,
            Config = new ImageConfig(),
            ChainId = state.ChainId?.ToString(),
        };
        var created = await creator.CreateAsync(Spec(step, arguments, network, mounts, image.Id), image, cancellationToken)
            .ConfigureAwait(false);
        try
        {
            step.Tell(BuildEventKind.Running, created.Id[..12]);
            var code = await RunAsync(step, created.Id, cancellationToken).ConfigureAwait(false);
            if (code != 0)
            {
                throw new BuildStepException(code, string.Create(
                    CultureInfo.InvariantCulture, $"The command '{string.Join(' ', arguments)}' returned a non-zero code: {code}"));
            }

            await RemoveMountPointsAsync(step, created.Id, mounts, cancellationToken).ConfigureAwait(false);
            var layer = await commits
                .CommitAsync(created.Id, state.ChainId, step.Session.Lease, wasRun: true, isLast: true, cancellationToken)
                    .ConfigureAwait(false);
            return layer.Entries == 0 ? null : new StageLayer(layer.DiffId, layer.ChainId, layer.DiffId);
        }
        finally
        {
            await containers.RemoveAsync(created.Id, force: true, removeVolumes: true, CancellationToken.None).ConfigureAwait(false);
            step.Tell(BuildEventKind.Removed, created.Id[..12]);
        }
    }

    /// <summary>Removes containers of builds that a killed engine left.</summary>
    public async Task CollectAsync(CancellationToken cancellationToken)
    {
        foreach (var container in await containers.ListAsync(all: true, cancellationToken).ConfigureAwait(false))
        {
            if (container.Spec.Labels.ContainsKey(Label))
            {
                await containers.RemoveAsync(container.Id, force: true, removeVolumes: true, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Takes away what the runtime made to mount on and the step left empty.</summary>
    private async Task RemoveMountPointsAsync(StageContext step, string id, RunMounts mounts, CancellationToken cancellationToken)
    {
        if (!mounts.Targets.Any())
        {
            return;
        }

        var below = await step.Session.Roots.OpenAsync(step.State.ChainId, cancellationToken).ConfigureAwait(false);
        var root = await snapshotter.MountAsync(id, cancellationToken).ConfigureAwait(false);
        foreach (var target in mounts.Targets)
        {
            for (var path = TreePaths.Resolve(below.Tree, target); path.Length > 0 && below.Tree.Find(path) is null;)
            {
                files.RemoveEmpty(root, path);
                path = path[..Math.Max(0, path.LastIndexOf('/'))];
            }
        }
    }

    private async Task<int> RunAsync(StageContext step, string id, CancellationToken cancellationToken)
    {
        // Before the start, so that the first byte is not missed.
        var streams = await containers.AttachAsync(id, cancellationToken).ConfigureAwait(false);
        await using (streams.ConfigureAwait(false))
        {
            var ended = containers.WaitAsync(id, WaitCondition.NextExit, cancellationToken);
            await containers.StartAsync(id, cancellationToken).ConfigureAwait(false);
            while (await streams.ReadAsync(cancellationToken).ConfigureAwait(false) is { } chunk)
            {
                step.Session.Report.Output(step.Step, step.Stage.Index, chunk);
            }

            return await ended.ConfigureAwait(false);
        }
    }

    private static ContainerSpec Spec(StageContext step, IReadOnlyList<string> arguments, string network, RunMounts mounts, string image)
    {
        var (state, request) = (step.State, step.Session.Request);

        // Variables of the image win over arguments, and those over the proxies that were given.
        var variables = step.Session.Arguments.Proxies.Concat(state.Arguments).Select(pair => $"{pair.Key}={pair.Value}");
        return new ContainerSpec
        {
            Image = image,
            Entrypoint = [],
            Command = arguments,
            Environment = [.. variables, .. mounts.Variables.Select(pair => $"{pair.Key}={pair.Value}"), .. state.Settings.Environment],
            WorkingDirectory = state.Settings.WorkingDirectory,
            User = state.Settings.User,
            Labels = new Dictionary<string, string> { [Label] = step.Session.Id },
            NetworkMode = network,
            Binds = mounts.Binds,
            Tmpfs = mounts.Tmpfs,
            ExtraHosts = request.ExtraHosts,
            ShmSize = request.ShmSize,
            Resources = request.Resources,
            Ulimits = request.Ulimits,
            SecurityOptions = request.SecurityOptions,
            CgroupParent = request.CgroupParent,
        };
    }
}
