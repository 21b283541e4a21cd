namespace Portal.Engine.Api.Containers.Models;

/// <summary>How layers are mounted.</summary>
internal sealed record GraphDriverModel
{
    public Dictionary<string, string> Data { get; init; } = [];

    public string Name { get; init; } = "overlay2";
}
