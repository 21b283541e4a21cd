using Microsoft.AspNetCore.Components;
using Portal.Data.Entities.Deployments;
using Portal.Web.Features.Deployments.Reporting;
using Portal.Web.Features.Stacks.Git;
using Portal.Web.Features.Stacks.Sources;

namespace Portal.Web.Features.Stacks.Pages;

/// <summary>Where a stack's Git host is told what becomes of commits.</summary>
public sealed partial class CommitStatusPanel
{
    private CommitReporterView? _view;
    private CommitReport? _last;
    private CommitHost _host;
    private string _base = "";
    private string _project = "";
    private string _context = "portal";
    private string _token = "";
    private bool _isEditing;
    private Guid _shown;
    private GitAddress? _source;

    [Parameter]
    public bool MayEdit { get; set; }

    [Inject]
    internal CommitReporters Reporters { get; init; } = null!;

    [Inject]
    internal StackSourceDirectory Sources { get; init; } = null!;

    [Inject]
    public required NavigationManager Navigation { get; init; }

    private static string BaseHint =>
        T("GitHub Enterprise Server has it below /api/v3. Inside private networks only what PORTAL_OUTGOING_INSIDE names is called.");

    private string LastCommit => _last!.Commit[..Math.Min(10, _last.Commit.Length)];

    private string TokenHint => _view is null
        ? T("It must be allowed to set the status of commits. Kept encrypted, for this stack and server alone, and never shown again.")
        : T("Leave it empty to keep the one that is there.");

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != StackId)
        {
            _shown = StackId;
            await LoadAsync();
        }
    }

    // What a host of that name usually has; people change what is otherwise.
    private static (CommitHost Host, string Base) GuessOf(string host) => host switch
    {
        "github.com" => (CommitHost.GitHub, "https://api.github.com"),
        "bitbucket.org" => (CommitHost.BitbucketCloud, "https://api.bitbucket.org"),
        _ when host.Contains("gitlab", StringComparison.Ordinal) => (CommitHost.GitLab, $"https://{host}"),
        _ when host.Contains("github", StringComparison.Ordinal) => (CommitHost.GitHub, $"https://{host}/api/v3"),
        _ when host.Contains("bitbucket", StringComparison.Ordinal) => (CommitHost.BitbucketDataCenter, $"https://{host}"),
        _ => (CommitHost.Gitea, $"https://{host}"),
    };

    private static string ProjectOf(string address)
    {
        var path = address.Contains("://", StringComparison.Ordinal)
            ? new Uri(address).AbsolutePath : address[(address.IndexOf(':', StringComparison.Ordinal) + 1)..];
        path = path.Trim('/');
        return path.EndsWith(".git", StringComparison.Ordinal) ? path[..^".git".Length] : path;
    }

    private async Task LoadAsync()
    {
        var user = (await Authentication).User;
        _view = await Reporters.FindAsync(user, StackId, CancellationToken.None);
        _last = _view is null ? null : await Reporters.LastAsync(user, StackId, CancellationToken.None);
        var source = await Sources.FindAsync(user, StackId, CancellationToken.None);
        _source = source is null ? null : GitAddress.Parse(source.Address);
    }

    private void Edit()
    {
        (_isEditing, Error, _token) = (true, null, "");
        if (_view is not null)
        {
            (_host, _base, _project, _context) = (_view.Host, _view.BaseUrl, _view.Project, _view.Context);
        }
        else if (_source is not null)
        {
            (_host, _base) = GuessOf(_source.Host.ToLowerInvariant());
            _project = ProjectOf(_source.Text);
        }
        else
        {
            Suggest();
        }
    }

    private void Suggest() => _base = _host switch
    {
        CommitHost.GitHub => "https://api.github.com",
        CommitHost.GitLab => "https://gitlab.com",
        CommitHost.BitbucketCloud => "https://api.bitbucket.org",
        _ => _source is null ? "" : $"https://{_source.Host}",
    };

    private Task SaveAsync() => RunAsync(async user =>
    {
        var input = new CommitReporterInput
        {
            Host = _host,
            BaseUrl = _base.Trim(),
            Project = _project.Trim().Trim('/'),
            Context = _context.Trim(),
            PortalUrl = Navigation.BaseUri,
            Token = _token.Length == 0 ? null : _token.Trim(),
        };
        await Reporters.SaveAsync(user, StackId, input, CancellationToken.None);
        (_isEditing, _token) = (false, "");
        await LoadAsync();
    });

    private Task RemoveAsync() => RunAsync(async user =>
    {
        await Reporters.RemoveAsync(user, StackId, CancellationToken.None);
        await LoadAsync();
    });
}
