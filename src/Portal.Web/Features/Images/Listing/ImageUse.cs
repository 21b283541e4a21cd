namespace Portal.Web.Features.Images.Listing;

/// <summary>Which images the list shows.</summary>
public enum ImageUse
{
    All,

    /// <summary>With a container.</summary>
    Used,

    /// <summary>Without a container.</summary>
    Unused,

    /// <summary>Without a name.</summary>
    Dangling,

    /// <summary>A check of the node's store found something wrong.</summary>
    Damaged,
}
