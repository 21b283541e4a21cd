using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Shared.Editing;
using Portal.Web.Features.Builds.Running;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Builds.Begin;

/// <summary>What to build, from where, how and on which node. The build then runs in the background.</summary>
public sealed partial class NewBuildPage
{
    private const string PrivateKey = "-----BEGIN OPENSSH PRIVATE KEY-----";
    private const string HostKey = "host ssh-ed25519 AAAA…";
    private const string Branch = "main";
    private const string Dockerfile = "Dockerfile";
    private static readonly (BuildSource Source, string Title, string Icon)[] s_sources =
    [
        (BuildSource.Editor, N("Editor"), "edit_note"), (BuildSource.Remote, N("Git repository"), "commit"),
        (BuildSource.Upload, N("Upload"), "upload_file"),
    ];

    private static readonly string[] s_platforms =
    [
        "linux/amd64", "linux/arm64", "linux/arm/v7", "linux/arm/v6", "linux/386", "linux/ppc64le", "linux/s390x", "linux/riscv64",
    ];

    private BuildForm _form = new();
    private Dictionary<string, string> _errors = [];
    private CodeEditor? _editor;
    private ContextUpload? _upload;
    private string? _error;
    private bool _busy;
    private bool _drawn;
    private bool _quiet;
    private IReadOnlyList<(Guid Id, string Name)> _shown = [];

    /// <summary>A build whose settings it begins with.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    public Guid? From { get; set; }

    [SupplyParameterFromQuery(Name = "node")]
    public Guid? Node { get; set; }

    [Inject]
    public required BuildRuns Runs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override string ViewPermission => PermissionNames.ImagesBuild;

    private IReadOnlyList<NodeState> Targets =>
    [
        .. Nodes
            .Where(node => node.Presence == NodePresence.Online && node.TakesPlacements)
            .Where(node => Access.Allows(PermissionNames.ImagesBuild, AccessScope.Node(node.Id))),
    ];

    protected override async Task OnInitializedAsync()
    {
        await base.OnInitializedAsync();
        if (From is { } id && Runs.Find(User, id) is { } before)
        {
            _form = BuildForm.Of(before.NodeId, before.Options, before.Context is not null);
        }

        ChooseNode();
    }

    protected override void OnFleetChanged() => ChooseNode();

    protected override bool ShouldRender()
    {
        // Counters of nodes change every two seconds; what is typed here does not depend on them.
        var draw = !_drawn || Targets.Count == 0 || !_quiet;
        (_drawn, _quiet) = (true, false);
        return draw;
    }

    private void ChooseNode()
    {
        var targets = Targets;
        var had = _form.NodeId;
        if (targets.All(node => node.Id != _form.NodeId))
        {
            _form.NodeId = (targets.FirstOrDefault(node => node.Id == Node) ?? targets.FirstOrDefault())?.Id ?? Guid.Empty;
        }

        _quiet = had == _form.NodeId && targets.Select(node => (node.Id, node.Name)).SequenceEqual(_shown);
        _shown = [.. targets.Select(node => (node.Id, node.Name))];
    }

    private bool HasLoginError => _errors.Keys.Any(name => name.StartsWith("Git", StringComparison.Ordinal));

    private string? ErrorOf(string field) => _errors.GetValueOrDefault(field);

    private async Task ChooseAsync(BuildSource source)
    {
        // The editor goes with its tab; what was written comes back with it.
        await ReadEditorAsync();
        (_form.Source, _errors) = (source, []);
    }

    private async Task ReadEditorAsync()
    {
        if (_form.Source == BuildSource.Editor && _editor is not null)
        {
            _form.Text = await _editor.ReadAsync();
        }
    }

    private async Task StartAsync()
    {
        _error = null;
        _busy = true;
        try
        {
            await ReadEditorAsync();
            _errors = _form.Check(_upload?.HasFiles == true);
            if (_errors.Count > 0)
            {
                return;
            }

            var isUpload = _form.Source == BuildSource.Upload;
            var run = Runs.Start(User, _form.NodeId, _form.ToOptions(), _form.Title, _form.RegistryHosts, isUpload, _form.ToSecrets());
            if (isUpload && run.EndedAt is null)
            {
                await _upload!.SendAsync(run);
            }

            Navigation.NavigateTo($"builds/{run.Id}");
        }
        finally
        {
            _busy = false;
        }
    }
}
