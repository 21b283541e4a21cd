namespace Portal.Engine.Events;

/// <summary>One event, in Docker's terms (<c>docker events</c>).</summary>
/// <param name="Sequence">Its number, from 1 without gaps.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Type">What kind of object it happened to.</param>
/// <param name="Action">What happened, in Docker's word: <c>create</c>, <c>start</c>, <c>die</c>, <c>pull</c>, ...</param>
/// <param name="ActorId">The object's id.</param>
/// <param name="Attributes">Docker's attributes: <c>name</c>, <c>image</c>, <c>exitCode</c>, labels, ...</param>
public sealed record EngineEvent(
    long Sequence,
    DateTimeOffset Time,
    EngineEventType Type,
    string Action,
    string ActorId,
    IReadOnlyDictionary<string, string> Attributes);
