namespace Portal.Engine.Api.Volumes.Models;

/// <summary>The body of <c>POST /volumes/create</c>.</summary>
internal sealed record VolumeCreateRequest
{
    public string Name { get; set; } = "";

    public string Driver { get; set; } = "";

    public Dictionary<string, string>? DriverOpts { get; set; }

    public Dictionary<string, string>? Labels { get; set; }
}
