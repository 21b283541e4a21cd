namespace Portal.Agent.Link;

/// <summary>How both connections of the link stand; with several portals, those of the one that is best linked.</summary>
/// <param name="Reverse">True while the portal can call.</param>
/// <param name="Telemetry">True since the portal has taken the snapshot.</param>
/// <param name="Problem">Why there is no link, for the user; empty when there is.</param>
internal sealed record LinkReport(bool Reverse, bool Telemetry, string Problem)
{
    public static LinkReport None { get; } = new(false, false, "");

    /// <summary>To how many portals both connections stand.</summary>
    public int Portals { get; init; }

    public bool IsOnline => Reverse && Telemetry;
}
