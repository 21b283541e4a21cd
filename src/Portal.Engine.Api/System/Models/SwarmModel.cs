namespace Portal.Engine.Api.System.Models;

/// <summary>The state of a swarm, of which there is none.</summary>
internal sealed record SwarmModel
{
    public string NodeID { get; init; } = "";

    public string NodeAddr { get; init; } = "";

    public string LocalNodeState { get; init; } = "inactive";

    public bool ControlAvailable { get; init; }

    public string Error { get; init; } = "";

    public List<string>? RemoteManagers { get; init; }
}
