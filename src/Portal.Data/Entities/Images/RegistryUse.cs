namespace Portal.Data.Entities.Images;

/// <summary>A node that was given the portal's login to a registry, because somebody pulled or pushed there.</summary>
public sealed class RegistryUse
{
    public Guid RegistryId { get; set; }

    public Guid NodeId { get; set; }
}
