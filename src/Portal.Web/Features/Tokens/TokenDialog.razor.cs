using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Tokens;

/// <summary>Makes a token and shows it once.</summary>
public sealed partial class TokenDialog
{
    private const string Chosen = "chosen";

    private static readonly ILookup<string, string> s_areas = BuiltInRoles.Find(BuiltInRoles.Administrator)!.Permissions
        .Order(StringComparer.Ordinal)
        .ToLookup(permission => permission.Split('.')[0]);

    private readonly HashSet<string> _permissions = [];
    private readonly HashSet<Guid> _nodeIds = [];
    private IReadOnlyList<ServiceAccount> _accounts = [];
    private IReadOnlyList<NodeState> _nodes = [];
    private string _name = "";
    private Guid? _ownerId;
    private int _days = 30;
    private string _choice = "";
    private string? _error;
    private string? _text;

    [Inject]
    public required TokenDirectory Directory { get; init; }

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [Inject]
    public required IFleet Fleet { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string? RoleHint => BuiltInRoles.Find(_choice)?.Description;

    protected override async Task OnInitializedAsync()
    {
        var user = (await Authentication).User;
        var access = await Authorizer.ReadAccessAsync(user, CancellationToken.None);
        _accounts = await Directory.ListServiceAccountsAsync(user, CancellationToken.None);
        _nodes = [.. Fleet.Current.Nodes.Values
            .Where(node => access.Allows(PermissionNames.NodesView, AccessScope.Node(node.Id)))
            .OrderBy(node => node.Name, StringComparer.OrdinalIgnoreCase)];
    }

    private static void Toggle<T>(HashSet<T> set, T item, ChangeEventArgs change)
    {
        _ = change.Value is true ? set.Add(item) : set.Remove(item);
    }

    private async Task CreateAsync()
    {
        var input = new TokenInput
        {
            Name = _name,
            OwnerId = _ownerId,
            Permissions = _choice switch
            {
                "" => null,
                Chosen => [.. _permissions],
                var role => [.. BuiltInRoles.Find(role)?.Permissions ?? []],
            },
            NodeIds = _nodeIds.Count == 0 ? null : [.. _nodeIds],
            Lifetime = _days == 0 ? null : TimeSpan.FromDays(_days),
        };
        try
        {
            (_error, _text) = await Directory.CreateAsync((await Authentication).User, input, CancellationToken.None);
        }
        catch (AccessDeniedException failure)
        {
            _error = failure.Message;
        }
    }
}
