using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Nodes.Joining;

namespace Portal.Web.Features.Nodes.Joining;

/// <summary>Join tokens that hosts can still come with, for those who may take them back; nothing for others, and nothing when there is none.</summary>
public sealed partial class OpenTokens
{
    // Hosts use them up, and other portals make some.
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _closed = new();
    private Task _refreshing = Task.CompletedTask;
    private IReadOnlyList<OpenJoinToken> _tokens = [];
    private string? _error;

    [Inject]
    internal OpenJoinTokens Tokens { get; init; } = null!;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    /// <summary>Reads them now: one was made here.</summary>
    public async Task ReadAsync()
    {
        try
        {
            var before = _tokens;
            _tokens = await Tokens.ListAsync((await Authentication).User, CancellationToken.None);
            if (!before.Select(token => (token.Id, token.UsesLeft)).SequenceEqual(_tokens.Select(token => (token.Id, token.UsesLeft))))
            {
                StateHasChanged();
            }
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            // What was read stays until it is back.
        }
    }

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

    private async Task RevokeAsync(OpenJoinToken token)
    {
        var confirmed = await Dialogs.ConfirmAsync(new Confirmation(
            T("Take back the join token {0}?", NameOf(token)),
            T("Take back"),
            T("No host comes with it any more. Nodes that came with it stay, and so do hosts that wait to be accepted."),
            []));
        if (!confirmed)
        {
            return;
        }

        _error = await Tokens.RevokeAsync((await Authentication).User, token.Id, CancellationToken.None);
        await ReadAsync();
        if (_error is null)
        {
            Dialogs.Done(T("Taken back"));
        }
    }

    private static string NameOf(OpenJoinToken token) => token.Note.Length > 0 ? token.Note : T("without a note");
}
