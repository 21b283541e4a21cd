using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.People.Directory;
using Portal.Web.Nodes;

namespace Portal.Web.Features.People;

public sealed partial class RolesDialog
{
    private IReadOnlyList<ScopeChoice> _scopes = [];
    private ClaimsPrincipal _user = new();
    private Person? _person;
    private string _role = BuiltInRoles.Viewer;
    private Guid _nodeId = Guid.Empty;
    private string? _error;

    [Inject]
    internal PeopleDirectory Directory { get; init; } = null!;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required IFleet Fleet { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [Parameter, EditorRequired]
    public Guid PersonId { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _user = (await Authentication).User;
        _scopes = [
            new ScopeChoice(Guid.Empty, "everything"),
            .. Fleet.Current.Nodes.Values.OrderBy(node => node.Name, StringComparer.OrdinalIgnoreCase)
                .Select(node => new ScopeChoice(node.Id, $"the node {node.Name}")),
        ];
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        var people = await Directory.ListAsync(_user, CancellationToken.None);
        _person = people.FirstOrDefault(person => person.Id == PersonId);
    }

    private async Task GrantAsync()
    {
        var nodeId = _nodeId == Guid.Empty ? (Guid?)null : _nodeId;
        _error = (await Directory.GrantAsync(_user, PersonId, _role, nodeId, CancellationToken.None)).Error;
        await LoadAsync();
    }

    private async Task RevokeAsync(PersonGrant grant)
    {
        _error = (await Directory.RevokeAsync(_user, PersonId, grant.Id, CancellationToken.None)).Error;
        await LoadAsync();
    }

    private string NameOf(Guid? nodeId) =>
        _scopes.FirstOrDefault(scope => scope.Id == (nodeId ?? Guid.Empty))?.Name ?? "a node that was removed";

    private sealed record ScopeChoice(Guid Id, string Name);
}
