using Portal.Contracts.Policies;

namespace Portal.Web.Features.NodeCalls;

/// <summary>What a change is about, for the audit log.</summary>
/// <param name="Action">What is done, as <c>container.start</c>.</param>
/// <param name="ObjectType"><c>container</c>, <c>image</c>, ...</param>
/// <param name="ObjectId">The object's id, or its name before it has one.</param>
/// <param name="ObjectName">The object's name.</param>
/// <param name="Detail">What else is worth recording, without secrets.</param>
public sealed record ChangeSubject(string Action, string ObjectType, string ObjectId, string ObjectName, string Detail = "")
{
    /// <summary>Tells what came of it, once it has succeeded; recorded behind the detail.</summary>
    public Func<string>? Result { get; init; }

    /// <summary>
    /// What of it policies may rule on; empty where the node alone can tell. Null for what policies never rule on.
    /// </summary>
    public IReadOnlyList<PolicyDemand>? Demands { get; init; }
}
