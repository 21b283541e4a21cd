using Portal.Agent.Policies.Engine;
using Portal.Contracts.Permissions;
using Portal.Contracts.Policies;
using Portal.Contracts.Policies.Demands;
using Portal.Engine.Containers;
using Portal.Engine.Distribution.Signatures;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Volumes;

namespace Portal.Agent.Policies;

/// <summary>What containers ask for that policies rule on, with all that the node alone knows.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class ContainerPolicies(
    PolicyGate gate, SignatureGuard signatures, IImages images, IVolumes volumes, Lazy<IContainers> containers)
{
    private const int MostJoins = 16;

    /// <returns>The id of the image whose signatures were looked at; null when no policy has a rule on them.</returns>
    /// <exception cref="EngineException">Forbidden: a policy does not allow something of it.</exception>
    public async Task<string?> CheckCreateAsync(ContainerSpec spec, CancellationToken cancellationToken)
    {
        if (gate.Policies.Count == 0)
        {
            return null;
        }

        var image = await images.InspectAsync(spec.Image, spec.Platform, cancellationToken).ConfigureAwait(false);
        var demands = new List<PolicyDemand>(Own(spec));
        demands.AddRange(From(spec, image));
        demands.AddRange(await JoinedAsync(spec, cancellationToken).ConfigureAwait(false));
        foreach (var volume in NamedVolumes(spec).Distinct())
        {
            demands.AddRange(await PolicyGate.DemandsOfAsync(volume, volumes, cancellationToken).ConfigureAwait(false));
        }

        foreach (var other in spec.VolumesFrom)
        {
            demands.AddRange(await InheritedAsync(other, cancellationToken).ConfigureAwait(false));
        }

        gate.Check(demands);

        // Last: it may ask a registry, and nobody needs to for what is refused anyway.
        var used = new UsedImage(spec.Image, image.Id, [.. image.Names, .. image.Digests]);
        gate.Check(await signatures.DemandsOfAsync(used, $"image {spec.Image}", cancellationToken).ConfigureAwait(false));
        return gate.Policies.Any(policy => policy.Rules.Signatures is not null) ? image.Id : null;
    }

    /// <summary>
    /// Looks at a container's mounts again before it starts: a folder that was allowed may have been replaced by a link since, from within a
    /// container that may write there.
    /// </summary>
    /// <exception cref="EngineException">Forbidden: a policy does not allow one of its mounts.</exception>
    public async Task CheckStartAsync(string container, CancellationToken cancellationToken)
    {
        if (gate.Policies.Count > 0 && await FindAsync(container, cancellationToken).ConfigureAwait(false) is { } found)
        {
            gate.Check(await PolicyGate.DemandsOfAsync(found.Mounts, volumes, $"container {found.Name}", cancellationToken)
                .ConfigureAwait(false));
        }
    }

    private static IEnumerable<PolicyDemand> Own(ContainerSpec spec) =>
    [
        .. spec.Binds.SelectMany(bind => PolicyDemands.Bind(bind, "bind")),
        .. spec.Mounts.Where(mount => mount.Type == "bind")
            .Select(mount => PolicyDemands.HostPath(mount.Source, !mount.ReadOnly, "mount")),
        .. spec.Mounts.Where(mount => mount.Volume is not null)
            .SelectMany(mount => PolicyDemands.Volume(mount.Volume!.DriverOptions, $"volume at {mount.Target}")),
        .. spec.Privileged ? PolicyDemands.Privileged("privileged") : [],
        .. PolicyDemands.Namespace("network", spec.NetworkMode, "network mode"),
        .. PolicyDemands.Namespace("pid", spec.PidMode, "PID mode"),
        .. PolicyDemands.Namespace("ipc", spec.IpcMode, "IPC mode"),
        .. PolicyDemands.Namespace("uts", spec.UtsMode, "UTS mode"),
        .. PolicyDemands.Namespace("user", spec.UsernsMode, "user namespace"),
        .. PolicyDemands.Namespace("cgroup", spec.CgroupnsMode, "cgroup namespace"),
        .. spec.Devices.Select(device => PolicyDemands.Device(device.PathOnHost, "devices")),
        .. spec.DeviceCgroupRules.Select(rule => PolicyDemands.Device(rule, "device rules")),
        .. spec.DeviceRequests.SelectMany(request => request.Driver == "cdi"
            ? request.DeviceIds.Select(name => PolicyDemands.Device(name, "devices"))
            : [PolicyDemands.Device("gpu", "GPUs")]),
        .. PolicyDemands.Capabilities(spec.CapabilitiesToAdd, "capabilities"),
        .. spec.SecurityOptions.Where(option => !HostAccess.IsHarmlessOption(option))
            .Select(option => PolicyDemands.Other(option, "security options")),
        .. Others(spec).Where(pair => pair.IsSet).Select(pair => PolicyDemands.Other(pair.Text, pair.Key)),
        PolicyDemands.Memory(spec.Resources.Memory, "memory"),
    ];

    private static IEnumerable<(bool IsSet, string Text, string Key)> Others(ContainerSpec spec) =>
    [
        (spec.Runtime.Length > 0, spec.Runtime, "runtime"),
        (spec.CgroupParent.Length > 0, spec.CgroupParent, "cgroup parent"),
        (spec.MaskedPaths is not null, "other masked paths", "masked paths"),
        (spec.ReadonlyPaths is not null, "other read-only paths", "read-only paths"),
        (spec.Annotations.Count > 0, "annotations", "annotations"),
    ];

    private static IEnumerable<string> NamedVolumes(ContainerSpec spec) =>
        spec.Binds.Select(bind => bind.Split(':')[0]).Where(source => !source.StartsWith('/'))
            .Concat(spec.Mounts.Where(mount => mount.Type == "volume").Select(mount => mount.Source))
            .Where(name => name.Length > 0);

    // A name decides; of an image by its id any of its names may, and one without a name comes from nowhere.
    private IEnumerable<PolicyDemand> From(ContainerSpec spec, ImageDetails image)
    {
        var names = image.Names.Concat(image.Digests).Select(ImagePattern.RepositoryOf).OfType<string>().Distinct().ToList();
        var asked = ImageReference.TryParse(spec.Image, out var reference) ? ImagePattern.RepositoryOf(reference.Repository) : null;
        if (asked is not null && names.Contains(asked))
        {
            return [new PolicyDemand(PolicyRule.Registries, asked, "image")];
        }

        var demands = names.DefaultIfEmpty($"an image without a name, {image.Id[..19]}")
            .Select(name => new PolicyDemand(PolicyRule.Registries, name, $"image {spec.Image}")).ToList();
        return [demands.Find(demand => PolicyCheck.Find(gate.Policies, [demand]).Count == 0) ?? demands[0]];
    }

    // Whoever joins a container that shares the host's namespace shares it too.
    private async Task<IEnumerable<PolicyDemand>> JoinedAsync(ContainerSpec spec, CancellationToken cancellationToken)
    {
        (string Kind, Func<ContainerSpec, string> Mode)[] kinds =
            [("network", one => one.NetworkMode), ("pid", one => one.PidMode), ("ipc", one => one.IpcMode)];
        var demands = new List<PolicyDemand>();
        foreach (var (kind, modeOf) in kinds)
        {
            var mode = modeOf(spec);
            for (var joins = 0; joins < MostJoins && mode.StartsWith("container:", StringComparison.Ordinal); joins++)
            {
                var other = await FindAsync(mode["container:".Length..], cancellationToken).ConfigureAwait(false);
                mode = other is null ? "" : modeOf(other.Spec);
                demands.AddRange(PolicyDemands.Namespace(kind, mode, $"{kind} of the container {other?.Name}"));
            }
        }

        return demands;
    }

    private async Task<IEnumerable<PolicyDemand>> InheritedAsync(string text, CancellationToken cancellationToken)
    {
        var colon = text.LastIndexOf(':');
        var other = await FindAsync(text, cancellationToken).ConfigureAwait(false)
            ?? (colon > 0 ? await FindAsync(text[..colon], cancellationToken).ConfigureAwait(false) : null);
        var isReadOnly = text.EndsWith(":ro", StringComparison.Ordinal);
        var mounts = (other?.Mounts ?? []).Select(mount => isReadOnly ? mount with { Writable = false } : mount);
        return await PolicyGate.DemandsOfAsync(mounts, volumes, $"volumes from {text}", cancellationToken).ConfigureAwait(false);
    }

    private async Task<ContainerInfo?> FindAsync(string container, CancellationToken cancellationToken)
    {
        try
        {
            return await containers.Value.InspectAsync(container, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException failure) when (failure.Kind is EngineErrorKind.NotFound or EngineErrorKind.InvalidArgument)
        {
            // What was asked for will say so itself.
            return null;
        }
    }
}
