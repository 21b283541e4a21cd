using System.Collections.Immutable;
using Portal.Web.Access;

namespace Portal.Web.Nodes;

/// <summary>Changes the list of nodes. The caller has asked the <see cref="IAuthorizer"/> for <c>nodes.manage</c> before.</summary>
public interface INodeRegistry
{
    /// <summary>Removes a node: its link is cut at once and its proof is refused from now on. Its containers run on.</summary>
    /// <returns>False when there is no such node.</returns>
    Task<bool> RemoveAsync(Guid nodeId, Actor actor, CancellationToken cancellationToken);

    /// <summary>Gives a node other labels, in place of those that it had.</summary>
    /// <returns>Why that can't be, for the user; null when it was done.</returns>
    Task<string?> SetLabelsAsync(
        Guid nodeId, ImmutableSortedDictionary<string, string> labels, Actor actor, CancellationToken cancellationToken);

    /// <summary>Says whether a node takes new containers and images. The caller has asked for <c>nodes.drain</c> instead.</summary>
    /// <returns>Why that can't be, for the user; null when it was done.</returns>
    Task<string?> SetDutyAsync(Guid nodeId, NodeDuty duty, string note, Actor actor, CancellationToken cancellationToken);

    /// <summary>Has a node make a new key, and waits until it has signed in with that: its old one is refused from then on.</summary>
    /// <returns>Why that can't be, for the user; null with the new key's fingerprint when it was done.</returns>
    Task<(string? Error, string Fingerprint)> RotateKeyAsync(Guid nodeId, Actor actor, CancellationToken cancellationToken);

    /// <summary>Gives a node another name.</summary>
    /// <returns>Why that can't be, for the user; null when it was done.</returns>
    Task<string?> RenameAsync(Guid nodeId, string name, Actor actor, CancellationToken cancellationToken);
}
