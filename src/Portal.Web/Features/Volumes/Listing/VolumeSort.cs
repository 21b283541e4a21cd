namespace Portal.Web.Features.Volumes.Listing;

/// <summary>What the list is sorted by.</summary>
public enum VolumeSort
{
    Name,
    Node,
    Size,
    Created,
    Used,
}
