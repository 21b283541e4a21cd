using Portal.Contracts.Hubs;

namespace Portal.Web.Nodes.Storage;

/// <summary>What the database keeps of nodes. Each member is one transaction.</summary>
internal interface INodeStore
{
    Task<IReadOnlyList<NodeRecord>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The node, or null when it never joined or was removed. Asked for every connection: no cache stands between.</summary>
    Task<NodeRecord?> FindAsync(Guid nodeId, CancellationToken cancellationToken);

    Task AddTokenAsync(StoredJoinToken token, CancellationToken cancellationToken);

    /// <summary>Takes back all tokens with that note.</summary>
    Task RevokeTokensAsync(string note, CancellationToken cancellationToken);

    /// <summary>Takes one use of the token and makes the node, or puts it on the waiting list when the token says so: both or neither.</summary>
    /// <returns>What came of it, or null when no such token is good at that time.</returns>
    Task<JoinedNode?> JoinAsync(
        Guid tokenId, byte[] secretHash, NewNode node, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes the node with its events.</summary>
    /// <returns>Its name, or null when there was none.</returns>
    Task<string?> RemoveAsync(Guid nodeId, CancellationToken cancellationToken);

    /// <summary>Gives the node other labels.</summary>
    /// <returns>The node, or null when there is no such node.</returns>
    Task<NodeRecord?> SetLabelsAsync(
        Guid nodeId, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken);

    /// <summary>Says whether the node takes new containers and images.</summary>
    /// <returns>The node, or null when there is no such node.</returns>
    Task<NodeRecord?> SetDutyAsync(Guid nodeId, NodeDuty duty, string note, CancellationToken cancellationToken);

    /// <summary>Gives the node another name.</summary>
    /// <returns>Its old name, or null when there is no such node.</returns>
    /// <exception cref="Npgsql.PostgresException">Another node has that name (unique violation).</exception>
    Task<string?> RenameAsync(Guid nodeId, string name, CancellationToken cancellationToken);

    /// <summary>Begins a connection: when the node's numbers have begun anew, so does the epoch.</summary>
    /// <param name="nodeId">The node.</param>
    /// <param name="newest">The number of the node's newest event.</param>
    /// <param name="run">The agent's run: within one, numbers never begin anew, whatever another portal has been told meanwhile.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The number of the last event that is kept.</returns>
    Task<long> BeginEventsAsync(Guid nodeId, long newest, Guid? run, CancellationToken cancellationToken);

    /// <summary>Keeps events; those that are kept already are passed over.</summary>
    /// <returns>The number of the last event that is kept.</returns>
    Task<long> AppendEventsAsync(Guid nodeId, IReadOnlyList<NodeEvent> events, CancellationToken cancellationToken);
}
