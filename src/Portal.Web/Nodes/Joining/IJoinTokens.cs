using Portal.Web.Access;

namespace Portal.Web.Nodes.Joining;

/// <summary>Makes join tokens. The caller has asked the <see cref="IAuthorizer"/> for <c>nodes.manage</c> before.</summary>
public interface IJoinTokens
{
    /// <summary>Makes a token and writes that to the audit log.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range; the message tells which.</exception>
    Task<CreatedJoinToken> CreateAsync(NewJoinToken settings, Actor actor, CancellationToken cancellationToken);
}
