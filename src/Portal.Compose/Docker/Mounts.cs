using System.Text.Json.Nodes;
using Portal.Compose.Model;
using Portal.Compose.Nodes;

namespace Portal.Compose.Docker;

/// <summary>Binds, volumes and file systems in memory.</summary>
internal static class Mounts
{
    public static JsonObject Of(ComposeProject project, ComposeService service, ContainerPlace place)
    {
        var mounts = service.Definition.Items("volumes").OfType<ComposeMap>().ToArray();
        var taken = mounts.Select(mount => mount.Text("target")).ToHashSet(StringComparer.Ordinal);
        var kept = place.Kept.Where(volume => !taken.Contains(volume.Key) || IsAnonymous(mounts, volume.Key)).ToArray();
        var anew = mounts.Where(mount => !kept.Any(volume => volume.Key == mount.Text("target"))).ToArray();
        return Json.Object(
            ("Binds", Json.List(anew.Where(IsBrought).Select(mount => Brought(mount, place)).Concat(anew.Where(IsShort).Select(Bind))
                .Concat(Secrets(project, service, place)))),
            ("Mounts", Json.Items(anew.Where(mount => !IsBrought(mount) && !IsShort(mount)).Select(mount => Mount(project, mount))
                .Concat(kept.Select(volume => Json.Object(("Type", "volume"), ("Source", volume.Value), ("Target", volume.Key)))))),
            ("Tmpfs", Json.Pairs(service.Definition.Texts("tmpfs").Select(Tmpfs))));
    }

    private static bool IsAnonymous(ComposeMap[] mounts, string target) => mounts.Any(mount =>
        mount.Text("target") == target && mount.Text("type") == "volume" && mount.Text("source") is null);

    // A bind whose folder is to be made where it is missing can only be said in the short form.
    private static bool IsShort(ComposeMap mount) =>
        mount.Text("type") == "bind"
        && !IsBrought(mount)
        && mount.Map("bind")?.Text("create_host_path") != "false"
        && mount.Map("bind")?.Text("recursive") is null;

    private static bool IsBrought(ComposeMap mount) =>
        mount.Text("type") == "bind" && mount.Text("source") is { } source && ProjectBinds.IsOfProject(source);

    // Never to be written: the files are one revision's, and those of others may be the same.
    private static string Brought(ComposeMap mount, ContainerPlace place) =>
        $"{place.Brought.GetValueOrDefault(mount.Text("source")!, mount.Text("source")!)}:{mount.Text("target")}:ro";

    private static IEnumerable<string> Secrets(ComposeProject project, ComposeService service, ContainerPlace place) =>
        from file in ServiceFile.SecretsOf(project, service)
        let source = place.Brought.GetValueOrDefault(file.PlaceKey)
        where source is not null
        select $"{source}:{file.Path}:ro";

    private static string Bind(ComposeMap mount)
    {
        var bind = mount.Map("bind");
        string?[] options = [mount.Flag("read_only") ? "ro" : "rw", bind?.Text("propagation"), bind?.Text("selinux")];
        return $"{mount.Text("source")}:{mount.Text("target")}:{string.Join(',', options.OfType<string>())}";
    }

    private static JsonObject Mount(ComposeProject project, ComposeMap mount)
    {
        var (bind, volume, tmpfs) = (mount.Map("bind"), mount.Map("volume"), mount.Map("tmpfs"));
        var source = mount.Text("source");
        var name = mount.Text("type") == "volume" ? project.Volumes.FirstOrDefault(known => known.Key == source)?.Name ?? source : source;
        return Json.Object(
            ("Type", Json.Text(mount, "type")),
            ("Source", name is null ? null : JsonValue.Create(name)),
            ("Target", Json.Text(mount, "target")),
            ("ReadOnly", Json.Flag(mount, "read_only")),
            ("Consistency", Json.Text(mount, "consistency")),
            ("BindOptions", bind is null ? null : Json.Object(
                ("Propagation", Json.Text(bind, "propagation")),
                ("NonRecursive", bind.Text("recursive") == "disabled" ? true : null))),
            ("VolumeOptions", volume is null ? null : Json.Object(
                ("NoCopy", Json.Flag(volume, "nocopy")),
                ("Labels", Json.Pairs(volume, "labels")),
                ("Subpath", Json.Text(volume, "subpath")))),
            ("TmpfsOptions", tmpfs is null ? null : Json.Object(
                ("SizeBytes", Json.Number(tmpfs, "size")),
                ("Mode", tmpfs.Text("mode") is { } mode ? Convert.ToInt32(mode, 8) : null))));
    }

    private static KeyValuePair<string, string?> Tmpfs(string text)
    {
        var parts = text.Split(':', 2);
        return KeyValuePair.Create(parts[0], (string?)(parts.Length == 2 ? parts[1] : ""));
    }
}
