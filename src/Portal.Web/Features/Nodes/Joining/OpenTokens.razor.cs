using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Portal.Web.Components.Dialogs;
using Portal.Web.Nodes.Joining;

namespace Portal.Web.Features.Nodes.Joining;

/// <summary>Join tokens that hosts can still come with, for those who may take them back; nothing for others, and nothing when there is none.</summary>
public sealed partial class OpenTokens
{
    // Hosts use them up, and other portals make some.
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(5);
    private IReadOnlyList<OpenJoinToken> _tokens = [];
    private ElementReference _summary;
    private string? _error;

    [Inject]
    internal OpenJoinTokens Tokens { get; init; } = null!;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    protected override TimeSpan Interval => s_refresh;

    protected override async Task<bool> ReadAsync()
    {
        var before = _tokens;
        _tokens = await Tokens.ListAsync(User, CancellationToken.None);
        return !before.Select(token => (token.Id, token.UsesLeft)).SequenceEqual(_tokens.Select(token => (token.Id, token.UsesLeft)));
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

        _error = await Tokens.RevokeAsync(User, token.Id, CancellationToken.None);
        await RefreshAsync();
        if (_error is null)
        {
            Dialogs.Done(T("Taken back"));
            await FocusAsync();
        }
    }

    // The button that was pressed went with its token: who has no mouse goes on from here, and not from the top of the page.
    private async Task FocusAsync()
    {
        try
        {
            await (_tokens.Count > 0 ? _summary.FocusAsync() : default);
        }
        catch (JSException)
        {
            // The last one went meanwhile.
        }
    }

    private static string NameOf(OpenJoinToken token) => token.Note.Length > 0 ? token.Note : T("without a note");
}
