namespace Portal.Engine.Api.Containers.Models;

/// <summary>Docker's <c>LogConfig</c>.</summary>
internal sealed record LogConfigModel
{
    public string Type { get; set; } = "";

    public Dictionary<string, string>? Config { get; set; }
}
