namespace Portal.Web.Features.Networks.Listing;

/// <summary>Which networks the list shows.</summary>
public enum NetworkUse
{
    All,

    /// <summary>With a container.</summary>
    Used,

    /// <summary>Made by people, without a container.</summary>
    Unused,

    /// <summary>Made by people.</summary>
    Custom,

    /// <summary>Those that are always there.</summary>
    BuiltIn,
}
