using System.Net;

namespace Portal.Agent.Link;

/// <summary>Where the agent's server "listens" for the portal: nowhere. Its connections are dialled.</summary>
internal sealed class ReverseEndPoint : EndPoint
{
    public override string ToString() => "reverse link";
}
