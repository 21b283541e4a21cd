using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Rendering;

namespace Portal.Web.Components;

/// <summary>
/// Draws the page of a route for who may see it. The framework's own <c>AuthorizeRouteView</c> takes the page away at each change of the
/// address while it asks: what is typed into a search that the address holds would lose its field.
/// </summary>
public sealed class GuardedRouteView : RouteView
{
    /// <summary>Instead of the page, for who may not see it.</summary>
    [Parameter, EditorRequired]
    public RenderFragment<AuthenticationState> NotAuthorized { get; set; } = null!;

    /// <summary>Instead of the page, until that is known.</summary>
    [Parameter, EditorRequired]
    public RenderFragment Authorizing { get; set; } = null!;

    protected override void Render(RenderTreeBuilder builder)
    {
        builder.OpenComponent<RouteGuard>(0);
        builder.AddComponentParameter(1, nameof(RouteGuard.RouteData), RouteData);
        builder.AddComponentParameter(2, nameof(RouteGuard.Authorized), (RenderFragment)base.Render);
        builder.AddComponentParameter(3, nameof(RouteGuard.NotAuthorized), (RenderFragment<AuthenticationState>)Refuse);
        builder.AddComponentParameter(4, nameof(RouteGuard.Authorizing), InLayout(Authorizing));
        builder.CloseComponent();
    }

    private RenderFragment Refuse(AuthenticationState state) => InLayout(NotAuthorized(state));

    // As the base draws a page: the layout stays where it is when one takes the other's place.
    private RenderFragment InLayout(RenderFragment content) => builder =>
    {
        builder.OpenComponent<LayoutView>(0);
        builder.AddComponentParameter(1, nameof(LayoutView.Layout), DefaultLayout);
        builder.AddComponentParameter(2, nameof(LayoutView.ChildContent), content);
        builder.CloseComponent();
    };
}
