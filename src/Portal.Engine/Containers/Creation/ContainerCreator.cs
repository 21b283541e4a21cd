using System.Security.Cryptography;
using Portal.Engine.Containers.Joining;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Containers.States;
using Portal.Engine.Containers.Store;
using Portal.Engine.Containers.Users;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Images;
using Portal.Engine.Logs.Forwarding;
using Portal.Engine.Runtime.Checks;
using Portal.Engine.Snapshots;
using Portal.Engine.Volumes;
using Portal.Engine.Volumes.State;

namespace Portal.Engine.Containers.Creation;

/// <summary>Makes containers: all of one, or nothing.</summary>
internal sealed class ContainerCreator(
    EngineOptions options,
    IImages images,
    ISnapshotter snapshotter,
    ContainerRegistry registry,
    ContainerStore store,
    ContainerEvents events,
    LocalVolumes volumes,
    ContainerReferences references,
    IContainerChecks checks,
    UserMappings mappings,
    TimeProvider time)
{
    public async Task<ContainerCreated> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken)
    {
        if (spec.Image.Length == 0)
        {
            throw EngineException.InvalidArgument("no image specified");
        }

        ThrowIfAny(SpecValidator.Validate(spec)
            .Concat(SpecValidator.ValidateRequest(spec))
            .Concat(MountPlan.Of(spec, VolumeFolders.RootOf(options)).Problems));
        return await CreateAsync(spec, await FindImageAsync(spec, cancellationToken).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Makes a container of layers that need not belong to an image yet: a step of a build.</summary>
    public async Task<ContainerCreated> CreateAsync(ContainerSpec spec, ImageDetails image, CancellationToken cancellationToken)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var name = spec.Name ?? NameGenerator.Next(registry.IsNameTaken);

        // From here on the image has a user, so it can't be removed under us.
        registry.Reserve(name, id, image.Id);
        var made = false;
        try
        {
            var plan = Complete(id, spec with { Name = name }, image);
            await MakeAsync(plan, name, image.ChainId, cancellationToken).ConfigureAwait(false);
            made = true;
            return new ContainerCreated(id, name, [.. plan.Warnings, .. Warnings(plan.Config.Spec)]);
        }
        finally
        {
            mappings.Release(id);
            if (!made)
            {
                registry.Abandon(name, id);
            }
        }
    }

    private async Task<ImageDetails> FindImageAsync(ContainerSpec spec, CancellationToken cancellationToken)
    {
        try
        {
            return await images.InspectAsync(spec.Image, spec.Platform, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound)
        {
            // Docker's words, which clients look for before they pull.
            var reference = spec.Image;
            var name = reference[(reference.LastIndexOf('/') + 1)..];
            var tag = name.Contains(':', StringComparison.Ordinal) || name.Contains('@', StringComparison.Ordinal) ? "" : ":latest";
            throw new EngineException(EngineErrorKind.NotFound, $"No such image: {reference}{tag}", failure);
        }
    }

    private CreationPlan Complete(string id, ContainerSpec spec, ImageDetails image)
    {
        var merged = references.Resolve(ImageMerge.Apply(spec, image.Config));

        // The image's own settings are no better than a stranger's: what they lead to is checked like the request.
        var plan = MountPlan.Of(merged, VolumeFolders.RootOf(options), references.InheritedMounts(merged));
        var links = references.Links(merged);
        var known = checks.Examine(merged);
        string[] arguments = [.. merged.Entrypoint!, .. merged.Command!];
        ThrowIfAny(SpecValidator.Validate(merged)
            .Concat(plan.Problems)
            .Concat(known.Problems)
            .Concat(mappings.Problems(merged))
            .Concat(arguments is [] or [""] ? ["no command specified"] : []));

        // Not before: a name that the engine makes up is no conflict with another container's network.
        merged = known.Spec with { Hostname = Hostname(merged, id), WorkingDirectory = Clean(merged.WorkingDirectory) };
        var config = new ContainerConfig
        {
            Id = id,
            Created = time.GetUtcNow(),
            ImageId = image.Id,
            Spec = merged,
            Arguments = arguments,
            Mounts = plan.Mounts,
            AnonymousVolumes = plan.AnonymousVolumes,
            Links = links,
            AppArmorProfile = known.AppArmorProfile,
            Ids = mappings.Reserve(id, merged),
        };
        return new CreationPlan(config, plan.VolumeRequests, known.Warnings);
    }

    // By its words alone, as Docker does: no folder that ".." leaves again is made on the way.
    private static string? Clean(string? directory) =>
        string.IsNullOrEmpty(directory) ? directory : Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));

    private static string? Hostname(ContainerSpec spec, string id)
    {
        // One that joins another's network has that one's name.
        return !string.IsNullOrEmpty(spec.Hostname) ? spec.Hostname
            : spec.NetworkMode == "host" || spec.UtsMode == "host" ? Environment.MachineName
            : spec.NetworkMode.StartsWith("container:", StringComparison.Ordinal) ? null
            : id[..12];
    }

    private async Task MakeAsync(CreationPlan plan, string name, string? chainId, CancellationToken cancellationToken)
    {
        var config = plan.Config;
        var record = new ContainerRecord { Name = name };
        var folder = store.FolderOf(config.Id);
        try
        {
            store.Begin(config.Id, record, config.AnonymousVolumes);
            await snapshotter.PrepareAsync(config.Id, chainId, config.Ids, cancellationToken).ConfigureAwait(false);
            using var hold = volumes.Hold(config.Id, config.Mounts, config.AnonymousVolumes, plan.Volumes);
            await FillVolumesAsync(config, cancellationToken).ConfigureAwait(false);
            store.Publish(folder, config);

            // While its volumes are held: from here on the registry tells that it uses them.
            var container = new Container(config, record, folder, store);

            // And its lock, so that nobody who finds it starts or removes it before its creation is told.
            using var first = await container.Lock.AcquireAsync(CancellationToken.None).ConfigureAwait(false);
            registry.Add(container);
            events.Publish(container, "create");
        }
        catch
        {
            // The folder after them, as it names them.
            volumes.RemoveAnonymous(config.Id, config.AnonymousVolumes);
            store.Remove(folder);
            await snapshotter.RemoveAsync(config.Id, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    private async Task FillVolumesAsync(ContainerConfig config, CancellationToken cancellationToken)
    {
        var empty = config.Mounts.Where(volumes.NeedsFilling).ToList();
        if (empty.Count == 0)
        {
            volumes.Adopt(config.Mounts, config.Ids);
            return;
        }

        var root = await snapshotter.MountAsync(config.Id, cancellationToken).ConfigureAwait(false);
        foreach (var mount in empty)
        {
            await volumes.FillAsync(config.Id, mount, root, cancellationToken).ConfigureAwait(false);
        }

        await snapshotter.UnmountAsync(config.Id, CancellationToken.None).ConfigureAwait(false);
        volumes.Adopt(config.Mounts, config.Ids);
    }

    private static List<string> Warnings(ContainerSpec spec)
    {
        var warnings = new List<string>();
        if (spec.NetworkMode == "host" && (spec.Ports.Count > 0 || spec.PublishAllPorts))
        {
            warnings.Add("Published ports are discarded when using host network mode");
        }

        warnings.AddRange(LogDriverOptions.Warnings(spec.LogDriver, spec.LogOptions));
        return warnings;
    }

    private static void ThrowIfAny(IEnumerable<string> problems)
    {
        var all = problems.Distinct().ToArray();
        if (all.Length > 0)
        {
            throw EngineException.InvalidArgument(string.Join("; ", all));
        }
    }
}
