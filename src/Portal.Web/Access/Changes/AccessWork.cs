using Portal.Data;
using Portal.Web.Audit;

namespace Portal.Web.Access.Changes;

/// <summary>One change while it is made: one per call.</summary>
/// <param name="database">Inside the change's transaction.</param>
/// <param name="own">What whoever makes it may do.</param>
internal sealed class AccessWork(PortalDbContext database, EffectiveAccess own)
{
    private (string Type, string Id, string Name, string Detail, Guid? NodeId) _subject = ("access", "", "", "", null);

    public PortalDbContext Database { get; } = database;

    public EffectiveAccess Own { get; } = own;

    /// <summary>What the audit log will say of it.</summary>
    public void Describe(string type, Guid id, string name, string detail = "", Guid? nodeId = null) =>
        _subject = (type, id.ToString(), name, detail, nodeId);

    public AuditEntry ToEntry(Actor actor, string action, string? error)
    {
        var outcome = error is null ? AuditOutcome.Succeeded : AuditOutcome.Failed;
        var (type, id, name, detail, nodeId) = _subject;
        return new AuditEntry(actor, action, type, id, name, nodeId, outcome, AuditEntry.Join(detail, error));
    }
}
