using System.Net;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Security;

namespace Portal.Web.Identity;

/// <summary>Keeps what came of attempts to sign in: in the audit log, and when somebody was here last.</summary>
/// <remarks>Scoped.</remarks>
internal sealed class SignInRecords(UserManager<PortalUser> users, IAuditLog audit, TimeProvider time)
{
    public async Task<SignInOutcome> SucceededAsync(PortalUser user, IPAddress address, string detail, CancellationToken cancellationToken)
    {
        user.LastSignInAt = time.GetUtcNow();
        await users.UpdateAsync(user);
        await WriteAsync(ActorOf(user, address), user, AuditOutcome.Succeeded, detail, cancellationToken);
        return new SignInOutcome(true, "", user.MustChangePassword);
    }

    public Task FailedAsync(PortalUser user, IPAddress address, string detail, CancellationToken cancellationToken) =>
        WriteAsync(ActorOf(user, address), user, AuditOutcome.Failed, detail, cancellationToken);

    /// <summary>An attempt under a name that nobody has.</summary>
    public Task FailedAsync(string userName, IPAddress address, string detail, CancellationToken cancellationToken) =>
        WriteAsync(new Actor(Guid.Empty, userName, ClientAddress.TextOf(address)), null, AuditOutcome.Failed, detail, cancellationToken);

    private Task WriteAsync(Actor actor, PortalUser? user, AuditOutcome outcome, string detail, CancellationToken cancellationToken)
    {
        var entry = new AuditEntry(actor, "user.sign_in", "user", user?.Id.ToString() ?? "", actor.UserName, null, outcome, detail);
        return audit.WriteAsync(entry, cancellationToken);
    }

    private static Actor ActorOf(PortalUser user, IPAddress address) => new(user.Id, user.UserName!, ClientAddress.TextOf(address));
}
