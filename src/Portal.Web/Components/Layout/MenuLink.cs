using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace Portal.Web.Components.Layout;

/// <summary>A link of the main menu, marked while the reader is on a page of that kind.</summary>
public sealed class MenuLink : NavLink
{
    [Inject]
    public required NavigationManager Address { get; init; }

    protected override bool ShouldMatch(string uriAbsolute)
    {
        var path = "/" + Address.ToBaseRelativePath(uriAbsolute).Split('?', '#')[0];
        var href = (string)AdditionalAttributes!["href"];
        return KindOf(path) == href;
    }

    // A container's page stands below its node's in the address, but belongs to the containers.
    private static string KindOf(string path) => path.Split('/') switch
    {
        [_, "nodes", _, "containers", ..] => "/containers",
        [_, var first, ..] => "/" + first,
        _ => path,
    };
}
