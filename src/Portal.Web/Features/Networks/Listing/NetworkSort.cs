namespace Portal.Web.Features.Networks.Listing;

/// <summary>What the list is sorted by.</summary>
public enum NetworkSort
{
    Name,
    Node,
    Driver,
    Created,
    Containers,
    Subnets,
}
