using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Nodes.Waiting;

namespace Portal.Web.Features.Nodes.Waiting;

/// <summary>Hosts that wait to become nodes, for those who may decide; nothing for others, and nothing when none waits.</summary>
public sealed partial class WaitingList
{
    // Another portal may have taken a host in: this list is of the database's.
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(3);
    private readonly CancellationTokenSource _closed = new();
    private Task _refreshing = Task.CompletedTask;
    private IReadOnlyList<WaitingHost> _hosts = [];
    private string? _error;

    [Inject]
    internal WaitingNodes Waiting { get; init; } = null!;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _refreshing;
        _closed.Dispose();
    }

    protected override Task OnInitializedAsync() => ReadAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _refreshing = RefreshAsync(_closed.Token);
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(s_refresh, Time);
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await InvokeAsync(ReadAsync);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The page was left.
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            var before = _hosts;
            _hosts = await Waiting.ListAsync((await Authentication).User, CancellationToken.None);
            if (!before.Select(host => host.Id).SequenceEqual(_hosts.Select(host => host.Id)))
            {
                StateHasChanged();
            }
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            // What was read stays until it is back.
            _error = null;
        }
    }

    private async Task DecideAsync(WaitingHost host, bool accept)
    {
        var user = (await Authentication).User;
        _error = accept
            ? await Waiting.AcceptAsync(user, host.Id, CancellationToken.None)
            : await Waiting.RefuseAsync(user, host.Id, CancellationToken.None);
        await ReadAsync();
        if (_error is null)
        {
            Dialogs.Done(accept ? T("{0} is a node now", host.Hostname) : T("{0} was refused", host.Hostname));
        }
    }
}
