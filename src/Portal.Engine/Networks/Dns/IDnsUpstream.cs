using System.Net;

namespace Portal.Engine.Networks.Dns;

/// <summary>Other name servers.</summary>
internal interface IDnsUpstream
{
    /// <summary>The host's own servers, at most three.</summary>
    IReadOnlyList<IPAddress> HostServers();

    /// <summary>Asks one server; null when it does not answer in time, or only with what is no answer to this query.</summary>
    Task<byte[]?> TryAskAsync(IPAddress server, byte[] query, bool isStream, CancellationToken cancellationToken);
}
