using System.Net;

namespace Portal.Engine.Networks.Dns;

/// <summary>Answers containers' questions about names.</summary>
internal interface INameServer
{
    /// <summary>Answers at these addresses from now on, and nowhere else. An address that can't be had is tried again each second.</summary>
    /// <param name="gateways">The host's addresses on the networks whose containers ask.</param>
    /// <param name="names">What is known at the time of a question.</param>
    void Serve(IReadOnlyCollection<IPAddress> gateways, Func<NameTable> names);
}
