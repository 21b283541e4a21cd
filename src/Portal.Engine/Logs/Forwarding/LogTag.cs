using System.Text.RegularExpressions;
using Portal.Engine.Containers;

namespace Portal.Engine.Logs.Forwarding;

/// <summary>Docker's tag templates: <c>{{.Name}}/{{.ID}}</c>.</summary>
internal static partial class LogTag
{
    private const string Default = "{{.ID}}";
    private const int ShortId = 12;

    private static readonly string[] s_fields =
    [
        "ID", "FullID", "Name", "ImageID", "ImageFullID", "ImageName", "DaemonName", "Command", "Hostname", "ContainerID", "ContainerName",
        "ContainerImageID", "ContainerImageName",
    ];

    /// <summary>What is wrong with a template; null when nothing is.</summary>
    public static string? Problem(string template)
    {
        var rest = Field().Replace(template, match => s_fields.Contains(match.Groups[1].Value) ? "" : match.Value);
        return rest.Contains("{{", StringComparison.Ordinal) || rest.Contains("}}", StringComparison.Ordinal)
            ? $"invalid value '{template}' for log opt 'tag': it may hold {string.Join(", ", s_fields.Select(name => "{{." + name + "}}"))}"
            : null;
    }

    public static string Format(ContainerInfo container)
    {
        var template = container.Spec.LogOptions.GetValueOrDefault("tag");
        return Field().Replace(
            string.IsNullOrEmpty(template) ? Default : template, match => Value(container, match.Groups[1].Value) ?? match.Value);
    }

    private static string? Value(ContainerInfo container, string field) => field switch
    {
        "ID" => container.Id[..ShortId],
        "FullID" or "ContainerID" => container.Id,
        "Name" => container.Name,
        "ContainerName" => "/" + container.Name,
        "ImageID" => container.ImageId.Replace("sha256:", "", StringComparison.Ordinal)[..ShortId],
        "ImageFullID" or "ContainerImageID" => container.ImageId,
        "ImageName" or "ContainerImageName" => container.Spec.Image,
        "DaemonName" => "docker",
        "Command" => string.Join(' ', container.Arguments),
        "Hostname" => Environment.MachineName,
        _ => null,
    };

    [GeneratedRegex(@"\{\{\s*\.([A-Za-z]+)\s*\}\}")]
    private static partial Regex Field();
}
