namespace Portal.Web.Nodes.Storage;

/// <summary>A node that wants to join.</summary>
/// <param name="Id">The id that it shall have.</param>
/// <param name="PublicKey">Its verified public key.</param>
/// <param name="Hostname">Its host's name, already bounded; becomes the node's when it is free.</param>
/// <param name="AgentVersion">The agent's version, already bounded.</param>
internal sealed record NewNode(Guid Id, byte[] PublicKey, string Hostname, string AgentVersion)
{
    /// <summary>JSON object: what the host says of itself, already bounded.</summary>
    public string Host { get; init; } = "{}";

    /// <summary>Where it came from.</summary>
    public string Address { get; init; } = "";
}
