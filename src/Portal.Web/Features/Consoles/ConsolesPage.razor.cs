using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Consoles;

/// <summary>The consoles of all nodes: one's own, shared ones, and everybody's for whoever may see them.</summary>
public sealed partial class ConsolesPage
{
    private const int AtOnce = 16;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);
    private IReadOnlyList<ConsoleRow>? _rows;
    private string? _error;

    [Inject]
    public required NodeConsoles Consoles { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    protected override void OnAfterRender(bool firstRender)
    {
        base.OnAfterRender(firstRender);
        if (firstRender)
        {
            _ = RefreshAsync();
        }
    }

    // The nodes are only asked while somebody looks.
    private async Task RefreshAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(s_interval, Time);
            do
            {
                await InvokeAsync(LoadAsync);
            }
            while (await timer.WaitForNextTickAsync(Closed));
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
        catch (Exception failure)
        {
            await DispatchExceptionAsync(failure);
        }
    }

    private async Task LoadAsync()
    {
        var rows = new ConcurrentBag<ConsoleRow>();
        var silent = new ConcurrentBag<string>();
        var online = Nodes.Where(node => node.Presence == NodePresence.Online).ToList();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Closed };
        await Parallel.ForEachAsync(online, options, async (node, cancellationToken) =>
        {
            try
            {
                foreach (var console in await Consoles.ListAsync(User, node.Id, null, cancellationToken))
                {
                    rows.Add(ToRow(node, console));
                }
            }
            catch (NodeCallException)
            {
                silent.Add(node.Name);
            }
        });
        _rows = [.. rows.OrderBy(row => row.Console.Exited is not null).ThenByDescending(row => row.StartedAt)];
        _error = silent.IsEmpty ? null : T("These nodes did not tell of their consoles: {0}.", string.Join(", ", silent.Order()));
        StateHasChanged();
    }

    private ConsoleRow ToRow(NodeState node, Contracts.Consoles.V1.ConsoleInfo console)
    {
        var place = console.Container.Length == 0 ? T("node shell") : Consoles.ContainerNameOf(node.Id, console.Container);
        var mayEnd = console.Exited is null
            && (console.OwnerId == UserId || Access.Allows(PermissionNames.ConsolesEnd, AccessScope.Node(node.Id)));
        return new ConsoleRow(node, console, place, mayEnd);
    }

    private string? UserId => User.FindFirst(System.Security.Claims.ClaimTypes.NameIdentifier)?.Value;

    private async Task EndAsync(ConsoleRow row)
    {
        var confirmed = await Dialogs.ConfirmAsync(new Confirmation(
            T("End the console {0} of {1}?", row.Name, row.Owner),
            T("End"),
            T("Its program is hung up, and killed when it has not ended five seconds later. Who looks at it is told by whom."),
            [T("What runs in it: {0}", row.Command)]));
        if (!confirmed)
        {
            return;
        }

        try
        {
            await Consoles.EndAsync(User, row.NodeId, row.Console, CancellationToken.None);
            Dialogs.Done(T("Ended {0}", row.Name));
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            Dialogs.Failed(T("{0} was not ended", row.Name), failure.Message);
        }

        await LoadAsync();
    }
}
