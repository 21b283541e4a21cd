namespace Portal.Engine.Linux.Runtime.Cdi.Model;

/// <summary>A mount.</summary>
internal sealed record CdiMount
{
    public string HostPath { get; set; } = "";

    public string ContainerPath { get; set; } = "";

    public string Type { get; set; } = "";

    public List<string> Options { get; set; } = [];
}
