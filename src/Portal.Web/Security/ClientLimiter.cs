using System.Net;

namespace Portal.Web.Security;

/// <summary>Bounds how often one client (<see cref="ClientNetwork"/>) may try what can be guessed.</summary>
/// <remarks>Any thread. Each portal counts for itself.</remarks>
internal abstract class ClientLimiter(TimeProvider time, int limit, TimeSpan window) : AttemptLimiter<IPAddress>(time, limit, window)
{
    protected override IPAddress Normalize(IPAddress key) => ClientNetwork.Of(key);
}
