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
        return PortalPath.Relative(KindOf(path)) == href;
    }

    // The pages of a container, an image, a volume and a network stand below their node's in the address, but belong to those of
    // their kind.
    private static string KindOf(string path) => path.Split('/') switch
    {
        [_, "nodes", _, "containers", ..] => "/containers",
        [_, "nodes", _, "images", ..] => "/images",
        [_, "nodes", _, "volumes", ..] => "/volumes",
        [_, "nodes", _, "networks", ..] => "/networks",
        [_, var first, ..] => "/" + first,
        _ => path,
    };
}
