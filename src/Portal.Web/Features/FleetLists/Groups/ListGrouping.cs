namespace Portal.Web.Features.FleetLists.Groups;

/// <summary>By what rows of a list stand together.</summary>
public enum ListGrouping
{
    None,
    Node,
    Stack,
}
