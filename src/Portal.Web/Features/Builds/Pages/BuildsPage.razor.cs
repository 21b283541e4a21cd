using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Web.Components;
using Portal.Web.Features.Builds.Running;
using Portal.Web.Languages;

namespace Portal.Web.Features.Builds.Pages;

/// <summary>The user's builds: those that run, and those that ended some hours ago at most.</summary>
public sealed partial class BuildsPage
{
    private static readonly TimeSpan s_drawInterval = TimeSpan.FromSeconds(1);
    private IReadOnlyList<BuildRun> _runs = [];
    private Action<string>? _onChanged;

    [Inject]
    public required BuildRuns Runs { get; init; }

    protected override string ViewPermission => PermissionNames.ImagesBuild;

    private bool MayBuild => Access.AllowsSomewhere(PermissionNames.ImagesBuild);

    private string Summary => _runs.Count(run => run.EndedAt is null) switch
    {
        0 => "",
        var count => Plural(count, "{0} is running", "{0} are running"),
    };

    public override ValueTask DisposeAsync()
    {
        Runs.Changed -= _onChanged;
        return base.DisposeAsync();
    }

    protected override async Task OnInitializedAsync()
    {
        await base.OnInitializedAsync();
        Runs.Changed += _onChanged = LanguageFlow.Keep<string>(OnRunsChanged);
        _runs = Runs.Find(User);
    }

    protected override void OnAfterRender(bool firstRender)
    {
        base.OnAfterRender(firstRender);
        if (firstRender)
        {
            _ = PageRefresh.RunAsync(s_drawInterval, Time, DrawAsync, Closed);
        }
    }

    private static string StepsOf(BuildRun run)
    {
        var done = run.Steps.Count(step => step.Took is not null && !step.IsStopped && !step.HasFailed);
        return run.StepCount == 0 ? "" : T("{0} of {1}", done, run.StepCount);
    }

    private string NameOf(BuildRun run) => Fleet.Current.Nodes.GetValueOrDefault(run.NodeId)?.Name ?? T("a node that is gone");

    private void OnRunsChanged(string owner)
    {
        if (owner == BuildRuns.KeyOf(User))
        {
            _ = InvokeAsync(() =>
            {
                _runs = Runs.Find(User);
                StateHasChanged();
            });
        }
    }

    // What runs shows its time and how far it is.
    private Task DrawAsync()
    {
        if (_runs.Any(run => run.EndedAt is null))
        {
            StateHasChanged();
        }

        return Task.CompletedTask;
    }
}
