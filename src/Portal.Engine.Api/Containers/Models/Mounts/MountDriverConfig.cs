namespace Portal.Engine.Api.Containers.Models.Mounts;

/// <summary>The driver of a volume that a mount asks for.</summary>
internal sealed record MountDriverConfig
{
    public string Name { get; set; } = "";

    public Dictionary<string, string>? Options { get; set; }
}
