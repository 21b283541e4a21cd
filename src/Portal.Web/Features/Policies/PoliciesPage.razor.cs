using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Environments;
using Portal.Web.Features.Policies.Enforcing;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Policies;

/// <summary>All policies, with where they apply and what they allow.</summary>
public sealed partial class PoliciesPage
{
    private IReadOnlyList<PolicyEntry>? _policies;
    private PolicyPlaces _places = PolicyPlaces.None;
    private IReadOnlyList<string> _tooOld = [];
    private IReadOnlyList<string> _unsigned = [];
    private bool _mayBypass;

    [Inject]
    internal PolicyDirectory Directory { get; init; } = null!;

    [Inject]
    internal EnvironmentDirectory Environments { get; init; } = null!;

    [Inject]
    internal PolicySender Sender { get; init; } = null!;

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        var user = (await Authentication).User;
        _places = await PolicyPlaces.ReadAsync(Environments, user, CancellationToken.None);
        _mayBypass = await Authorizer.IsAllowedAsync(user, PermissionNames.PoliciesBypass, AccessScope.Everything, CancellationToken.None);
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        _policies = await Directory.ListAsync((await Authentication).User, CancellationToken.None);
        _unsigned = NamesOf(Sender.WithoutSignatures);
        _tooOld = _policies.Count == 0 ? [] : NamesOf(Sender.WithoutPolicies);
    }

    private IReadOnlyList<string> NamesOf(IEnumerable<NodeState> nodes) =>
        [.. nodes.Select(node => node.Name).Where(_places.Shows).Order()];

    private async Task RemoveAsync(PolicyEntry entry)
    {
        if (!await Dialogs.ConfirmAsync(new Confirmation(
            T("Delete the policy {0}?", entry.Name),
            T("Delete"),
            T("What it forbade is allowed again at once on {0}, to whoever has the role for it.", _places.NameOf(entry)),
            PolicyText.Lines(entry.Rules))))
        {
            return;
        }

        var change = await Directory.RemoveAsync((await Authentication).User, entry.Id, CancellationToken.None);
        if (change.Error is { } error)
        {
            Dialogs.Failed(T("Nothing was changed"), error);
        }
        else
        {
            Dialogs.Done(T("Deleted {0}", entry.Name));
        }

        await LoadAsync();
    }
}
