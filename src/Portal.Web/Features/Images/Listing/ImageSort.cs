namespace Portal.Web.Features.Images.Listing;

/// <summary>What the list is sorted by.</summary>
public enum ImageSort
{
    Name,
    Node,
    Size,
    Built,
    Used,
}
