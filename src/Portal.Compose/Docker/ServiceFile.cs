using System.Globalization;
using System.Text;
using Portal.Compose.Model;
using Portal.Compose.Nodes;

namespace Portal.Compose.Docker;

/// <summary>A config or secret as a file in a container.</summary>
/// <param name="Path">Absolute, in the container.</param>
/// <param name="Mode">Permission bits.</param>
public sealed record ServiceFile(string Path, ReadOnlyMemory<byte> Content, int UserId, int GroupId, int Mode)
{
    // As Docker's: everybody in the container may read them.
    private const int UsualMode = 0b100_100_100;

    /// <summary>All that a service is given.</summary>
    public static IReadOnlyList<ServiceFile> Of(ComposeProject project, ComposeService service) =>
    [
        .. Read(service, "configs", project.Configs, "/"),
        .. Read(service, "secrets", project.Secrets, "/run/secrets/"),
    ];

    /// <summary>Without what may be secret.</summary>
    public override string ToString() => $"ServiceFile {{ {Path} }}";

    private static IEnumerable<ServiceFile> Read(ComposeService service, string section, IReadOnlyList<ComposeFile> known, string folder) =>
        from reference in service.Definition.Items(section).OfType<ComposeMap>()
        let source = reference.Text("source")
        from file in known
        where file.Key == source && file.Content is not null
        let target = reference.Text("target") ?? source
        select new ServiceFile(
            target.StartsWith('/') ? target : folder + target,
            Encoding.UTF8.GetBytes(file.Content!),
            Number(reference, "uid"),
            Number(reference, "gid"),
            reference.Text("mode") is { } mode ? Convert.ToInt32(mode, 8) : UsualMode);

    private static int Number(ComposeMap reference, string key) =>
        int.TryParse(reference.Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
