using System.Net;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Access.Tokens;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Environments;
using Portal.Web.Nodes;
using Portal.Web.Nodes.Tls;

namespace Portal.Web.Features.Tokens;

/// <summary>Makes a token and shows it once.</summary>
public sealed partial class TokenDialog
{
    private const string Chosen = "chosen";
    private const string AsCertificate = "certificate";
    private const string HeaderName = "Authorization: Bearer ";

    private static readonly ILookup<string, string> s_areas = BuiltInRoles.Find(BuiltInRoles.Administrator)!.Permissions
        .Order(StringComparer.Ordinal)
        .ToLookup(permission => permission.Split('.')[0]);

    private readonly HashSet<string> _permissions = [];
    private readonly HashSet<Guid> _nodeIds = [];
    private readonly HashSet<Guid> _environmentIds = [];
    private IReadOnlyList<EnvironmentEntry> _environments = [];
    private IReadOnlyList<ServiceAccount> _accounts = [];
    private IReadOnlyList<NodeState> _nodes = [];
    private string _name = "";
    private Guid? _ownerId;
    private int _days = 30;
    private string _choice = "";
    private string? _error;
    private string? _text;
    private TokenCertificate? _certificate;
    private bool _asCertificate;

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

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required PortalTlsOptions Tls { get; init; }

    [Inject]
    public required PortalCertificate Certificate { get; init; }

    // One that the token reaches.
    private string DockerNode => (_nodes.FirstOrDefault(node => _nodeIds.Contains(node.Id))
        ?? _nodes.FirstOrDefault(node => node.Environment is { } environment && _environmentIds.Contains(environment.Id))
        ?? _nodes[0]).Name;

    private string CertificateCommands => DockerCommands.ByCertificate(
        new Uri(Navigation.BaseUri).Host,
        IPEndPoint.TryParse(Tls.DockerAddress!, out var endPoint) ? endPoint.Port : 0,
        DockerNode,
        IsOwnAuthority);

    // One that the portal made is its own authority; of others the system knows whom to trust.
    private bool IsOwnAuthority => Certificate.Value is { } own && own.Subject == own.Issuer;

    private string HeaderCommands => DockerCommands.ByHeader(Here, DockerNode, _text!, NeedsOwnAuthority);

    // Docker must be told what to trust where nobody vouches for the certificate that it meets. The browser may have come by a proxy, which
    // has another one than the portal's own address.
    private bool NeedsOwnAuthority => Here.Scheme == Uri.UriSchemeHttps && IsOwnAuthority
        && (Tls.Address is null || (IPEndPoint.TryParse(Tls.Address, out var own) && own.Port == Here.Port));

    private Uri Here => new(Navigation.BaseUri);

    private string Header => HeaderName + _text;

    private string? RoleHint => BuiltInRoles.Find(_choice)?.Summary;

    private string PlacesHint => (_nodeIds.Count, _environmentIds.Count) switch
    {
        (0, 0) => T("Nothing is chosen: wherever its owner may."),
        (0, _) => T("None besides those of the environments. What belongs to no place, as people and the audit log, is left out."),
        (_, 0) => T("What belongs to no node, as people and the audit log, is left out."),
        _ => T("These, and those of the environments. What belongs to no place, as people and the audit log, is left out."),
    };

    protected override async Task OnInitializedAsync()
    {
        var user = (await Authentication).User;
        _environments = await Environments.ListAsync(user, CancellationToken.None);
        var access = await Authorizer.ReadAccessAsync(user, CancellationToken.None);
        _accounts = await Directory.ListServiceAccountsAsync(user, CancellationToken.None);
        _nodes = [.. Fleet.Current.Nodes.Values
            .Where(node => access.Allows(PermissionNames.NodesView, AccessScope.Node(node.Id)))
            .OrderBy(node => node.Name, StringComparer.OrdinalIgnoreCase)];
    }

    private IEnumerable<(string Name, string Text)> Files(TokenCertificate made)
    {
        (string, string)[] own = [("cert.pem", made.Certificate), ("key.pem", made.Key)];
        return IsOwnAuthority ? own.Prepend((DockerCommands.OwnAuthority, OwnCertificate)) : own;
    }

    private string OwnCertificate => Certificate.Value!.ExportCertificatePem() + "\n";

    private static string AddressOf(string text) =>
        $"data:application/x-pem-file;base64,{Convert.ToBase64String(Encoding.ASCII.GetBytes(text))}";

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
            EnvironmentIds = _environmentIds.Count == 0 ? null : [.. _environmentIds],
            AsCertificate = _asCertificate,
            Lifetime = _days == 0 ? null : TimeSpan.FromDays(_days),
        };
        try
        {
            (_error, _text, _certificate) = await Directory.CreateAsync((await Authentication).User, input, CancellationToken.None);
        }
        catch (AccessDeniedException failure)
        {
            _error = failure.Message;
        }
    }
}
