namespace Portal.Web.Features.FleetLists;

/// <summary>A thing on a node, as a list over all nodes shows it.</summary>
/// <typeparam name="TKey">What tells it from all others of the fleet.</typeparam>
public interface IFleetRow<TKey>
{
    TKey Key { get; }

    Guid NodeId { get; }

    string NodeName { get; }

    /// <summary>The node is away: this is how it stood when it was last heard of.</summary>
    bool Stale { get; }

    /// <summary>The stack that it belongs to; empty for none.</summary>
    string Stack => "";

    /// <summary>Whether something that people look for it by contains the text.</summary>
    bool Matches(string search);
}
