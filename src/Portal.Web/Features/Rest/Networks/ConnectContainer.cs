using Portal.Contracts.Networks.V1;

namespace Portal.Web.Features.Rest.Networks;

/// <summary>A container to connect to a network.</summary>
/// <param name="Container">Its id or name.</param>
/// <param name="Settings">What it asks of the network; null to leave the choice to the engine.</param>
internal sealed record ConnectContainer(string Container, EndpointSettings? Settings = null);
