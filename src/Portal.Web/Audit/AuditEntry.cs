using Portal.Web.Access;

namespace Portal.Web.Audit;

/// <summary>One entry: who did what, on which object, from where, and how it came out.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Action">What, as <c>container.start</c>, <c>user.sign_in</c>.</param>
/// <param name="ObjectType"><c>container</c>, <c>image</c>, <c>node</c>, <c>user</c>, ...</param>
/// <param name="ObjectId">The object's id.</param>
/// <param name="ObjectName">The object's name at that time.</param>
/// <param name="NodeId">The node that it is on, or null.</param>
/// <param name="Outcome">How it came out.</param>
/// <param name="Detail">What else is worth knowing, without secrets; empty for nothing.</param>
public sealed record AuditEntry(
    Actor Actor,
    string Action,
    string ObjectType,
    string ObjectId,
    string ObjectName,
    Guid? NodeId,
    AuditOutcome Outcome,
    string Detail = "")
{
    /// <summary>What it was about and how it failed, in one detail: neither pushes the other out.</summary>
    public static string Join(string detail, string? error) =>
        string.IsNullOrEmpty(error) ? detail : detail.Length == 0 ? error : $"{detail}: {error}";
}
