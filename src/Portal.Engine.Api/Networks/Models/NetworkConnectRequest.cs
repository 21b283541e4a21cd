using Portal.Engine.Api.Containers.Models;

namespace Portal.Engine.Api.Networks.Models;

/// <summary>The body of <c>POST /networks/{id}/connect</c> and <c>/disconnect</c>.</summary>
internal sealed record NetworkConnectRequest
{
    public string Container { get; set; } = "";

    public bool Force { get; set; }

    public EndpointModel? EndpointConfig { get; set; }
}
