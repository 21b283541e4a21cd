namespace Portal.Clients.Tests.Hosting;

/// <summary>One run of somebody else's program against the agent.</summary>
/// <param name="Program">The program.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record Client(string Program, string[] Arguments)
{
    /// <summary>Where it runs; null: in the test's folder.</summary>
    public string? Folder { get; init; }

    public IReadOnlyList<(string Name, string Value)> Environment { get; init; } = [];

    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(3);
}
