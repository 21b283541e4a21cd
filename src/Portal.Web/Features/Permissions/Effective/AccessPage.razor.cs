using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Features.Environments;
using Portal.Web.Features.Permissions.Grants;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Permissions.Effective;

/// <summary>What somebody may do where, and because of which grant. One's own is for everybody, others' for who manages people.</summary>
public sealed partial class AccessPage
{
    private IReadOnlyList<GrantEntry> _grants = [];
    private IReadOnlyList<Place> _places = [];
    private string? _name;
    private string? _suspended;
    private string _search = "";
    private string _place = "";
    private bool _lacking;
    private bool _loaded;

    [Inject]
    internal GrantDirectory Directory { get; init; } = null!;

    [Inject]
    internal EnvironmentDirectory Environments { get; init; } = null!;

    [Inject]
    public required IDbContextFactory<PortalDbContext> Contexts { get; init; }

    [Inject]
    public required IFleet Fleet { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [Parameter]
    public Guid? PersonId { get; set; }

    private bool IsOwn { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        var user = (await Authentication).User;
        var personId = PersonId ?? user.UserId();
        IsOwn = personId == user.UserId();
        try
        {
            _grants = await Directory.ListAsync(user, new GrantSubject(personId, null), CancellationToken.None);
        }
        catch (AccessDeniedException)
        {
            _loaded = true;
            return;
        }

        await using var database = await Contexts.CreateDbContextAsync();
        var person = await database.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Id == personId);
        _name = person?.UserName;
        _suspended = person switch
        {
            { DisabledAt: not null } => "The account is disabled: until it is enabled again nothing of this is allowed.",
            { MustChangePassword: true } => "A new password is due: until it is chosen nothing of this is allowed.",
            _ => null,
        };
        var environments = await Environments.ListAsync(user, CancellationToken.None);
        _places =
        [
            new Place("portal", "the portal as a whole", AccessScope.Everything, null),
            .. environments.Select(row => new Place($"e{row.Id}", row.Name, AccessScope.Environment(row.Id), null)),
            .. (await Environments.VisibleNodesAsync(user, CancellationToken.None))
                .Select(node => new Place($"n{node.Id}", $"node {node.Name}", AccessScope.Node(node.Id), node.Environment?.Id)),
        ];
        _loaded = true;
    }

    private bool Fits(Permission permission) =>
        (_lacking || ReasonsFor(permission).Any())
        && (_search.Trim().Length == 0
            || $"{permission.Title} {permission.Name} {permission.Description}"
                .Contains(_search.Trim(), StringComparison.OrdinalIgnoreCase));

    // What is done on the portal as a whole takes a grant on everything.
    private IEnumerable<GrantEntry> ReasonsFor(Permission permission) => _grants.Where(grant =>
        grant.Role?.Permissions.Contains(permission.Name) == true
        && (permission.OnNodes || grant.Scope.IsEverything)
        && (_places.FirstOrDefault(place => place.Key == _place) is not { } place || Covers(grant.Scope, place)));

    private static bool Covers(AccessScope granted, Place place) => granted.IsEverything
        || granted == place.Scope
        || (granted.EnvironmentId is { } environment && environment == place.EnvironmentId);

    private sealed record Place(string Key, string Name, AccessScope Scope, Guid? EnvironmentId);
}
