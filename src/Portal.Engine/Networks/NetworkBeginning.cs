namespace Portal.Engine.Networks;

/// <summary>A sandbox that is being made.</summary>
/// <param name="Planned">
/// Its addresses, its ports and the path of its namespace, which are decided. Ids of endpoints and names on the host may still change.
/// </param>
/// <param name="HasNamespace">Ends when the namespace is there, its interfaces perhaps not yet. Fails where <paramref name="Finished"/> does before.</param>
/// <param name="Finished">The sandbox as it is then; fails, leaving nothing, as <see cref="INetworks.AttachAsync"/> does.</param>
public sealed record NetworkBeginning(NetworkSandbox Planned, Task HasNamespace, Task<NetworkSandbox> Finished)
{
    /// <summary>One that is made already.</summary>
    public static NetworkBeginning Of(NetworkSandbox sandbox) => new(sandbox, Task.CompletedTask, Task.FromResult(sandbox));
}
