using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Access;

namespace Portal.Web.Components.Layout;

/// <summary>The main menu: what the user may open.</summary>
public sealed partial class NavigationMenu
{
    private IReadOnlyList<PageGroup> _groups = [];

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override async Task OnInitializedAsync() =>
        _groups = PortalPages.For(await Authorizer.ReadAccessAsync((await Authentication).User, CancellationToken.None));
}
