using System.Security.Claims;
using Grpc.Core;

namespace Portal.Web.Features.NodeCalls;

/// <summary>
/// How features call nodes for a person: the grant is checked, the call is made, and a change is written to the audit log, whatever
/// its outcome, before the answer is given.
/// </summary>
public interface INodeCalls
{
    /// <summary>Reads something; needs one permission on the node.</summary>
    /// <exception cref="Access.AccessDeniedException">The user may not.</exception>
    /// <exception cref="NodeCallException">The node refused, failed, or is away.</exception>
    Task<T> ReadAsync<T>(
        ClaimsPrincipal user,
        Guid nodeId,
        string permission,
        Func<CallInvoker, Task<T>> call,
        CancellationToken cancellationToken);

    /// <summary>Reads something; needs all the permissions on the node.</summary>
    /// <exception cref="Access.AccessDeniedException">The user may not.</exception>
    /// <exception cref="NodeCallException">The node refused, failed, or is away.</exception>
    Task<T> ReadAsync<T>(
        ClaimsPrincipal user,
        Guid nodeId,
        IReadOnlyList<string> permissions,
        Func<CallInvoker, Task<T>> call,
        CancellationToken cancellationToken);

    /// <summary>Changes something; needs all the permissions on the node.</summary>
    /// <exception cref="Access.AccessDeniedException">The user may not.</exception>
    /// <exception cref="NodeCallException">The node refused, failed, or is away.</exception>
    Task<T> ChangeAsync<T>(
        ClaimsPrincipal user,
        Guid nodeId,
        IReadOnlyList<string> permissions,
        ChangeSubject subject,
        Func<CallInvoker, Task<T>> call,
        CancellationToken cancellationToken);
}
