using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Audit;

namespace Portal.Web.Features.People.Directory;

/// <summary>One change of a person while it is made: one per call.</summary>
internal sealed class PeopleWork(PortalDbContext database, UserManager<PortalUser> users, string subject)
{
    private string _id = "";
    private string _name = subject;
    private string _detail = "";
    private Guid? _nodeId;

    public PortalDbContext Database { get; } = database;

    public UserManager<PortalUser> Users { get; } = users;

    /// <summary>What the audit log will say of it.</summary>
    public void Describe(PortalUser person, string detail, Guid? nodeId = null)
    {
        _id = person.Id.ToString();
        _name = person.UserName!;
        _detail = detail;
        _nodeId = nodeId;
    }

    /// <summary>Signs the person out everywhere, when the change is committed.</summary>
    public Task EndSessionsAsync(PortalUser person, CancellationToken cancellationToken) =>
        Database.UserSessions.Where(session => session.UserId == person.Id).ExecuteDeleteAsync(cancellationToken);

    public AuditEntry ToEntry(Actor actor, string action, string? error)
    {
        var outcome = error is null ? AuditOutcome.Succeeded : AuditOutcome.Failed;
        return new AuditEntry(actor, action, "user", _id, _name, _nodeId, outcome, AuditEntry.Join(_detail, error));
    }
}
