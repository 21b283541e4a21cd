namespace Portal.Contracts.Hubs;

/// <summary>An event of a node's engine, in Docker's terms.</summary>
/// <param name="Sequence">Its number on the node, from 1 without gaps.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Type"><c>container</c>, <c>image</c>, <c>network</c>, <c>volume</c>, <c>daemon</c>.</param>
/// <param name="Action">Docker's word.</param>
/// <param name="ActorId">The object's id.</param>
/// <param name="Attributes">Docker's attributes.</param>
public sealed record NodeEvent(
    long Sequence,
    DateTimeOffset Time,
    string Type,
    string Action,
    string ActorId,
    IReadOnlyDictionary<string, string> Attributes);
