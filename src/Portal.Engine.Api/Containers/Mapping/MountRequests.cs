using Portal.Engine.Api.Containers.Models.Mounts;
using Portal.Engine.Containers.Mounts;

namespace Portal.Engine.Api.Containers.Mapping;

/// <summary>What <c>--mount</c> asks for, in the engine's form and back.</summary>
internal static class MountRequests
{
    public static IReadOnlyList<MountSpec> Parse(List<MountRequest>? mounts) => [.. (mounts ?? []).Select(Parse)];

    public static List<MountRequest>? Models(IReadOnlyList<MountSpec> mounts) => mounts.Count == 0 ? null : [.. mounts.Select(Model)];

    private static MountSpec Parse(MountRequest mount) => new()
    {
        Type = mount.Type,
        Source = mount.Source ?? "",
        Target = mount.Target,
        ReadOnly = mount.ReadOnly,
        Consistency = mount.Consistency ?? "",
        Bind = mount.BindOptions is not { } bind ? null : new MountBindSpec(
            bind.Propagation ?? "", bind.NonRecursive, bind.CreateMountpoint, bind.ReadOnlyNonRecursive, bind.ReadOnlyForceRecursive),
        Volume = mount.VolumeOptions is not { } volume ? null : new MountVolumeSpec(
            volume.NoCopy,
            volume.Labels ?? [],
            volume.DriverConfig?.Name ?? "",
            volume.DriverConfig?.Options ?? [],
            volume.Subpath ?? ""),
        Tmpfs = mount.TmpfsOptions is not { } tmpfs ? null : new MountTmpfsSpec(
            tmpfs.SizeBytes, tmpfs.Mode, [.. (tmpfs.Options ?? []).Select(words => string.Join('=', words ?? []))]),
    };

    private static MountRequest Model(MountSpec mount) => new()
    {
        Type = mount.Type,
        Source = mount.Source.Length == 0 ? null : mount.Source,
        Target = mount.Target,
        ReadOnly = mount.ReadOnly,
        Consistency = mount.Consistency.Length == 0 ? null : mount.Consistency,
        BindOptions = mount.Bind is not { } bind ? null : new MountBindOptions
        {
            Propagation = bind.Propagation.Length == 0 ? null : bind.Propagation,
            NonRecursive = bind.NonRecursive,
            CreateMountpoint = bind.CreateMountpoint,
            ReadOnlyNonRecursive = bind.ReadOnlyNonRecursive,
            ReadOnlyForceRecursive = bind.ReadOnlyForceRecursive,
        },
        VolumeOptions = mount.Volume is not { } volume ? null : new MountVolumeOptions
        {
            NoCopy = volume.NoCopy,
            Labels = volume.Labels.Count == 0 ? null : new Dictionary<string, string>(volume.Labels),
            DriverConfig = volume is { Driver: "", DriverOptions.Count: 0 } ? null : new MountDriverConfig
            {
                Name = volume.Driver.Length == 0 ? null : volume.Driver,
                Options = volume.DriverOptions.Count == 0 ? null : new Dictionary<string, string>(volume.DriverOptions),
            },
            Subpath = volume.Subpath.Length == 0 ? null : volume.Subpath,
        },
        TmpfsOptions = mount.Tmpfs is not { } tmpfs ? null : new MountTmpfsOptions
        {
            SizeBytes = tmpfs.SizeBytes,
            Mode = tmpfs.Mode,
            Options = tmpfs.Options.Count == 0 ? null : [.. tmpfs.Options.Select(option => option.Split('=', 2).ToList())],
        },
    };
}
