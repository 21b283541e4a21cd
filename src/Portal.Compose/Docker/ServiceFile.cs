using System.Globalization;
using System.Security.Cryptography;
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

    /// <summary>Names the file among those that are brought to a node: what is the same has the same.</summary>
    public string PlaceKey =>
        $"secret {Convert.ToHexStringLower(SHA256.HashData(Content.Span))} {UserId} {GroupId} {Mode}";

    /// <summary>The configs that a service is given: files in the container's own layer.</summary>
    public static IReadOnlyList<ServiceFile> ConfigsOf(ComposeProject project, ComposeService service) =>
        [.. Read(service, "configs", project.Configs, "/")];

    /// <summary>The secrets that a service is given: mounted, and in no layer.</summary>
    public static IReadOnlyList<ServiceFile> SecretsOf(ComposeProject project, ComposeService service) =>
        [.. Read(service, "secrets", project.Secrets, "/run/secrets/")];

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
            file.Content!,
            Number(reference, "uid"),
            Number(reference, "gid"),
            reference.Text("mode") is { } mode ? Convert.ToInt32(mode, 8) : UsualMode);

    private static int Number(ComposeMap reference, string key) =>
        int.TryParse(reference.Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
