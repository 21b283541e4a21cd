namespace Portal.Web.Features.Containers.Listing;

/// <summary>The columns of the list, and what it is sorted by.</summary>
public enum ContainerSort
{
    Name,
    State,
    Image,
    Ports,
    Node,
    Created,
}
