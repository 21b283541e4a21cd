using Npgsql;

namespace Portal.Web.Nodes.Storage;

/// <summary>The keys of nodes in PostgreSQL. Each step is one statement that says what it found, so that of two at once one wins.</summary>
internal sealed class NodeKeyStore(NpgsqlDataSource database)
{
    /// <summary>Keeps a key beside the one in use, in place of one that was offered before.</summary>
    /// <returns>False when the node signs in with another key by now, or is gone.</returns>
    public async Task<bool> OfferAsync(Guid nodeId, byte[] current, byte[] offered, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("update nodes set pending_key = $3 where id = $1 and public_key = $2");
        command.Parameters.Add(new() { Value = nodeId });
        command.Parameters.Add(new() { Value = current });
        command.Parameters.Add(new() { Value = offered });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Puts the offered key in place of the one in use.</summary>
    /// <returns>False when that was done already, or another was offered since.</returns>
    public async Task<bool> ConfirmAsync(Guid nodeId, byte[] offered, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "update nodes set public_key = pending_key, pending_key = null, key_since = $3 where id = $1 and pending_key = $2");
        command.Parameters.Add(new() { Value = nodeId });
        command.Parameters.Add(new() { Value = offered });
        command.Parameters.Add(new() { Value = now.ToUniversalTime() });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
