using Portal.Compose.Model;

namespace Portal.Compose.Placing;

/// <summary>A service while its replicas are placed.</summary>
internal sealed class PlacingService(ComposeService service, ServicePlacement rules)
{
    public ComposeService Service => service;

    public ServicePlacement Rules => rules;

    public string Name => service.Name;

    /// <summary>Replicas that can't stay where they are, or are too many.</summary>
    public List<PlacedReplica> Leaving { get; } = [];

    /// <summary>How many are to be placed yet.</summary>
    public int Missing { get; set; }
}
