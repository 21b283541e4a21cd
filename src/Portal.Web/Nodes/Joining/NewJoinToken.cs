namespace Portal.Web.Nodes.Joining;

/// <summary>What a join token shall allow.</summary>
public sealed record NewJoinToken
{
    /// <summary>How many nodes may join with it, 1 to 10,000.</summary>
    /// <value>The default value is 1.</value>
    public int Uses { get; init; } = 1;

    /// <summary>How long it is good, up to 90 days.</summary>
    /// <value>The default value is one hour.</value>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What it is for, in its maker's words.</summary>
    public string Note { get; init; } = "";

    /// <summary>Where the nodes that join with it come to; null for no environment.</summary>
    public Guid? EnvironmentId { get; init; }

    /// <summary>Whether an administrator looks at each host that comes with it before it becomes a node.</summary>
    public bool Confirm { get; init; }

    /// <summary>Given to the nodes that join with it.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
