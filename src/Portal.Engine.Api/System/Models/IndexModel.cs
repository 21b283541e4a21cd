namespace Portal.Engine.Api.System.Models;

/// <summary>A registry.</summary>
internal sealed record IndexModel
{
    public required string Name { get; init; }

    public List<string> Mirrors { get; init; } = [];

    public bool Secure { get; init; }

    public bool Official { get; init; }
}
