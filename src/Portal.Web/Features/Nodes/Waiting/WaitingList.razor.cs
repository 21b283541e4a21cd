using Microsoft.AspNetCore.Components;
using Portal.Web.Components.Dialogs;
using Portal.Web.Nodes.Waiting;

namespace Portal.Web.Features.Nodes.Waiting;

/// <summary>Hosts that wait to become nodes, for those who may decide; nothing for others, and nothing when none waits.</summary>
public sealed partial class WaitingList
{
    // Another portal may have taken a host in: this list is of the database's.
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(3);
    private IReadOnlyList<WaitingHost> _hosts = [];
    private string? _error;

    [Inject]
    internal WaitingNodes Waiting { get; init; } = null!;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    protected override TimeSpan Interval => s_refresh;

    protected override async Task<bool> ReadAsync()
    {
        var before = _hosts;
        _hosts = await Waiting.ListAsync(User, CancellationToken.None);
        return !before.Select(host => host.Id).SequenceEqual(_hosts.Select(host => host.Id));
    }

    private async Task DecideAsync(WaitingHost host, bool accept)
    {
        _error = accept
            ? await Waiting.AcceptAsync(User, host.Id, CancellationToken.None)
            : await Waiting.RefuseAsync(User, host.Id, CancellationToken.None);
        await RefreshAsync();
        if (_error is null)
        {
            Dialogs.Done(accept ? T("{0} is a node now", host.Hostname) : T("{0} was refused", host.Hostname));
        }
    }
}
