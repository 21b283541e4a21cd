using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Registries;

/// <summary>The portal's registries.</summary>
public sealed partial class RegistriesPage
{
    private readonly Dictionary<Guid, RegistryCheck> _checks = [];
    private ClaimsPrincipal _user = new();
    private IReadOnlyList<RegistryEntry>? _registries;
    private IReadOnlyList<NodeState> _nodes = [];
    private Guid? _nodeId;
    private bool _mayManage;
    private string? _error;

    [Inject]
    public required RegistryDirectory Directory { get; init; }

    [Inject]
    public required RegistryQueries Queries { get; init; }

    [Inject]
    public required RegistryNodes Nodes { get; init; }

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _user = (await Authentication).User;
        _mayManage = await Authorizer.IsAllowedAsync(
            _user, PermissionNames.RegistriesManage, AccessScope.Everything, CancellationToken.None);
        _nodes = await Nodes.ListAsync(_user);
        _nodeId = _nodes.FirstOrDefault()?.Id;
        await LoadAsync();
    }

    private async Task LoadAsync() => _registries = await Directory.ListAsync(_user, CancellationToken.None);

    private void OnNode(ChangeEventArgs change)
    {
        _nodeId = Guid.TryParse(change.Value as string, out var id) ? id : _nodeId;
        _checks.Clear();
    }

    private Task AddAsync() => OpenAsync(T("Add a registry"), null);

    private Task EditAsync(RegistryEntry registry) => OpenAsync(T("Change {0}", registry.Host), registry);

    private async Task OpenAsync(string title, RegistryEntry? registry)
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(RegistryDialog.Registry)] = registry,
            [nameof(RegistryDialog.NodeId)] = _nodeId,
        };
        if (await Dialogs.OpenAsync<RegistryDialog>(title, parameters) is string host)
        {
            Dialogs.Done(T("Saved {0}", host));
            if (registry is not null)
            {
                _checks.Remove(registry.Id);
            }
        }

        await LoadAsync();
    }

    private async Task CheckAsync(RegistryEntry registry)
    {
        _checks[registry.Id] = RegistryCheck.Running;
        StateHasChanged();
        var input = new RegistryInput { Id = registry.Id, Host = registry.Host, UserName = registry.UserName };
        _checks[registry.Id] = await RegistryCheck.RunAsync(Queries, _user, _nodeId!.Value, input);
    }

    private async Task RemoveAsync(RegistryEntry registry)
    {
        var confirmed = await Dialogs.ConfirmAsync(new Confirmation(
            T("Remove {0}?", registry.Host),
            T("Remove"),
            T("Pulls and pushes there go without a login then. Images on nodes stay."),
            registry.HasLogin ? [T("The portal's login there")] : []));
        if (!confirmed)
        {
            return;
        }

        _error = null;
        try
        {
            await Directory.RemoveAsync(_user, registry.Id, CancellationToken.None);
            Dialogs.Done(T("Removed {0}", registry.Host));
        }
        catch (AccessDeniedException failure)
        {
            _error = failure.Message;
        }

        await LoadAsync();
    }
}
