using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Access;
using Portal.Web.Access.Changes;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Environments;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Permissions.Grants;

/// <summary>The roles of a person or a team: on everything, on environments, on nodes, on stacks.</summary>
public sealed partial class GrantsEditor
{
    private IReadOnlyList<GrantEntry>? _grants;
    private IReadOnlyList<Role> _roles = [];
    private IReadOnlyList<Place> _places = [];
    private ClaimsPrincipal _user = new();
    private string _role = BuiltInRoles.Viewer;
    private Guid _place = Guid.Empty;
    private string? _error;

    [Inject]
    internal GrantDirectory Directory { get; init; } = null!;

    [Inject]
    internal EnvironmentDirectory Environments { get; init; } = null!;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required IFleet Fleet { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [Parameter, EditorRequired]
    public object Subject { get; set; } = new GrantSubject();

    /// <summary>Whether it stands in a dialog, which it then closes.</summary>
    [Parameter]
    public bool InDialog { get; set; }

    private GrantSubject Whose => (GrantSubject)Subject;

    protected override async Task OnInitializedAsync()
    {
        _user = (await Authentication).User;
        _roles = await Directory.ListRolesAsync(_user, CancellationToken.None);
        var environments = await Environments.ListAsync(_user, CancellationToken.None);
        var stacks = await Directory.ListStacksAsync(_user, CancellationToken.None);
        _places =
        [
            new Place(Guid.Empty, T("everything"), AccessScope.Everything),
            .. environments.Select(row => new Place(row.Id, T("the environment {0}", row.Name), AccessScope.Environment(row.Id))),
            .. Fleet.Current.Nodes.Values.OrderBy(node => node.Name, StringComparer.OrdinalIgnoreCase)
                .Select(node => new Place(node.Id, T("the node {0}", node.Name), AccessScope.Node(node.Id))),
            .. stacks.Select(row => new Place(row.Id, T("the stack {0} on {1}", row.Name, row.Place), AccessScope.Stack(row.Id))),
        ];
        await LoadAsync();
    }

    private async Task LoadAsync() => _grants = await Directory.ListAsync(_user, Whose, CancellationToken.None);

    private async Task GrantAsync()
    {
        var scope = _places.First(place => place.Id == _place).Scope;
        await FinishAsync(await Directory.GrantAsync(_user, Whose, _role, scope, CancellationToken.None));
    }

    private async Task RevokeAsync(GrantEntry grant) =>
        await FinishAsync(await Directory.RevokeAsync(_user, Whose, grant.Id, CancellationToken.None));

    private async Task FinishAsync(AccessChange change)
    {
        _error = change.Error;
        await LoadAsync();
    }

    private bool IsTheirs(GrantEntry grant) => grant.TeamId == Whose.TeamId;

    private sealed record Place(Guid Id, string Name, AccessScope Scope);
}
