namespace Portal.Engine.Api.Containers.Models;

/// <summary>The part of <c>NetworkSettings</c> that a list has.</summary>
internal sealed record SummaryNetworks(Dictionary<string, EndpointModel> Networks);
