using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Access.Tokens;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Environments;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Tokens;

/// <summary>One's own tokens; for administrators everybody's too.</summary>
public sealed partial class TokensPage
{
    private ClaimsPrincipal _user = new();
    private IReadOnlyList<TokenEntry>? _tokens;
    private Dictionary<Guid, string> _environments = [];
    private bool _mayManage;
    private bool _mayMake;
    private bool _mayAddAccounts;
    private string? _error;

    /// <summary><c>everybody</c> for those of all people.</summary>
    [SupplyParameterFromQuery]
    public string? Of { get; set; }

    [Inject]
    public required TokenDirectory Directory { get; init; }

    [Inject]
    internal EnvironmentDirectory Environments { get; init; } = null!;

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [Inject]
    public required IFleet Fleet { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private bool Everybody => _mayManage && Of == "everybody";

    protected override async Task OnParametersSetAsync()
    {
        _user = (await Authentication).User;
        var access = await Authorizer.ReadAccessAsync(_user, CancellationToken.None);
        _mayManage = access.Allows(PermissionNames.TokensManage, AccessScope.Everything);
        _mayAddAccounts = access.Allows(PermissionNames.ServiceAccountsManage, AccessScope.Everything);
        _mayMake = _mayAddAccounts || access.AllowsSomewhere(PermissionNames.TokensCreate);
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        _environments = (await Environments.ListAsync(_user, CancellationToken.None)).ToDictionary(entry => entry.Id, entry => entry.Name);
        _tokens = await Directory.ListAsync(_user, Everybody, CancellationToken.None);
    }

    private async Task AddAsync()
    {
        await Dialogs.OpenAsync<TokenDialog>(T("Make a token"), width: "640px");
        await LoadAsync();
    }

    private async Task AddAccountAsync()
    {
        if (await Dialogs.OpenAsync<ServiceAccountDialog>(T("Add a service account")) is string name)
        {
            Dialogs.Done(T("Added {0}. Give it roles on the page of people, then make a token for it.", name));
        }
    }

    private async Task RevokeAsync(TokenEntry token)
    {
        var confirmed = await Dialogs.ConfirmAsync(new Confirmation(
            T("Revoke {0}?", token.Name),
            T("Revoke"),
            T("Whatever uses this token is refused from now on, and what it does at this moment is broken off. It can't be brought back."),
            [T("The token {0}… of {1}", token.Prefix, token.Owner)]));
        if (!confirmed)
        {
            return;
        }

        try
        {
            _error = (await Directory.RevokeAsync(_user, token.Id, CancellationToken.None)).Error;
        }
        catch (AccessDeniedException failure)
        {
            _error = failure.Message;
        }

        if (_error is null)
        {
            Dialogs.Done(T("Revoked {0}", token.Name));
        }

        await LoadAsync();
    }

    private static string PermissionsOf(TokenEntry token) => token.Permissions switch
    {
        null => T("all that its owner may"),
        [var only] => only,
        { } some => Plural(some.Count, "{0} permission", "{0} permissions"),
    };

    private static string ShownOf(TokenEntry token) =>
        token.IsCertificate ? T("client certificate {0}…", token.Prefix[TokenCertificate.Beginning.Length..]) : token.Prefix + "…";

    private string PlacesOf(TokenEntry token)
    {
        var nodes = (token.NodeIds ?? [])
            .Select(id => Fleet.Current.Nodes.TryGetValue(id, out var node) ? node.Name : T("a removed node")).ToList();
        var environments = (token.EnvironmentIds ?? [])
            .Select(id => _environments.GetValueOrDefault(id, T("an environment that you don't see"))).ToList();
        return (nodes.Count, environments.Count) switch
        {
            (0, 0) => T("everywhere"),
            (_, 0) => T("on {0}", string.Join(", ", nodes)),
            (0, _) => T("in {0}", string.Join(", ", environments)),
            _ => T("in {0} and on {1}", string.Join(", ", environments), string.Join(", ", nodes)),
        };
    }
}
