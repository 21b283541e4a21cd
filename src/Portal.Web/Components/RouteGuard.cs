using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Rendering;
using RouteData = Microsoft.AspNetCore.Components.RouteData;

namespace Portal.Web.Components;

/// <summary>
/// Asks anew at each change of the address whether the user may see the page. While it asks, a page that is shown stays when it is the
/// same one for the same objects: then its search, order or filters alone have changed.
/// </summary>
internal sealed class RouteGuard : ComponentBase
{
    private RouteData? _shown;
    private AuthenticationState? _state;
    private bool? _allowed;

    [Inject]
    public required IAuthorizationService Authorization { get; init; }

    [Inject]
    public required IAuthorizationPolicyProvider Policies { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [Parameter, EditorRequired]
    public RouteData RouteData { get; set; } = null!;

    [Parameter, EditorRequired]
    public RenderFragment Authorized { get; set; } = null!;

    [Parameter, EditorRequired]
    public RenderFragment<AuthenticationState> NotAuthorized { get; set; } = null!;

    [Parameter, EditorRequired]
    public RenderFragment Authorizing { get; set; } = null!;

    protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, _allowed switch
    {
        true => Authorized,
        false => NotAuthorized(_state!),
        null => Authorizing,
    });

    protected override async Task OnParametersSetAsync()
    {
        var route = RouteData;
        if (_allowed != true || !IsSamePage(_shown, route))
        {
            _allowed = null;
        }

        _shown = route;
        var state = await Authentication;
        var allowed = await IsAllowedAsync(state, route);
        if (ReferenceEquals(route, RouteData))
        {
            (_state, _allowed) = (state, allowed);
        }
    }

    private async Task<bool> IsAllowedAsync(AuthenticationState state, RouteData route)
    {
        var attributes = route.PageType.GetCustomAttributes(inherit: true);
        var demands = attributes.OfType<IAuthorizeData>().ToList();
        if (demands.Count == 0 || attributes.OfType<IAllowAnonymous>().Any())
        {
            return true;
        }

        var policy = await AuthorizationPolicy.CombineAsync(Policies, demands);
        return policy is null || (await Authorization.AuthorizeAsync(state.User, route, policy)).Succeeded;
    }

    private static bool IsSamePage(RouteData? one, RouteData other) =>
        one is not null
        && one.PageType == other.PageType
        && one.RouteValues.Count == other.RouteValues.Count
        && one.RouteValues.All(value => other.RouteValues.TryGetValue(value.Key, out var found) && Equals(found, value.Value));
}
