namespace Portal.Engine.Distribution.Queries;

/// <summary>A repository that a search found.</summary>
public sealed record FoundRepository
{
    /// <summary>Its name in the registry, as users write it: <c>busybox</c>, <c>team/app</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What its owner says of it; empty where the registry keeps no such thing.</summary>
    public string Description { get; init; } = "";

    /// <summary>How many people like it.</summary>
    public int Stars { get; init; }

    /// <summary>True when the registry's keepers look after it.</summary>
    public bool IsOfficial { get; init; }

    /// <summary>True when it is built by the registry itself.</summary>
    public bool IsAutomated { get; init; }
}
