using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Images.Transfers;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Images.Dialogs;

/// <summary>What to pull, for which platform, to which nodes. The pulls then run in the background.</summary>
public sealed partial class PullDialog
{
    private static readonly string[] s_platforms =
    [
        "linux/amd64", "linux/arm64", "linux/arm/v7", "linux/arm/v6", "linux/386", "linux/ppc64le", "linux/s390x", "linux/riscv64",
    ];

    private readonly HashSet<Guid> _chosen = [];
    private string _reference = "";
    private string _platform = "";
    private string? _error;

    /// <summary>Where the user may pull to.</summary>
    [Parameter]
    [EditorRequired]
    public IReadOnlyList<NodeState> Nodes { get; set; } = [];

    /// <summary>The node that is chosen at first; null for the first of them.</summary>
    [Parameter]
    public Guid? NodeId { get; set; }

    /// <summary>For whether registries may be looked into.</summary>
    [Parameter]
    public EffectiveAccess Access { get; set; } = EffectiveAccess.None;

    [Inject]
    public required ImageTransfers Transfers { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override void OnInitialized()
    {
        if ((Nodes.FirstOrDefault(node => node.Id == NodeId) ?? Nodes.FirstOrDefault()) is { } node)
        {
            _chosen.Add(node.Id);
        }
    }

    // Looked for from a node that it goes to: what that one reaches counts.
    private Guid? SearchNode => Nodes
        .Where(node => Access.Allows(PermissionNames.RegistriesView, AccessScope.Node(node.Id)))
        .OrderByDescending(node => _chosen.Contains(node.Id))
        .FirstOrDefault()?.Id;

    private void Choose(string reference) => (_reference, _error) = (reference, null);

    private async Task Start()
    {
        var reference = _reference.Trim();
        _error = reference.Length == 0 ? T("Name the image to pull, such as busybox or registry.example.com/team/app:1.2.")
            : _chosen.Count == 0 ? T("Choose a node to pull it to.")
            : null;
        if (_error is not null)
        {
            return;
        }

        var user = (await Authentication).User;
        foreach (var node in Nodes.Where(node => _chosen.Contains(node.Id)))
        {
            Transfers.Pull(user, node.Id, reference, _platform);
        }

        Dialogs.Close(true);
    }
}
