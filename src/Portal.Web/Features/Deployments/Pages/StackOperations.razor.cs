using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Deployments.Adoption;
using Portal.Web.Features.Deployments.Previewing;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Deployments.Pages;

/// <summary>What can be done with a stack, and what was done lately: a part of its page.</summary>
public sealed partial class StackOperations
{
    private const int Shown = 5;
    private IReadOnlyList<Deployment> _rows = [];
    private DeploymentPreview? _drift;
    private IReadOnlyDictionary<string, IReadOnlyList<string>>? _differs;
    private IReadOnlyList<Stack> _targets = [];
    private string? _error;
    private bool _busy;

    [Parameter]
    [EditorRequired]
    public Stack Stack { get; set; } = null!;

    /// <summary>A deployment has ended, or one was asked for: the stack may be another.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    [Inject]
    internal DeploymentQueries Queries { get; init; } = null!;

    [Inject]
    internal DeploymentCommands Commands { get; init; } = null!;

    [Inject]
    internal DeploymentPreviews Previews { get; init; } = null!;

    [Inject]
    internal StackAdoption Adoption { get; init; } = null!;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override string ViewPermission => PermissionNames.StacksView;

    [Inject]
    internal StackDirectory Stacks { get; init; } = null!;

    protected override async Task OnInitializedAsync()
    {
        await base.OnInitializedAsync();
        _targets = [.. (await Stacks.ListAsync(User, Closed))
            .Where(stack => stack.Id != Stack.Id
                && Access.AllowsAll([PermissionNames.StacksEdit, PermissionNames.StacksDeploy], stack.Scope()))
            .OrderBy(stack => stack.Name, StringComparer.Ordinal).ThenBy(stack => stack.NodeName, StringComparer.Ordinal)];
    }

    private bool MayDeploy => Access.Allows(PermissionNames.StacksDeploy, Stack.Scope());

    private int Containers => Own.Count();

    private int Running => Own.Count(container => container.State == "running");

    private IEnumerable<Portal.Contracts.Hubs.ContainerView> Own =>
        RunningStacks.NodesOf(Stack, Fleet.Current).SelectMany(node => RunningStacks.Of(node)[Stack.Name]);

    /// <summary>Asks how, and deploys a revision.</summary>
    public async Task DeployAsync(int revision, bool isRollback, bool isUpdate = false)
    {
        var title = isUpdate ? T("Deploy revision {0} with the newest images", revision)
            : isRollback ? T("Roll back to revision {0}", revision) : T("Deploy revision {0}", revision);
        var parameters = new Dictionary<string, object?>
        {
            [nameof(DeployDialog.Stack)] = Stack,
            [nameof(DeployDialog.Revision)] = revision,
            [nameof(DeployDialog.IsRollback)] = isRollback,
            [nameof(DeployDialog.IsUpdate)] = isUpdate,
        };
        if (await Dialogs.OpenAsync<DeployDialog>(title, parameters, "680px") is Guid id)
        {
            Navigation.NavigateTo($"deployments/{id}");
        }
    }

    protected override async Task<bool> ReadAsync()
    {
        var before = _rows;
        _rows = await Queries.ListAsync(User, Stack.Id, null, null, Shown, Closed);
        var hasEnded = before.Any(row => row.FinishedAt is null && _rows.Any(now => now.Id == row.Id && now.FinishedAt is not null));
        if (hasEnded)
        {
            _drift = null;
            await Changed.InvokeAsync();
        }

        return hasEnded || _rows.Any(row => row.FinishedAt is null) || before.Count != _rows.Count;
    }

    private Task OrderAsync(DeploymentOperation operation, bool removeVolumes = false) => TryAsync(async () =>
    {
        var request = new DeploymentRequest(Stack.Id, operation, null, "") { RemoveVolumes = removeVolumes };
        await Commands.OrderAsync(User, request, CancellationToken.None);
        await ReadAsync();
        await Changed.InvokeAsync();
    });

    private Task DriftAsync() => TryAsync(async () => _drift = await Previews.DriftAsync(User, Stack, Closed));

    private Task AdoptAsync() => TryAsync(async () =>
    {
        _differs = await Adoption.AdoptAsync(User, Stack.Id, CancellationToken.None);
        if (_differs.Count == 0)
        {
            Dialogs.Done(T("Taken over: nothing was made anew."));
        }

        await Changed.InvokeAsync();
    });

    private async Task ScaleAsync()
    {
        var parameters = new Dictionary<string, object?> { [nameof(ScaleDialog.Stack)] = Stack };
        if (await Dialogs.OpenAsync<ScaleDialog>(T("How many containers"), parameters) is Guid id)
        {
            Navigation.NavigateTo($"deployments/{id}");
        }
    }

    private async Task PromoteAsync()
    {
        var parameters = new Dictionary<string, object?>
        {
            [nameof(PromoteDialog.Source)] = Stack,
            [nameof(PromoteDialog.Targets)] = _targets,
        };
        if (await Dialogs.OpenAsync<PromoteDialog>(T("Promote the images of '{0}'", Stack.Name), parameters, "820px") is Guid id)
        {
            Navigation.NavigateTo($"deployments/{id}");
        }
    }

    private async Task RemoveAsync()
    {
        if (await Dialogs.OpenAsync<RemoveStackDialog>(
            T("Remove what runs of '{0}'", Stack.Name), new Dictionary<string, object?> { [nameof(RemoveStackDialog.Name)] = Stack.Name })
            is bool withVolumes)
        {
            await OrderAsync(DeploymentOperation.Remove, withVolumes);
        }
    }

    private async Task TryAsync(Func<Task> work)
    {
        (_busy, _error) = (true, null);
        try
        {
            await work();
        }
        catch (Exception failure) when (failure is StackException or AccessDeniedException)
        {
            _error = failure.Message;
        }
        finally
        {
            _busy = false;
        }
    }
}
