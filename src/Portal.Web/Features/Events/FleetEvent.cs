namespace Portal.Web.Features.Events;

/// <summary>An event of a node's engine, as it was kept.</summary>
public sealed record FleetEvent(
    Guid NodeId,
    int Epoch,
    long Sequence,
    DateTimeOffset At,
    string Type,
    string Action,
    string ActorId,
    IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>What tells it apart from all others.</summary>
    public string Key => $"{NodeId:N}-{Epoch}-{Sequence}";

    /// <summary>What the object is called; its id where it has no name.</summary>
    public string Name => Attributes.GetValueOrDefault("name") is { Length: > 0 } name ? name
        : ActorId.Length == 64 ? ActorId[..12] : ActorId;
}
