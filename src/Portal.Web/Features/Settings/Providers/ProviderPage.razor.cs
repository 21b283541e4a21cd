using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Access;
using Portal.Web.Components;
using Portal.Web.Components.Dialogs;
using Portal.Web.Identity.Providers;

namespace Portal.Web.Features.Settings.Providers;

/// <summary>One provider, or a new one.</summary>
public sealed partial class ProviderPage
{
    private const string New = "new";
    private static readonly char[] s_spaces = [' ', ',', ';', '\n', '\r', '\t'];
    private readonly List<MapRow> _maps = [];
    private ClaimsPrincipal _user = new();
    private ProviderInput? _input;
    private IReadOnlyList<Role> _roles = [];
    private IReadOnlyList<TeamName> _teams = [];
    private (bool Good, string Text)? _check;
    private string _title = "";
    private string _scopes = "";
    private string _groupClaim = "";
    private string _domains = "";
    private string _groups = "";
    private string _newRole = "";
    private Guid? _newTeam;
    private bool _allowsNew;
    private bool _missing;
    private bool _checking;
    private bool _busy;
    private string? _error;

    [Inject]
    internal ProviderDirectory Directory { get; init; } = null!;

    [Inject]
    internal ProviderCheck Check { get; init; } = null!;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    /// <summary>The provider's id, or <c>new</c>.</summary>
    [Parameter]
    public string Key { get; set; } = "";

    private bool IsNew => Key == New;

    private ProviderShape Shape => ProviderShape.Of(_input!.Kind);

    private string ReturnAddress => Navigation.ToAbsoluteUri(PortalPath.Relative(ProviderSession.ReturnPath(_input!.Id))).ToString();

    protected override async Task OnInitializedAsync()
    {
        _user = (await Authentication).User;
        (_roles, _teams) = await Directory.ListChoicesAsync(_user, CancellationToken.None);
        if (IsNew)
        {
            // Known before it is saved: the provider wants to be told the return address first.
            var input = new ProviderInput { Id = Guid.CreateVersion7() };
            input.Become(ProviderKind.Oidc);
            Show(input);
            return;
        }

        var found = Guid.TryParse(Key, out var id) ? await Directory.FindAsync(_user, id, CancellationToken.None) : null;
        _missing = found is null;
        if (found is not null)
        {
            Show(found);
        }
    }

    private void Show(ProviderInput input)
    {
        var settings = input.Settings;
        (_input, _title, _scopes, _groupClaim) = (input, input.Name, settings.Scopes, settings.GroupClaim);
        (_domains, _groups) = (string.Join(' ', settings.Domains), string.Join('\n', settings.Groups));
        (_allowsNew, _newRole, _newTeam) = (settings.AllowsNew, settings.NewRole, settings.NewTeam);
        _maps.Clear();
        _maps.AddRange(settings.Teams.Select(pair => new MapRow { Group = pair.Group, TeamId = pair.TeamId }));
    }

    private void OnKind(ChangeEventArgs change)
    {
        if (Enum.TryParse<ProviderKind>(change.Value as string, out var kind))
        {
            _input!.Become(kind);
            (_scopes, _groupClaim, _check) = (_input.Settings.Scopes, _input.Settings.GroupClaim, null);
        }
    }

    private void AddMap() => _maps.Add(new MapRow { TeamId = _teams[0].Id });

    private void Collect()
    {
        _input!.Settings = new ProviderSettings
        {
            Scopes = _scopes.Trim(),
            GroupClaim = _groupClaim.Trim(),
            Domains = [.. _domains.Split(s_spaces, StringSplitOptions.RemoveEmptyEntries).Select(domain => domain.ToLowerInvariant())],
            Groups = [.. _groups.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
            AllowsNew = _allowsNew,
            NewRole = _allowsNew ? _newRole : "",
            NewTeam = _allowsNew ? _newTeam : null,
            Teams = [.. _maps.Select(row => new GroupTeam(row.Group.Trim(), row.TeamId))],
        };
    }

    private async Task CheckAsync()
    {
        Collect();
        _checking = true;
        StateHasChanged();
        _check = await Check.RunAsync(_user, _input!, new Uri(Navigation.BaseUri), CancellationToken.None);
        _checking = false;
    }

    private async Task SaveAsync()
    {
        Collect();
        _busy = true;
        _error = (await Directory.SaveAsync(_user, _input!, CancellationToken.None)).Error;
        _busy = false;
        if (_error is null)
        {
            _input!.Secret = "";
            Dialogs.Done(T("Saved {0}", _input.Name.Trim()));
            Navigation.NavigateTo("settings/sign-in");
        }
    }

    private sealed class MapRow
    {
        public string Group { get; set; } = "";

        public Guid TeamId { get; set; }
    }
}
