using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Environments;
using Portal.Web.Nodes;
using Portal.Web.Nodes.Joining;
using Portal.Web.Nodes.Tls;

namespace Portal.Web.Features.Nodes;

public sealed partial class AddNodeDialog
{
    private string _note = "";
    private int _uses = 1;
    private int _hours = 1;
    private IReadOnlyList<EnvironmentEntry> _environments = [];
    private Guid _environment = Guid.Empty;
    private string _labels = "";
    private bool _anywhere;
    private string? _error;
    private bool _confirm;
    private bool _tls;
    private bool _byAuthorities;
    private CreatedJoinToken? _token;

    [Inject]
    public required IJoinTokens Tokens { get; init; }

    [Inject]
    internal EnvironmentDirectory Environments { get; init; } = null!;

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required PortalTlsOptions Tls { get; init; }

    [Inject]
    public required PortalCertificate Certificate { get; init; }

    [Inject]
    internal AgentFiles Files { get; init; } = null!;

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private JoinOffer Offer => JoinOffer.At(new Uri(Navigation.BaseUri), Tls, Certificate);

    private bool ByAuthorities => Offer.Public is not null && (_byAuthorities || Offer.Pinned is null);

    private string Command => (Files.AreThere, ByAuthorities) switch
    {
        (true, true) => JoinCommand.InstallByAuthorities(Offer.Public!, _token!.Text),
        (true, false) => JoinCommand.Install(Offer.Pinned!, _token!.Text, Certificate.Value),
        (false, true) => JoinCommand.FromSources(Offer.Public!, _token!.Text, byAuthorities: true),
        (false, false) => JoinCommand.FromSources(Offer.Pinned!, _token!.Text),
    };

    protected override void OnInitialized() => _tls = Tls.Address is not null || Navigation.BaseUri.StartsWith("https:", StringComparison.Ordinal);

    protected override async Task OnInitializedAsync()
    {
        var user = (await Authentication).User;
        var access = await Authorizer.ReadAccessAsync(user, CancellationToken.None);
        _anywhere = access.Allows(PermissionNames.NodesManage, AccessScope.Everything);
        _environments = [.. (await Environments.ListAsync(user, CancellationToken.None))
            .Where(entry => access.Allows(PermissionNames.NodesManage, AccessScope.Environment(entry.Id)))];
        _environment = _anywhere || _environments.Count == 0 ? Guid.Empty : _environments[0].Id;
    }

    private async Task CreateAsync()
    {
        var user = (await Authentication).User;
        var environment = _environment == Guid.Empty ? (Guid?)null : _environment;
        var scope = AccessScope.From(environment, null);
        var actor = await Authorizer.EnsureAsync(user, PermissionNames.NodesManage, scope, CancellationToken.None);
        _error = NodeLabels.TryRead(_labels, out var labels);
        if (_error is not null)
        {
            return;
        }

        try
        {
            var settings = new NewJoinToken
            {
                Note = _note.Trim(),
                Uses = _uses,
                Lifetime = TimeSpan.FromHours(_hours),
                EnvironmentId = environment,
                Confirm = _confirm,
                Labels = labels,
            };
            _token = await Tokens.CreateAsync(settings, actor, CancellationToken.None);
        }
        catch (ArgumentException problem)
        {
            _error = problem.Message;
        }
    }
}
