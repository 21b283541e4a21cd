namespace Portal.Web.Features.Volumes.Listing;

/// <summary>Which volumes the list shows.</summary>
public enum VolumeUse
{
    All,

    /// <summary>With a container.</summary>
    Used,

    /// <summary>Without a container.</summary>
    Unused,

    /// <summary>That nobody named.</summary>
    Anonymous,
}
