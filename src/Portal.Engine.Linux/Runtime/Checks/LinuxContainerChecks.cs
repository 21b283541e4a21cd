using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Runtime.AppArmor;
using Portal.Engine.Linux.Runtime.Spec;
using Portal.Engine.Linux.Runtime.Spec.Mounts;
using Portal.Engine.Runtime;
using Portal.Engine.Runtime.Checks;

namespace Portal.Engine.Linux.Runtime.Checks;

/// <summary>What this host can do of what a container asks for.</summary>
internal sealed class LinuxContainerChecks(CgroupAbilities abilities, RuntimeCatalog runtimes, AppArmorProfiles appArmor) : IContainerChecks
{
    public CheckedContainer Examine(ContainerSpec spec)
    {
        var limits = new LimitChecks(abilities);
        var resources = limits.Examine(spec.Resources);
        var problems = new List<string>(limits.Problems);
        problems.AddRange(Rlimits.Problems(spec.Ulimits));
        problems.AddRange(Parses(spec));
        if (OomScore.Problem(spec.OomScoreAdj) is { } score)
        {
            problems.Add(score);
        }

        foreach (var device in spec.Devices.Where(device => !DeviceRuleText.IsPermissions(device.Permissions)))
        {
            problems.Add($"invalid device mode: {device.Permissions}");
        }

        if (!runtimes.Knows(spec.Runtime))
        {
            problems.Add(runtimes.Unknown(spec.Runtime));
        }

        if (!MountAccess.CanBeRecursive && spec.Mounts.Any(mount => mount.Bind is { ReadOnlyForceRecursive: true }))
        {
            problems.Add("recursive read-only mounts need Linux 5.12");
        }

        var asked = AppArmorOf(spec);
        var warnings = asked is null or "" or AppArmorProfiles.Unconfined || appArmor.IsEnabled
            ? limits.Warnings
            : [.. limits.Warnings, $"This host has no AppArmor (kernel and apparmor_parser). The profile {asked} is not applied."];

        // As the runtime is told anyway: a limit of memory alone allows as much swap besides.
        var doubled = resources is { Memory: > 0, MemorySwap: 0 } ? resources with { MemorySwap = resources.Memory * 2 } : resources;
        return new CheckedContainer(Complete(spec) with { Resources = doubled }, problems, warnings)
        {
            AppArmorProfile = appArmor.ProfileOf(asked, spec.Privileged) ?? "",
        };
    }

    public CheckedLimits ExamineLimits(RuntimeResources limits)
    {
        var checks = new LimitChecks(abilities);
        return new CheckedLimits(checks.Examine(limits), checks.Problems, checks.Warnings);
    }

    /// <summary>Fills in what Docker's inspect shows of defaults.</summary>
    private ContainerSpec Complete(ContainerSpec spec)
    {
        var masks = !spec.Privileged;
        var unlabelled = spec.SecurityOptions.Count == 0 && (spec.Privileged || spec.PidMode == "host" || spec.IpcMode == "host");
        return spec with
        {
            SecurityOptions = unlabelled ? ["label=disable"] : spec.SecurityOptions,
            CgroupnsMode = spec.CgroupnsMode.Length > 0 ? spec.CgroupnsMode
                : abilities.Version == 2 && !spec.Privileged ? "private"
                : "host",
            MaskedPaths = spec.MaskedPaths ?? (masks ? DefaultPaths.Masked : null),
            ReadonlyPaths = spec.ReadonlyPaths ?? (masks ? DefaultPaths.ReadOnly : null),
        };
    }

    private static string? AppArmorOf(ContainerSpec spec)
    {
        try
        {
            return SecurityOptions.Parse(spec.SecurityOptions, spec.Privileged).Apparmor;
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.InvalidArgument)
        {
            // Among the problems already.
            return null;
        }
    }

    private static IEnumerable<string> Parses(ContainerSpec spec)
    {
        Action[] steps =
        [
            () => SecurityOptions.Parse(spec.SecurityOptions, spec.Privileged),
            () => CapabilitySet.Check(spec.CapabilitiesToAdd, "CapAdd"),
            () => CapabilitySet.Check(spec.CapabilitiesToDrop, "CapDrop"),
            .. spec.DeviceCgroupRules.Select(rule => (Action)(() => DeviceRuleText.Parse(rule))),
        ];
        foreach (var step in steps)
        {
            if (Try(step) is { } problem)
            {
                yield return problem;
            }
        }
    }

    private static string? Try(Action step)
    {
        try
        {
            step();
            return null;
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.InvalidArgument)
        {
            return failure.Message;
        }
    }
}
