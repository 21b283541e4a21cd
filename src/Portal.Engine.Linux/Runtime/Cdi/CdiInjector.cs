using Portal.Engine.Errors;
using Portal.Engine.Linux.Runtime.Cdi.Model;
using Portal.Engine.Linux.Runtime.Oci;
using Portal.Engine.Linux.Runtime.Oci.Hooks;
using Portal.Engine.Linux.Runtime.Spec;

namespace Portal.Engine.Linux.Runtime.Cdi;

/// <summary>Puts the edits of a device into a specification.</summary>
internal static class CdiInjector
{
    /// <exception cref="EngineException">InvalidArgument: a device node of the edits is not on this host.</exception>
    public static OciSpec Inject(OciSpec spec, CdiEdits edits)
    {
        var nodes = edits.DeviceNodes.Select(Node).ToList();
        var paths = nodes.Select(node => node.Device.Path).ToHashSet(StringComparer.Ordinal);
        var places = edits.Mounts.Select(mount => mount.ContainerPath).ToHashSet(StringComparer.Ordinal);
        return spec with
        {
            Process = spec.Process with
            {
                Env = [.. spec.Process.Env.Where(variable => !IsSetBy(edits, variable)), .. edits.Env],
                User = spec.Process.User with
                {
                    AdditionalGids = [.. spec.Process.User.AdditionalGids.Concat(edits.AdditionalGids).Distinct()],
                },
            },
            Mounts = [.. spec.Mounts.Where(mount => !places.Contains(mount.Destination)), .. edits.Mounts.Select(Mount)],
            Hooks = Hooks(spec.Hooks ?? new OciHooks(), edits.Hooks),
            Linux = spec.Linux with
            {
                Devices =
                [
                    .. (spec.Linux.Devices ?? []).Where(device => !paths.Contains(device.Path)),
                    .. nodes.Select(node => node.Device),
                ],
                Resources = spec.Linux.Resources with
                {
                    Devices = [.. spec.Linux.Resources.Devices, .. nodes.Select(node => DeviceNodes.Rule(node.Device, node.Permissions))],
                },
            },
        };
    }

    private static bool IsSetBy(CdiEdits edits, string variable)
    {
        var name = variable.Split('=', 2)[0] + "=";
        return edits.Env.Any(own => own.StartsWith(name, StringComparison.Ordinal));
    }

    private static (OciDevice Device, string Permissions) Node(CdiDeviceNode node)
    {
        var source = node.HostPath.Length > 0 ? node.HostPath : node.Path;
        var status = DeviceNodes.ReadFollowing(source);
        if (status is not null && !DeviceNodes.IsDevice(status))
        {
            throw EngineException.InvalidArgument($"CDI device injection failed: {source} is not a device node");
        }

        if (status is null && (node.Type.Length == 0 || node.Major is null || node.Minor is null))
        {
            throw EngineException.InvalidArgument($"CDI device injection failed: stat {source}: no such file or directory");
        }

        var found = status is null ? null : DeviceNodes.ToDevice(node.Path, status);
        var device = new OciDevice(
            node.Path,
            node.Type.Length > 0 ? node.Type : found!.Type,
            node.Major ?? found!.Major,
            node.Minor ?? found!.Minor,
            node.FileMode ?? found?.FileMode ?? 0x1b6,
            node.Uid ?? found?.Uid ?? 0,
            node.Gid ?? found?.Gid ?? 0);
        return (device, node.Permissions);
    }

    private static OciMount Mount(CdiMount mount)
    {
        return new OciMount(
            mount.ContainerPath,
            mount.Type.Length > 0 ? mount.Type : "bind",
            mount.HostPath,
            mount.Options.Count > 0 ? mount.Options : ["rbind", "ro"]);
    }

    private static OciHooks? Hooks(OciHooks hooks, IReadOnlyList<CdiHook> added)
    {
        foreach (var hook in added)
        {
            var one = new OciHook(
                hook.Path, hook.Args.Count > 0 ? hook.Args : null, hook.Env.Count > 0 ? hook.Env : null, hook.Timeout);
            hooks = hook.HookName switch
            {
                "prestart" => hooks with { Prestart = [.. hooks.Prestart ?? [], one] },
                "createRuntime" => hooks with { CreateRuntime = [.. hooks.CreateRuntime ?? [], one] },
                "createContainer" => hooks with { CreateContainer = [.. hooks.CreateContainer ?? [], one] },
                "startContainer" => hooks with { StartContainer = [.. hooks.StartContainer ?? [], one] },
                "poststart" => hooks with { Poststart = [.. hooks.Poststart ?? [], one] },
                _ => hooks with { Poststop = [.. hooks.Poststop ?? [], one] },
            };
        }

        return hooks == new OciHooks() ? null : hooks;
    }
}
